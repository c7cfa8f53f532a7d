//! Rows since a unit's last output other than 0.

use crate::native::block::Block;

/// Accumulate the outputs of a batch.
pub(super) fn count(out: &Block, positions: usize, silent: &mut [f32]) {
    for i in 0..out.rows() {
        let planes = out.row(i).chunks_exact(positions);
        for (silent, plane) in silent.iter_mut().zip(planes) {
            let quiet = plane.iter().all(|h| *h == 0.0);
            *silent = if quiet { *silent + 1.0 } else { 0.0 };
        }
    }
}

//! Rows since a unit's last output other than 0, and histograms of such silences.

use crate::native::block::Block;
use dentate_core::Silences;

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

/// Accumulate the outputs of a batch, entering silences where they end. Sums stop at 2²⁴, where a float swallows a 1.
pub(super) fn enter(out: &Block, positions: usize, units: &mut [f32]) {
    for i in 0..out.rows() {
        let planes = out.row(i).chunks_exact(positions);
        for (own, plane) in units.chunks_exact_mut(Silences::NUMBERS).zip(planes) {
            let Some((silent, counts)) = own.split_first_mut() else {
                continue;
            };
            // Without a branch, which could not be foretold: where nothing ends, 0 is entered.
            let quiet = plane.iter().all(|h| *h == 0.0);
            counts[Silences::bucket(*silent as u32)] += if quiet { 0.0 } else { 1.0 };
            *silent = if quiet { *silent + 1.0 } else { 0.0 };
        }
    }
}

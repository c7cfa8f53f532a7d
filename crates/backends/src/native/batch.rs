//! The rows of a batch, gathered into a block, and for denoising corrupted.

use super::block::Block;
use super::rows::{self, Shown, shown};
use dentate_core::{BackendError, Rows};

/// Read rows into `out`.
pub(super) fn gather(data: &Shown, rows: &Rows, width: usize, out: &mut Block) -> Result<(), BackendError> {
    out.reshape(rows.len(), width);
    let mut at = 0;
    for segment in &rows.segments {
        let set = shown(data, segment.data)?;
        for &row in &segment.indices {
            set.read(row, out.row_mut(at))?;
            at += 1;
        }
    }
    Ok(())
}

/// Set entries to 0, as [`rows::corrupt`] draws them.
pub(super) fn corrupt(rows: &Rows, share: f32, seed: u64, out: &mut Block) {
    rows::corrupt(rows, share, seed, out.cols(), |at, j| out.row_mut(at)[j] = 0.0);
}

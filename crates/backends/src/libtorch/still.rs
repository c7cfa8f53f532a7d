//! Writes into the parameters other than updates.

use super::LibTorch;
use super::update::Rate;
use tch::Tensor;

impl LibTorch {
    /// Restore entries with a learning-rate scale of 0, and running statistics, before these blocks are written.
    pub(super) fn hold_still(&mut self, blocks: &mut [Tensor]) {
        for (place, (before, after)) in self.weights.iter().zip(blocks).enumerate() {
            match self.rates.of(&self.network, place, self.device) {
                Rate::Same(0.0) => *after = before.shallow_clone(),
                Rate::Same(_) => {}
                Rate::Each { learns, .. } => *after = after.where_self(learns, before),
            }
        }
    }
}

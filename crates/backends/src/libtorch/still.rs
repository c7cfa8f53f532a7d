//! Writes into the parameters that are no updates.

use super::LibTorch;
use super::update::Rate;
use tch::Tensor;

impl LibTorch {
    /// Put entries with a rate of 0, running statistics among them, back to what they are before a write of these blocks.
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

//! `A Bᵀ C`, block by block.

use super::LibTorch;
use super::slots;
use super::tensors::settled;
use dentate_core::{BackendError, Slot};
use tch::Tensor;

impl LibTorch {
    pub(super) fn multiply_into(&mut self, into: Slot, factors: [Slot; 3]) -> Result<(), BackendError> {
        let [a, b, c] = factors.map(|slot| slots::read(&self.weights, &self.slots, slot));
        let (a, b, c) = (a?, b?, c?);
        // By the smaller of the two square products.
        let product = |((a, b), c): ((&Tensor, &Tensor), &Tensor)| {
            let size = a.size();
            settled(&if size[0] <= size[1] {
                a.mm(&b.tr()).mm(c)
            } else {
                a.mm(&b.tr().mm(c))
            })
        };
        let blocks: Vec<Tensor> = a.iter().zip(b).zip(c).map(product).collect();
        let reached = |place| factors.iter().all(|slot| self.slots.reached(*slot, place));
        let reached = (0..blocks.len()).map(reached).collect();
        self.write(into, blocks, reached);
        Ok(())
    }
}

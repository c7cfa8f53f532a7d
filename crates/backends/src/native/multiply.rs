//! `A Bᵀ C`, block by block. A block that is stored as its transpose is computed as `C'ᵀ B' A'ᵀ` of the stored blocks: the same
//! form with the ends exchanged.

use super::Native;
use super::block::Block;
use super::dense::{Matrix, multiply};
use super::map::keep_frozen;
use super::settle::settled;
use super::slots;
use dentate_core::{BackendError, Slot};

impl Native {
    pub(super) fn multiply_into(&mut self, into: Slot, factors: [Slot; 3]) -> Result<(), BackendError> {
        for slot in factors {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        self.prepare_spare();
        let mut out = std::mem::take(&mut self.spare);
        let mut square = Block::default();
        for (place, out) in out.iter_mut().enumerate() {
            let at = &self.network.places[place];
            let read = |slot| Ok::<_, BackendError>(&slots::read(&self.weights, &self.slots, slot)?[place]);
            let (mut a, b, mut c) = (read(factors[0])?, read(factors[1])?, read(factors[2])?);
            if at.turned() {
                std::mem::swap(&mut a, &mut c);
            }
            product((a, b, c), &mut square, out);
            if into == Slot::WEIGHT {
                keep_frozen(&self.network, place, &self.weights[place], out, &mut self.rates);
            }
        }
        if into == Slot::WEIGHT {
            self.spare = std::mem::replace(&mut self.weights, out);
            return Ok(());
        }
        let reached = |place| factors.iter().all(|slot| self.slots.reached(*slot, place));
        self.done.clear();
        self.done.extend((0..self.network.places.len()).map(reached));
        self.spare = self.slots.put(into, out, &self.done);
        Ok(())
    }
}

/// `out ← A Bᵀ C`, by the smaller of the two square products.
fn product((a, b, c): (&Block, &Block, &Block), square: &mut Block, out: &mut Block) {
    if a.rows() <= a.cols() {
        square.reshape(a.rows(), a.rows());
        multiply(square, false, 1.0, Matrix::of(a), Matrix::of(b).turned());
        multiply(out, false, 1.0, Matrix::of(square), Matrix::of(c));
    } else {
        square.reshape(a.cols(), a.cols());
        multiply(square, false, 1.0, Matrix::of(b).turned(), Matrix::of(c));
        multiply(out, false, 1.0, Matrix::of(a), Matrix::of(square));
    }
    for i in 0..out.rows() {
        out.row_mut(i).iter_mut().for_each(|x| *x = settled(*x));
    }
}

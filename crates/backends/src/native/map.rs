//! Expressions over slots ([`Backend::map_all`](dentate_core::Backend::map_all)). At each parameter block they become
//! [`Values`](values::Values), of which those that occur several times are one, with reductions computed beforehand; then a
//! [`Schedule`](schedule::Schedule) of instructions, which runs on some rows at a time in the nearest cache.
//!
//! Slots are written in place: of each piece of a block everything is read before anything is written, and what is reduced within a block,
//! or over all, is computed before any of it is written.

mod chunk;
mod does;
mod evaluation;
mod fold;
mod held;
mod reducing;
mod running;
mod schedule;
mod values;

pub(super) use evaluation::Workspace;

use super::Native;
use super::block::Block;
use super::network::Network;
use super::slots;
use dentate_core::{BackendError, Expr, Reduction, Slot};
use evaluation::Evaluation;
use held::Held;

impl Native {
    pub(super) fn write_all(&mut self, writes: &[(Slot, &Expr)]) -> Result<(), BackendError> {
        for (n, (into, expr)) in writes.iter().enumerate() {
            self.check_expression(expr)?;
            if writes[..n].iter().any(|(earlier, _)| earlier == into) {
                return Err(BackendError::WrittenTwice(*into));
            }
        }
        let places = self.network.places.len();
        let reached = |expr: &Expr| -> Vec<bool> {
            let at = |place| expr.reaches(|slot| self.slots.reached(slot, place));
            (0..places).map(at).collect()
        };
        let reached: Vec<Vec<bool>> = writes.iter().map(|(_, expr)| reached(expr)).collect();
        let mut taken = Vec::with_capacity(writes.len());
        for (into, _) in writes {
            let blocks = if *into == Slot::WEIGHT {
                std::mem::take(&mut self.weights)
            } else {
                self.slots.take(*into, &self.network)
            };
            taken.push((*into, blocks));
        }
        let held = Held {
            weights: &self.weights,
            slots: &self.slots,
            taken,
        };
        let exprs = writes.iter().map(|(_, expr)| *expr);
        let mut evaluation = Evaluation::new(&self.network, held, exprs, &mut self.workspace);
        let parameters_only = writes.iter().all(|(into, _)| *into == Slot::WEIGHT);
        for place in 0..places {
            if !(parameters_only && self.network.rate(place) == Some(0.0)) {
                evaluation.write(place);
            }
        }
        for ((into, blocks), reached) in evaluation.held.taken.into_iter().zip(reached) {
            if into == Slot::WEIGHT {
                // Frozen parameters have not changed, so their cached outputs stay valid.
                self.weights = blocks;
            } else {
                self.slots.put(into, blocks, &reached);
            }
        }
        Ok(())
    }

    /// Refuse an expression that is too large, or reads a slot that was never written.
    fn check_expression(&self, expr: &Expr) -> Result<(), BackendError> {
        expr.check()?;
        for slot in expr.slots() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        Ok(())
    }

    pub(super) fn reduced(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError> {
        self.check_expression(of)?;
        let held = Held {
            weights: &self.weights,
            slots: &self.slots,
            taken: Vec::new(),
        };
        let exprs = std::iter::once(of);
        let mut evaluation = Evaluation::new(&self.network, held, exprs, &mut self.workspace);
        Ok(evaluation.of_all(by))
    }
}

/// Restore entries that do not learn.
pub(super) fn keep_frozen(
    network: &Network,
    place: usize,
    before: &Block,
    after: &mut Block,
    rates: &mut Vec<f32>,
) {
    match network.rate(place) {
        Some(0.0) => return after.copy_from(before),
        Some(_) => return,
        None => {}
    }
    for i in 0..after.rows() {
        let (before, after) = (before.row(i), after.row_mut(i));
        match network.rates(place, i, rates) {
            Some(0.0) => after.copy_from_slice(before),
            Some(_) => {}
            None => {
                for ((after, before), rate) in after.iter_mut().zip(before).zip(&*rates) {
                    *after = if *rate == 0.0 { *before } else { *after };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! The replacements of the parameters in a pass: another slot's values, a mask on either, and gates on layers' outputs. Nothing
//! is computed here for a route without them.

use super::Native;
use super::block::Block;
use super::slots::{self, Slots};
use crate::veil;
use dentate_core::{BackendError, Route};

impl Native {
    /// Check a route's slots and gates, and compute the masked parameters if it has a mask.
    pub(super) fn prepare_route(&mut self, route: &Route) -> Result<(), BackendError> {
        if route.is_open() {
            return Ok(());
        }
        veil::check(&self.network, route)?;
        let blocks = match route.weights {
            Some(slot) => slots::read(&self.weights, &self.slots, slot)?,
            None => &self.weights,
        };
        let Some(mask) = route.mask else {
            return Ok(());
        };
        let mask = slots::read(&self.weights, &self.slots, mask)?;
        self.masked.resize_with(blocks.len(), Block::default);
        let places = self.network.places.iter().zip(blocks).zip(mask);
        for (masked, ((place, block), mask)) in self.masked.iter_mut().zip(places) {
            masked.copy_from(block);
            if place.parameter.learned() {
                multiply(masked, mask, |m| m);
            }
        }
        Ok(())
    }
}

/// The blocks that a pass runs through, if these are not the parameters.
pub(super) fn through<'a>(slots: &'a Slots, masked: &'a [Block], route: &Route) -> Option<&'a [Block]> {
    match route.mask {
        Some(_) => Some(masked),
        None => route.weights.and_then(|slot| slots.get(slot)),
    }
}

/// The blocks of a route's mask.
pub(super) fn mask<'a>(slots: &'a Slots, route: &Route) -> Option<&'a [Block]> {
    route.mask.and_then(|slot| slots.get(slot))
}

/// Multiply a block by a function of another one, entry by entry.
fn multiply(block: &mut Block, by: &Block, f: impl Fn(f32) -> f32) {
    for i in 0..block.rows() {
        multiply_row(block.row_mut(i), by.row(i), &f);
    }
}

/// The same for a row.
pub(super) fn multiply_row(row: &mut [f32], by: &[f32], f: impl Fn(f32) -> f32) {
    row.iter_mut().zip(by).for_each(|(x, by)| *x *= f(*by));
}

/// Multiply each unit's outputs at all of its positions.
pub(super) fn gate(out: &mut Block, factors: &[f32], positions: usize) {
    for i in 0..out.rows() {
        let planes = out.row_mut(i).chunks_exact_mut(positions).zip(factors);
        planes.for_each(|(plane, factor)| plane.iter_mut().for_each(|h| *h *= factor));
    }
}

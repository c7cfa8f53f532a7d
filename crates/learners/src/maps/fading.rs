//! Sums that all decay by one factor per signal. The factor is stored once and not multiplied into every sum, so that decay
//! costs nothing; added values are divided by it instead.

use dentate_core::UnitId;
use serde::{Deserialize, Serialize};

/// Below this the factor is multiplied into the sums, about once in ten thousand signals, so that it never underflows.
const LEAST: f64 = 1e-100;

/// A decaying sum for each unit, never negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Fading {
    stored: Vec<f64>,
    scale: f64,
}

impl Default for Fading {
    fn default() -> Self {
        Self {
            stored: Vec::new(),
            scale: 1.0,
        }
    }
}

impl Fading {
    pub(crate) fn get(&self, slot: usize) -> f64 {
        self.stored[slot] * self.scale
    }

    pub(crate) fn push(&mut self, value: f64) {
        self.stored.push(value / self.scale);
    }

    pub(crate) fn add(&mut self, slot: usize, value: f64) {
        self.stored[slot] += value / self.scale;
    }

    pub(crate) fn multiply(&mut self, slot: usize, factor: f64) {
        self.stored[slot] *= factor;
    }

    pub(crate) fn swap_remove(&mut self, slot: usize) {
        self.stored.swap_remove(slot);
    }

    /// Multiplies all sums by `factor`.
    pub(crate) fn fade(&mut self, factor: f64) {
        self.scale *= factor;
        if self.scale < LEAST {
            for value in &mut self.stored {
                *value *= self.scale;
            }
            self.scale = 1.0;
        }
    }

    /// Appends a unit whose sum is bit-identical to that of another.
    pub(crate) fn push_like(&mut self, slot: usize) {
        self.stored.push(self.stored[slot]);
    }

    /// The slot with the largest sum among these; of ties, that of the oldest unit.
    pub(crate) fn largest(&self, slots: impl Iterator<Item = usize>, ids: &[UnitId]) -> Option<usize> {
        slots.reduce(|best, slot| {
            let (a, b) = (self.stored[slot], self.stored[best]);
            let better = a > b || (a == b && ids[slot] < ids[best]);
            if better { slot } else { best }
        })
    }

    /// The slot with the smallest sum among these; of ties, that of the oldest unit.
    pub(crate) fn smallest(&self, slots: impl Iterator<Item = usize>, ids: &[UnitId]) -> Option<usize> {
        slots.reduce(|best, slot| {
            let (a, b) = (self.stored[slot], self.stored[best]);
            let better = a < b || (a == b && ids[slot] < ids[best]);
            if better { slot } else { best }
        })
    }
}

#[cfg(test)]
mod tests;

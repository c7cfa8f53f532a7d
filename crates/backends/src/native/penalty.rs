//! Quadratic penalties: their values, and what they add to gradients.

use super::Native;
use super::block::Block;
use super::slots::Slots;
use dentate_core::{Objective, Penalty, Slot};

impl Native {
    /// The value of an objective's penalties, whose slots exist.
    pub(super) fn penalties(&self, objective: &Objective) -> f64 {
        let mut value = 0.0;
        for penalty in &objective.penalties {
            let mut sum = 0.0;
            for (place, w) in self.weights.iter().enumerate() {
                if !self.network.places[place].parameter.learned() {
                    continue;
                }
                for i in 0..w.rows() {
                    let read = |slot| row(&self.weights, &self.slots, slot, (place, i));
                    let (importance, anchor) = (read(penalty.importance), read(penalty.anchor));
                    for (j, w) in w.row(i).iter().enumerate() {
                        let off = f64::from(w - anchor.map_or(0.0, |anchor| anchor[j]));
                        sum += importance.map_or(1.0, |importance| f64::from(importance[j])) * off * off;
                    }
                }
            }
            value += 0.5 * f64::from(penalty.strength) * sum;
        }
        value
    }
}

/// `g ← g + strength · importance ⊙ (w − anchor)` for a stored row of a block. Slots that the penalty does not use are not
/// read.
pub(super) fn penalise(
    (weights, slots): (&[Block], &Slots),
    penalty: &Penalty,
    (place, i): (usize, usize),
    gradient: &mut [f32],
) {
    let w = weights[place].row(i);
    let read = |slot| row(weights, slots, slot, (place, i));
    let strength = penalty.strength;
    let pairs = gradient.iter_mut().zip(w);
    match (read(penalty.importance), read(penalty.anchor)) {
        (Some(importance), Some(anchor)) => {
            let with = pairs.zip(importance).zip(anchor);
            with.for_each(|(((g, w), importance), anchor)| *g += strength * importance * (w - anchor));
        }
        (Some(importance), None) => {
            let with = pairs.zip(importance);
            with.for_each(|((g, w), importance)| *g += strength * importance * w);
        }
        (None, Some(anchor)) => {
            let with = pairs.zip(anchor);
            with.for_each(|((g, w), anchor)| *g += strength * (w - anchor));
        }
        (None, None) => pairs.for_each(|(g, w)| *g += strength * w),
    }
}

/// A stored row of a slot that a penalty names.
fn row<'a>(
    weights: &'a [Block],
    slots: &'a Slots,
    slot: Option<Slot>,
    (place, i): (usize, usize),
) -> Option<&'a [f32]> {
    match slot? {
        Slot::WEIGHT => Some(weights[place].row(i)),
        slot => slots.get(slot).map(|blocks| blocks[place].row(i)),
    }
}

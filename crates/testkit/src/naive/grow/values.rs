//! Edits that change numbers alone: folded means and adjustments.

use crate::naive::network::{Cell, Network};
use dentate_core::{Adjustment, Edit, Gain, Parameter, Plan, Slot};

impl Network {
    /// Fold `weight × gain × mean` of removed units into the biases of the units they feed.
    pub(super) fn fold_mean(&mut self, plan: &Plan) {
        let Some(weights) = self.slots.get(&Slot::WEIGHT).cloned() else {
            return;
        };
        let mut after = weights.clone();
        for edit in &plan.edits {
            let (Edit::Prune {
                layer,
                units,
                fold_mean,
                ..
            }
            | Edit::Replace {
                layer,
                units,
                fold_mean,
                ..
            }) = edit
            else {
                continue;
            };
            for (&unit, &mean) in units.iter().zip(fold_mean) {
                for c in self.connections.values().filter(|c| c.from == *layer) {
                    let gain = match c.gain {
                        Gain::None => 1.0,
                        Gain::Scalar => weights[&Cell::Gain(c.id)],
                        Gain::PerUnit => weights[&Cell::GainOf(c.id, unit)],
                    };
                    let place = self.layers[layer].position(unit);
                    for (i, target) in self.layers[&c.to].units.iter().enumerate() {
                        let Some(bias) = after.get_mut(&Cell::Bias(target.id)) else {
                            continue;
                        };
                        let from = if c.link.one_to_one() { target.id } else { unit };
                        if place.is_some_and(|place| self.sources(c, i).contains(&place)) {
                            for k in 0..self.each(c) {
                                *bias += weights[&Cell::Weight(c.id, target.id, from, k)] * gain * mean;
                            }
                        }
                    }
                }
            }
        }
        self.slots.insert(Slot::WEIGHT, after);
    }

    pub(super) fn adjust(&mut self, parameter: Parameter, by: &Adjustment) {
        let grid = self.grids().remove(&parameter).unwrap_or_default();
        let Some(weights) = self.slots.get_mut(&Slot::WEIGHT) else {
            return;
        };
        for (i, row) in grid.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let Some(value) = weights.get_mut(cell) else {
                    continue;
                };
                match by {
                    Adjustment::Scale(factor) => *value *= factor,
                    Adjustment::Add(add) => *value += add[(i, j)],
                    Adjustment::Set(set) => *value = set[(i, j)],
                    Adjustment::AddRow { row, values } if *row == i => *value += values[j],
                    Adjustment::AddRow { .. } => {}
                }
            }
        }
    }
}

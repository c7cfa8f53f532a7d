//! The way in which passes see the network under a mechanism: by other weights, under a mask, with gates.

use super::needs::Views;
use dentate_core::{LayerId, Route, Slot, TaskId};
use std::collections::BTreeMap;

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// An update of the learner's.
    Train,
    /// An update of a growth strategy's own training.
    Phase,
    /// Predictions, and outputs of hidden layers.
    Predict,
    /// A measurement that a growth strategy asks for.
    Measure,
}

/// A pass that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// What it is for.
    pub pass: Pass,
    /// The task of its rows, where it is known: that of the experience in training, the given one in prediction.
    pub task: Option<TaskId>,
}

/// How a pass sees the network. The plain one is the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lens {
    /// Values that stand in the place of the parameters. Not for updates.
    pub weights: Option<Slot>,
    /// What weights are multiplied by.
    pub mask: Option<Slot>,
    /// What the outputs of a layer's units are multiplied by, by position.
    pub gates: BTreeMap<LayerId, Vec<f32>>,
    /// What keeps updates back ([`Objective::keep`](dentate_core::Objective::keep)), also those of a growth strategy's own training.
    pub keep: Option<Slot>,
}

impl Lens {
    /// A route of somebody's, seen so. What it says itself stands. Returns what keeps updates back.
    pub(crate) fn over(self, route: &mut Route) -> Option<Slot> {
        route.weights = route.weights.or(self.weights);
        route.mask = route.mask.or(self.mask);
        for (layer, gates) in self.gates {
            route.gates.entry(layer).or_insert(gates);
        }
        self.keep
    }

    /// Whether it changes nothing that is not declared.
    pub(super) fn within(&self, views: Views) -> bool {
        let own = Views {
            weights: self.weights.is_some(),
            mask: self.mask.is_some(),
            gates: !self.gates.is_empty(),
            keep: self.keep.is_some(),
        };
        let both = Views {
            weights: own.weights || views.weights,
            mask: own.mask || views.mask,
            gates: own.gates || views.gates,
            keep: own.keep || views.keep,
        };
        both == views
    }

    /// Two mechanisms' views at once: gates multiply, and what there is room for once is refused before a run.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.weights = self.weights.or(other.weights);
        self.mask = self.mask.or(other.mask);
        self.keep = self.keep.or(other.keep);
        for (layer, gates) in other.gates {
            let own = self.gates.entry(layer).or_insert_with(|| vec![1.0; gates.len()]);
            own.iter_mut().zip(gates).for_each(|(own, other)| *own *= other);
        }
        self
    }
}

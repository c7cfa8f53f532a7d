//! Views of the network under a mechanism: passes with other weights, a mask, or gates.

use super::needs::Views;
use dentate_core::{LayerId, Route, Slot, TaskId};
use std::collections::BTreeMap;

/// The purpose of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// An update of the learner.
    Train,
    /// An update in a training phase of a growth strategy.
    Phase,
    /// Predictions, and outputs of hidden layers.
    Predict,
    /// A measurement requested by a growth strategy.
    Measure,
}

/// A pass about to be run.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// Its purpose.
    pub pass: Pass,
    /// The task of its rows, if known: that of the experience in training, the given one in prediction.
    pub task: Option<TaskId>,
}

/// The view of the network that a pass uses. The default changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lens {
    /// Values used in place of the parameters. Not for updates.
    pub weights: Option<Slot>,
    /// Factors on the weights.
    pub mask: Option<Slot>,
    /// Factors on the outputs of a layer's units, by position.
    pub gates: BTreeMap<LayerId, Vec<f32>>,
    /// The slot that scales updates down ([`Objective::keep`](dentate_core::Objective::keep)), also those in training
    /// phases of a growth strategy.
    pub keep: Option<Slot>,
}

impl Lens {
    /// Applies the view to a route; settings of the route itself take precedence. Returns the slot that scales updates
    /// down.
    pub(crate) fn over(self, route: &mut Route) -> Option<Slot> {
        route.weights = route.weights.or(self.weights);
        route.mask = route.mask.or(self.mask);
        for (layer, gates) in self.gates {
            route.gates.entry(layer).or_insert(gates);
        }
        self.keep
    }

    /// Returns whether it changes only what is declared.
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

    /// Combines the views of two mechanisms: gates multiply; everything else can be set only once, which is checked before
    /// a run.
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

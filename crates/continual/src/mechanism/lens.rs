//! The way in which passes see the network under a mechanism: by other weights, under a mask, with gates.

use dentate_core::{LayerId, LearnError, Route, Slot, TaskId};
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

    /// Two mechanisms' views at once: gates multiply, and of weights and masks there can be one.
    pub(super) fn and(mut self, other: Self) -> Result<Self, LearnError> {
        let one = |own: Option<Slot>, other: Option<Slot>, what: &str| match (own, other) {
            (Some(_), Some(_)) => Err(LearnError::Unsuited(format!(
                "two mechanisms each want {what} of their own: take one of them"
            ))),
            (own, other) => Ok(own.or(other)),
        };
        self.weights = one(self.weights, other.weights, "a pass through weights")?;
        self.mask = one(self.mask, other.mask, "a pass through a mask")?;
        self.keep = one(self.keep, other.keep, "to keep updates back by a slot")?;
        for (layer, gates) in other.gates {
            let own = self.gates.entry(layer).or_insert_with(|| vec![1.0; gates.len()]);
            own.iter_mut().zip(gates).for_each(|(own, other)| *own *= other);
        }
        Ok(self)
    }
}

//! Round robin: the hidden layers grow in turn, starting at the input. The control for placements that use measurements.
//!
//! It has no settings.

use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::strategy::{StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundRobin {}

impl Part for RoundRobin {
    /// Growths so far.
    type State = usize;
}

impl Placement for RoundRobin {
    fn place(&self, turns: &mut usize, view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let layers: Vec<_> = view.graph.hidden().map(|l| l.id).collect();
        let next = layers.get(*turns % layers.len().max(1));
        let &layer = next.ok_or_else(|| StrategyError::Missing("hidden layer".into()))?;
        *turns += 1;
        Ok(Answer::Is(vec![Place::Wider { layer, units }]))
    }
}

crate::register!(
    placement,
    RoundRobin,
    "round-robin",
    summary = "Adds units to the hidden layers in turn: the control for placements that use measurements.",
    citation = "control",
    source = include_str!("round_robin.rs"),
);

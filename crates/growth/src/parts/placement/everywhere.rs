//! All: every hidden layer gets the same number of units.
//!
//! It has no settings.

use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::strategy::View;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Everywhere {}

impl Part for Everywhere {
    type State = ();
}

impl Placement for Everywhere {
    fn place(&self, _: &mut (), view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let wider = view.graph.hidden().map(|l| Place::Wider { layer: l.id, units });
        Ok(Answer::Is(wider.collect()))
    }

    fn widens_several(&self) -> bool {
        true
    }
}

crate::register!(
    placement,
    Everywhere,
    "all",
    summary = "Adds the same number of units to every hidden layer.",
    citation = "this project",
    source = include_str!("everywhere.rs"),
);

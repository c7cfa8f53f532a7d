//! None: every new unit survives. The control.

use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::strategy::View;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the survival rule; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSelection {}

impl Part for NoSelection {
    type State = ();
}

impl Survival for NoSelection {
    fn removals(&self, _: &mut (), _: &View<'_>, _: &[NewUnit], _: f64) -> Answered<Vec<Removals>> {
        Ok(Answer::Is(Vec::new()))
    }

    fn selects(&self) -> bool {
        false
    }
}

crate::register!(
    survival,
    NoSelection,
    "none",
    summary = "Keeps every newborn unit: the control.",
    citation = "control",
    source = include_str!("no_selection.rs"),
);

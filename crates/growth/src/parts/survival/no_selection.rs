//! None: every newborn unit stays. The control.

use crate::parts::{Answer, Answered, Dead, Part, Survival, Young};
use crate::strategy::View;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// It has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSelection {}

impl Part for NoSelection {
    type State = ();
}

impl Survival for NoSelection {
    fn judge(&self, _: &mut (), _: &View<'_>, _: &[Young], _: f64) -> Answered<Vec<Dead>> {
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
    summary = "Every newborn unit stays: the control.",
    citation = "control",
    source = include_str!("no_selection.rs"),
);

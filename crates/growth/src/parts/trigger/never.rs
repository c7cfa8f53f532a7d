//! Never: never fires. The control, and the trigger for strategies that only replace units.

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::strategy::{Reason, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Never {}

impl Part for Never {
    type State = ();
}

impl Trigger for Never {
    fn fires(&self, _: &mut (), _: &View<'_>) -> Answered<Decision> {
        Ok(Answer::Is(Decision::Wait(Reason::NotNow)))
    }

    fn waits(&self) -> bool {
        true
    }
}

crate::register!(
    trigger,
    Never,
    "never",
    summary = "Never fires: the control.",
    citation = "control",
    source = include_str!("never.rs"),
);

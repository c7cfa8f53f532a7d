//! Never: it is never time to grow. The control, and what a strategy is composed with whose units only give way to others.

use crate::parts::{Answer, Answered, Part, Trigger, Verdict};
use crate::strategy::{Reason, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// It has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Never {}

impl Part for Never {
    type State = ();
}

impl Trigger for Never {
    fn fires(&self, _: &mut (), _: &View<'_>) -> Answered<Verdict> {
        Ok(Answer::Is(Verdict::Rest(Reason::NotNow)))
    }

    fn rests(&self) -> bool {
        true
    }
}

crate::register!(
    trigger,
    Never,
    "never",
    summary = "It is never time to grow: the control.",
    citation = "control",
    source = include_str!("never.rs"),
);

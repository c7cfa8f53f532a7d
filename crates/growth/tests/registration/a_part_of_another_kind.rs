//! A trigger, registered as a placement.

use dentate_core::ConfigError;
use dentate_growth::parts::{Answer, Answered, Part, Trigger, Verdict};
use dentate_growth::{Reason, View, register_part};

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Never {}

impl Part for Never {
    type State = ();

    fn validate(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}

impl Trigger for Never {
    fn fires(&self, _: &mut (), _: &View<'_>) -> Answered<Verdict> {
        Ok(Answer::Is(Verdict::Rest(Reason::NotNow)))
    }
}

register_part!(placement, Never, "never", summary = "Never fires.", citation = "this page");

fn main() {}

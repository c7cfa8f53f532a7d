//! A trigger, registered as a placement.

use dentate_growth::parts::{Answer, Answered, Part, Trigger, Decision};
use dentate_growth::{Reason, View, register};

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Never {}

impl Part for Never {
    type State = ();
}

impl Trigger for Never {
    fn fires(&self, _: &mut (), _: &View<'_>) -> Answered<Decision> {
        Ok(Answer::Is(Decision::Wait(Reason::NotNow)))
    }
}

register!(placement, Never, "never", summary = "Never fires.", citation = "this page");

fn main() {}

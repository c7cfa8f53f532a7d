//! A strategy whose settings nobody can know.

use dentate_growth::{Action, GrowthStrategy, Reason, StrategyError, View, register};

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Idle {}

impl GrowthStrategy for Idle {
    type State = ();

    fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
        Ok(Action::Hold(Reason::NotNow))
    }
}

register!(strategy, Idle, "idle", summary = "Never grows.", citation = "this page");

fn main() {}

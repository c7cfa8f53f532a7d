//! A strategy whose settings nobody can know.

use dentate_core::ConfigError;
use dentate_growth::{Action, GrowthStrategy, Reason, StrategyError, View, register_growth};

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Idle {}

impl GrowthStrategy for Idle {
    type State = ();

    fn validate(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
        Ok(Action::Hold(Reason::NotNow))
    }
}

register_growth!(Idle, "idle", summary = "Never grows.", citation = "this page");

fn main() {}

//! The control: a network that never changes. Whatever a growing method gains has to be gained over this.

use crate::law::Law;
use crate::strategy::{Action, GrowthStrategy, Reason, StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Never grows. Heads for new tasks or classes are the learner's doing and come to every method alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fixed {}

impl GrowthStrategy for Fixed {
    type State = ();

    fn grows(&self) -> bool {
        false
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction, Law::AtMost(0)]
    }

    fn propose(&self, _state: &mut (), _view: &View<'_>) -> Result<Action, StrategyError> {
        Ok(Action::Hold(Reason::NotNow))
    }
}

crate::register!(
    strategy,
    Fixed,
    "fixed",
    summary = "A network that never changes: the control.",
    citation = "control",
    source = include_str!("fixed.rs"),
);

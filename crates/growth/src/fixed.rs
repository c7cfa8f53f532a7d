//! Fixed: a network that never changes. The control that every growing method is compared with.

use crate::law::Law;
use crate::strategy::{Action, GrowthStrategy, Reason, StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Never grows. The learner adds heads for new tasks or classes under every method alike.
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

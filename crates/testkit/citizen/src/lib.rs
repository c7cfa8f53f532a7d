//! Citizen: adds a unit when an experience begins, and claims that this changes no answer. It lies where the environment variable
//! `DENTATE_CITIZEN_LIES` is set, so that one test can hold both ways.

use dentate_core::{Edit, Init};
use dentate_growth::{Action, GrowthStrategy, Hook, Law, Reason, StrategyError, View, register};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// It has no settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citizen {}

impl GrowthStrategy for Citizen {
    /// The experience in which it has grown.
    type State = Option<usize>;

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction]
    }

    fn propose(&self, done: &mut Option<usize>, view: &View<'_>) -> Result<Action, StrategyError> {
        let now = view.experience.index;
        let layer = view.graph.hidden().next();
        let Some(layer) = layer.filter(|_| view.hook == Hook::Begin && *done != Some(now)) else {
            return Ok(Action::Hold(Reason::NotNow));
        };
        *done = Some(now);
        let lies = std::env::var_os("DENTATE_CITIZEN_LIES").is_some();
        let outgoing = if lies { Init::Uniform(0.5) } else { Init::Zero };
        let mut plan = view.plan("citizen");
        plan.edit(Edit::Widen {
            layer: layer.id,
            count: 1,
            incoming: Init::Uniform(0.5).into(),
            outgoing: outgoing.into(),
            bias: 0.5,
            classes: Vec::new(),
        });
        Ok(Action::Grow(plan.finish()))
    }
}

register!(
    strategy,
    Citizen,
    "citizen",
    summary = "A test.",
    citation = "the testkit's tests"
);

//! Effective rank: fires when the ratio of effective rank to width of a layer is at least a share of its initial value.
//!
//! Maile, K. et al. (2022). When, where, and how to add new neurons to ANNs. arXiv:2202.08539 (NORTH*). With H the outputs
//! of a layer of n units over 2 n rows, r(H) the number of singular values of H/√(2n) above ε, and r₀/n₀ the value of r/n
//! at the first check, it demands
//!
//! ```text
//! max(0, r(H) − τ · (r₀/n₀) · n)   units.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `tau` | τ, dimensionless | 0.95 (the paper: 0.9 to 0.99) |
//! | `floor` | ε, in units of the outputs | 0.01 |
//! | `layer` | the layer that is measured | the last hidden layer |
//!
//! The demand is in units: with `units = 1` as many are added as the equation says. It needs rows that can be revisited.

use crate::parts::{Answer, Answered, Decision, Part, Question, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, StrategyError, View};
use dentate_core::spectrum::rank_above;
use dentate_core::{Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EffectiveRank {
    /// τ: share of the initial ratio of rank to width.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub tau: f64,
    /// ε: singular values below this do not count.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub floor: f64,
    /// Name of the layer that is measured; the last hidden layer when absent.
    pub layer: Option<String>,
}

impl Default for EffectiveRank {
    fn default() -> Self {
        Self {
            tau: 0.95,
            floor: 0.01,
            layer: None,
        }
    }
}

impl Part for EffectiveRank {
    /// r₀/n₀.
    type State = Option<f64>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let name = "effective-rank";
        run.revisits("name", name, "use `loss-plateau`, which needs losses only")?;
        run.read_layer("layer", self.layer.as_deref())?;
        run.needs_calls("name", name, 2, CheckPeriod::TheRun)
    }
}

impl Trigger for EffectiveRank {
    fn fires(&self, first: &mut Option<f64>, view: &View<'_>) -> Answered<Decision> {
        if view.hook != Hook::Update {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        let found = match &self.layer {
            Some(name) => view.graph.named(name),
            None => view.graph.hidden().next_back(),
        };
        let layer = found.ok_or_else(|| StrategyError::Missing("layer to take the rank of".into()))?;
        let Some(measured) = view.measured else {
            let rows = (2 * layer.width()).try_into().unwrap_or(u32::MAX);
            return Ok(Answer::Ask(Question::new(
                Request::Activations(vec![layer.id]),
                rows,
            )));
        };
        let none = || StrategyError::Missing(format!("outputs of `{}`, which were asked for", layer.name));
        let outputs = layer.unit_by_unit(measured.arrays.first().ok_or_else(none)?.view());
        let rank = rank_above(outputs.view(), self.floor) as f64;
        let width = layer.width() as f64;
        let Some(ratio) = *first else {
            *first = Some(rank / width);
            return Ok(Answer::Is(Decision::Wait(Reason::Waiting)));
        };
        let excess = rank - self.tau * ratio * width;
        Ok(Answer::Is(if excess > 0.0 {
            Decision::grow(excess).because("effective rank of the width", rank / width)
        } else {
            Decision::Wait(Reason::Improving)
        }))
    }
}

crate::register!(
    trigger,
    EffectiveRank,
    "effective-rank",
    summary = "Fires when the effective rank of a layer is close to its width; demands units by the excess.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("effective_rank.rs"),
);

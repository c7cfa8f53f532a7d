//! Continual backprop: at every step, a tiny share of the mature units with the lowest utility is replaced by new ones.
//!
//! Dohare, S. et al. (2024). Loss of plasticity in deep continual learning. *Nature* 632, 768–774. After every update, each
//! hidden unit has an age and a utility, a running mean over its lifetime (decay η, bias-corrected by 1 − η^age):
//!
//! ```text
//! u_i = mean|h_i| · mean|w_out,i|                         contribution: the default of the authors' code
//! u_i = mean|h_i − ĥ_i| · mean|w_out,i| / mean|w_in,i|    adaptable-contribution: the paper's
//! u_i = Σ|(h_i − ĥ_i) · ∂L/∂h_i|                          gxd: to first order, what the replacement changes of the loss
//! u_i = Σ|∂L/∂z_i|                                        grama: how much gradient reaches the summed input z_i
//! ```
//!
//! with ĥ_i the running mean of h_i, corrected as u_i is, which already includes the current batch. A unit whose incoming
//! weights are all 0 has an adaptable contribution of 0. Sums are over the rows of an update; `gxd` is of arXiv:2605.06834 and
//! `grama` of Liu et al. 2025, arXiv:2505.24061, neither being continual backprop's own.
//!
//! With e the number of units of a layer older than the maturity threshold m, each step adds ρ·e to the layer's replacement
//! budget; for every whole unit in it, the mature unit of lowest utility is replaced: fresh incoming weights, zero outgoing
//! weights, bias 0; age, utility, optimizer moments and step counts restart at 0; `w_out,i · ĥ_i` is folded into the next
//! layers' biases, ĥ being the running mean output.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `replacement_rate` | ρ, per eligible unit and update, dimensionless | 1e-4 |
//! | `maturity` | m, in updates | 100 (the paper's text; the authors' code has 20 as a default) |
//! | `decay` | η, per update, in [0, 1) | 0.99 |
//! | `utility` | `contribution`, `adaptable-contribution`, `gxd` or `grama` | contribution |
//! | `rounding` | treatment of fractions of units: `accumulate` or `random` | accumulate |
//! | `weights` | initialisation of fresh incoming weights | that of the network |
//!
//! **Preserves** the function up to the deviation of the replaced unit's output from its mean. **Departures.** The authors'
//! code zeroes ĥ before folding it into the bias, so that nothing is folded; here it is folded first. The authors' code
//! weights outputs by the weights after the update; here by those before it, which produced the outputs.
//!
//! It is also a composition of parts: `composed` with the survival rule `turnover`, the trigger `never`, the initializer
//! `zero-fan-out` and `every = 1` replaces the same units at the same updates by the same bits.

use crate::change::Change;
use crate::law::Law;
use crate::parts::Removals;
use crate::prospect::{CheckPeriod, Checks, Prospect};
use crate::replacement_budget::{ReplacementBudget, ReplacementTerms, Rounding, UtilityMeasure};
use crate::strategy::{Action, GrowthStrategy, Hook, Reason, StrategyError, View};
use dentate_core::{Graph, Init, LayerId, Meter, Replacement, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of continual backprop; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContinualBackprop {
    /// ρ: units replaced per eligible unit and update.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub replacement_rate: f64,
    /// m: updates for which a new unit is protected.
    #[schemars(range(min = 1))]
    pub maturity: u64,
    /// η: decay per update of the running means.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub decay: f32,
    /// Utility that units are ranked by.
    pub utility: UtilityMeasure,
    /// Treatment of fractions of units.
    pub rounding: Rounding,
    /// Initialisation of fresh incoming weights; that of the network when absent.
    pub weights: Option<Init>,
}

impl Default for ContinualBackprop {
    fn default() -> Self {
        Self {
            replacement_rate: 1e-4,
            maturity: 100,
            decay: 0.99,
            utility: UtilityMeasure::Contribution,
            rounding: Rounding::Accumulate,
            weights: None,
        }
    }
}

/// The phase of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum ReplacementPhase {
    #[default]
    Waiting,
    Reading,
    Replaced,
}

/// The replacement budget and the phase of the current call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContinualBackpropState {
    budget: ReplacementBudget,
    stage: ReplacementPhase,
}

impl ContinualBackprop {
    fn terms(&self) -> ReplacementTerms {
        ReplacementTerms {
            rate: self.replacement_rate,
            maturity: self.maturity,
            utility: self.utility,
            rounding: self.rounding,
        }
    }

    /// The replacements that are due.
    fn take(&self, budget: &mut ReplacementBudget, view: &View<'_>) -> Vec<Replacement> {
        let dead = budget.take(&self.terms(), view).into_iter();
        let replacement = |dead: Removals| {
            let layer = view.graph.layer(dead.layer)?;
            Some(Replacement {
                layer: dead.layer,
                units: dead.units,
                incoming: self.weights.unwrap_or(view.init).into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                fold_mean: dead.fold_mean,
                seed: view.seed.derive(&layer.name),
            })
        };
        dead.filter_map(replacement).collect()
    }
}

impl GrowthStrategy for ContinualBackprop {
    type State = ContinualBackpropState;

    fn changes(&self) -> BTreeSet<Change> {
        [Change::Replace].into()
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_hidden("continual-backprop")?;
        // A unit may be replaced once it is older than the maturity threshold.
        let needed = self.maturity.saturating_add(1);
        let largest = |checks: Checks| checks.count.saturating_sub(1);
        run.needs_checks("maturity", self.maturity, needed, CheckPeriod::TheRun, largest)
    }

    fn cadence(&self) -> Option<u64> {
        Some(1)
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        let kinds = self.terms().meters();
        let of = |layer: LayerId| {
            kinds.map(|of| Meter {
                layer,
                of,
                decay: self.decay,
            })
        };
        graph.hidden().flat_map(|layer| of(layer.id)).collect()
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::AtMost(0)]
    }

    fn propose(&self, state: &mut ContinualBackpropState, view: &View<'_>) -> Result<Action, StrategyError> {
        match (state.stage, view.readings) {
            (ReplacementPhase::Waiting, _) if view.hook == Hook::Update => {
                if !state.budget.accrue(&self.terms(), view, 1.0) {
                    return Ok(Action::Hold(Reason::Waiting));
                }
                state.stage = ReplacementPhase::Reading;
                Ok(Action::Read)
            }
            (ReplacementPhase::Reading, Some(_)) => {
                let requests = self.take(&mut state.budget, view);
                if requests.is_empty() {
                    state.stage = ReplacementPhase::Waiting;
                    return Ok(Action::Hold(Reason::Waiting));
                }
                state.stage = ReplacementPhase::Replaced;
                Ok(Action::Replace(requests))
            }
            _ => {
                state.stage = ReplacementPhase::Waiting;
                Ok(Action::Hold(Reason::NotNow))
            }
        }
    }
}

crate::register!(
    strategy,
    ContinualBackprop,
    "continual-backprop",
    summary =
        "Replaces a small share of the mature units with the lowest utility by newborn ones at every step.",
    citation = "Dohare et al. 2024, Nature 632, 768-774",
    source = include_str!("continual_backprop.rs"),
);

#[cfg(test)]
mod tests;

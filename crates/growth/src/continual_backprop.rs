//! Continual backprop: at every step, a tiny share of the mature units that do least give way to newborn ones.
//!
//! Dohare, S. et al. (2024). Loss of plasticity in deep continual learning. *Nature* 632, 768–774. Behind every update, each
//! hidden unit has an age and a utility, a running mean over its life (decay η, bias-corrected by 1 − η^age):
//!
//! ```text
//! u_i = mean|h_i| · mean|w_out,i|                         contribution: the default of the authors' code
//! u_i = mean|h_i − ĥ_i| · mean|w_out,i| / mean|w_in,i|    adaptable-contribution: the paper's
//! ```
//!
//! with ĥ_i the running mean of h_i, corrected as u_i is, and the batch at hand in it already. A unit that no weight other than 0
//! goes into has an adaptable contribution of 0.
//!
//! With e the units of a layer older than the maturity threshold m, ρ·e units are owed at each step; as soon as a whole one is,
//! the mature units of lowest utility are replaced: fresh incoming weights, zero outgoing weights, bias 0, age and utility from
//! 0, optimizer moments and step counts too; the next layers' biases absorb `w_out,i · ĥ_i`, ĥ the running mean output.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `replacement_rate` | ρ, per eligible unit and update, dimensionless | 1e-4 |
//! | `maturity` | m, in updates | 100 (the paper's text; the authors' code has 20 as a default) |
//! | `decay` | η, per update, in [0, 1) | 0.99 |
//! | `utility` | `contribution` or `adaptable-contribution` | contribution |
//! | `rounding` | what is done with fractions of units: `accumulate` or `random` | accumulate |
//! | `weights` | how fresh incoming weights start | as the network's own |
//!
//! **Preserves** the function up to the deviation of the replaced unit's output from its mean. **Departures.** The authors' code
//! zeroes ĥ before it absorbs it, so that there nothing is absorbed; here it is absorbed first. It weighs outputs by the weights
//! after the update; here by those before, with which they were made.
//!
//! It is also a composition of parts: `composed` with the survival rule `turnover`, the trigger `never`, the initializer
//! `zero-fan-out` and `every = 1` replaces the same units at the same updates by the same bits.

use crate::doing::Doing;
use crate::law::Law;
use crate::owed::{Merit, Owed, Rounding, Terms};
use crate::parts::Dead;
use crate::prospect::{Prospect, Within};
use crate::strategy::{Action, GrowthStrategy, Occasion, Reason, StrategyError, View};
use dentate_core::{Graph, Init, LayerId, Meter, Replacement, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContinualBackprop {
    /// ρ: units replaced per eligible unit and update.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub replacement_rate: f64,
    /// m: updates that a unit is safe for.
    #[schemars(range(min = 1))]
    pub maturity: u64,
    /// η: decay per update of the running means.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub decay: f32,
    /// What a unit is judged by.
    pub utility: Merit,
    /// What is done with fractions of units.
    pub rounding: Rounding,
    /// How fresh incoming weights start; as the network's own when absent.
    pub weights: Option<Init>,
}

impl Default for ContinualBackprop {
    fn default() -> Self {
        Self {
            replacement_rate: 1e-4,
            maturity: 100,
            decay: 0.99,
            utility: Merit::Contribution,
            rounding: Rounding::Accumulate,
            weights: None,
        }
    }
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Waiting,
    Reading,
    Replaced,
}

/// What is owed, and where a call stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    owed: Owed,
    stage: Stage,
}

impl ContinualBackprop {
    fn terms(&self) -> Terms {
        Terms {
            rate: self.replacement_rate,
            maturity: self.maturity,
            utility: self.utility,
            rounding: self.rounding,
        }
    }

    /// The replacements that are owed.
    fn pay(&self, owed: &mut Owed, view: &View<'_>) -> Vec<Replacement> {
        let dead = owed.pay(&self.terms(), view).into_iter();
        let replacement = |dead: Dead| {
            let layer = view.graph.layer(dead.layer)?;
            Some(Replacement {
                layer: dead.layer,
                units: dead.units,
                incoming: self.weights.unwrap_or(view.init).into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                absorb: dead.absorb,
                seed: view.seed.derive(&layer.name),
            })
        };
        dead.filter_map(replacement).collect()
    }
}

impl GrowthStrategy for ContinualBackprop {
    type State = Standing;

    fn doings(&self) -> BTreeSet<Doing> {
        [Doing::Replace].into()
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_hidden("continual-backprop")?;
        // A unit may go once it is older than that.
        let needed = self.maturity.saturating_add(1);
        run.needs_looks("maturity", self.maturity, needed, Within::TheRun)
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

    fn propose(&self, state: &mut Standing, view: &View<'_>) -> Result<Action, StrategyError> {
        match (state.stage, view.readings) {
            (Stage::Waiting, _) if view.occasion == Occasion::Update => {
                if !state.owed.book(&self.terms(), view, 1.0) {
                    return Ok(Action::Hold(Reason::Waiting));
                }
                state.stage = Stage::Reading;
                Ok(Action::Read)
            }
            (Stage::Reading, Some(_)) => {
                let requests = self.pay(&mut state.owed, view);
                if requests.is_empty() {
                    state.stage = Stage::Waiting;
                    return Ok(Action::Hold(Reason::Waiting));
                }
                state.stage = Stage::Replaced;
                Ok(Action::Replace(requests))
            }
            _ => {
                state.stage = Stage::Waiting;
                Ok(Action::Hold(Reason::NotNow))
            }
        }
    }
}

crate::register!(
    strategy,
    ContinualBackprop,
    "continual-backprop",
    summary = "At every step a tiny share of the mature units that do least gives way to newborn ones.",
    citation = "Dohare et al. 2024, Nature 632, 768-774",
    source = include_str!("continual_backprop.rs"),
);

#[cfg(test)]
mod tests;

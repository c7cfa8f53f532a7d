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

use crate::law::Law;
use crate::parts::positive;
use crate::strategy::{Action, GrowthStrategy, Occasion, Reason, StrategyError, View};
use dentate_core::{ConfigError, Graph, Init, Layer, LayerId, Meter, MeterKind, Readings, Replacement};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// How the utility of a unit is worked out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Merit {
    /// mean |h| · mean |w_out|.
    #[default]
    Contribution,
    /// mean |h − ĥ| · mean |w_out| / mean |w_in|.
    AdaptableContribution,
}

impl Merit {
    fn meter(self) -> MeterKind {
        match self {
            Self::Contribution => MeterKind::Contribution,
            Self::AdaptableContribution => MeterKind::AdaptableContribution,
        }
    }
}

/// What is done with fractions of units that are owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// They are kept until they make a whole one.
    #[default]
    Accumulate,
    /// A unit is replaced with that probability.
    Random,
}

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

/// What is owed in a layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Owed {
    /// Births of the units that are not mature, oldest first.
    young: VecDeque<u64>,
    /// Units owed, with the fraction.
    units: f64,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Waiting,
    Reading,
    Replaced,
}

/// What is owed in each layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Turnover {
    layers: BTreeMap<LayerId, Owed>,
    stage: Stage,
}

impl ContinualBackprop {
    /// Book one update; whether whole units are owed anywhere.
    fn book(&self, state: &mut Turnover, view: &View<'_>) -> bool {
        let now = view.moment.step;
        let mut due = false;
        for layer in view.graph.hidden().filter(|l| view.graph.replaceable(l.id)) {
            let owed = state.layers.entry(layer.id).or_insert_with(|| {
                let mut young: Vec<u64> = layer.units.iter().map(|u| u.born.step).collect();
                young.sort_unstable();
                Owed {
                    young: young.into(),
                    units: 0.0,
                }
            });
            while owed
                .young
                .front()
                .is_some_and(|born| now.saturating_sub(*born) > self.maturity)
            {
                owed.young.pop_front();
            }
            let eligible = layer.width().saturating_sub(owed.young.len());
            let fraction = self.replacement_rate * eligible as f64;
            match self.rounding {
                Rounding::Accumulate => owed.units += fraction,
                Rounding::Random => {
                    let drawn: f64 = view.seed.derive(&layer.name).random().random();
                    let whole = fraction.floor();
                    owed.units = whole + f64::from(u8::from(drawn < fraction - whole));
                }
            }
            due |= owed.units >= 1.0;
        }
        due
    }

    /// The replacement that a layer owes.
    fn pay(
        &self,
        owed: &mut Owed,
        layer: &Layer,
        readings: &Readings,
        view: &View<'_>,
    ) -> Option<Replacement> {
        let of = |kind| readings.values.get(&kind);
        let (utility, mean) = (of(self.utility.meter())?, of(MeterKind::Activation)?);
        let mature = |i: &usize| view.moment.step.saturating_sub(layer.units[*i].born.step) > self.maturity;
        let mut ranked: Vec<usize> = (0..layer.width()).filter(mature).collect();
        ranked.sort_by(|&a, &b| utility[a].total_cmp(&utility[b]).then(a.cmp(&b)));
        ranked.truncate(owed.units as usize);
        owed.units -= ranked.len() as f64;
        owed.young.extend(ranked.iter().map(|_| view.moment.step));
        (!ranked.is_empty()).then(|| Replacement {
            layer: layer.id,
            units: ranked.iter().map(|&i| layer.units[i].id).collect(),
            incoming: self.weights.unwrap_or(view.init).into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            absorb: ranked.iter().map(|&i| mean[i]).collect(),
            seed: view.seed.derive(&layer.name),
        })
    }
}

impl GrowthStrategy for ContinualBackprop {
    type State = Turnover;

    fn validate(&self) -> Result<(), ConfigError> {
        positive("replacement_rate", self.replacement_rate)?;
        if self.replacement_rate > 1.0 {
            return Err(ConfigError::new(
                "replacement_rate",
                self.replacement_rate,
                "at most 1",
            ));
        }
        if self.maturity == 0 {
            return Err(ConfigError::new("maturity", 0, "at least 1"));
        }
        if !(0.0..1.0).contains(&self.decay) {
            return Err(ConfigError::new("decay", self.decay, "at least 0 and below 1"));
        }
        if let Some(weights) = self.weights.filter(|w| !w.finite()) {
            return Err(ConfigError::new("weights", format!("{weights:?}"), "finite"));
        }
        Ok(())
    }

    fn cadence(&self) -> Option<u64> {
        Some(1)
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        let kinds = [MeterKind::Activation, self.utility.meter()];
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

    fn propose(&self, state: &mut Turnover, view: &View<'_>) -> Result<Action, StrategyError> {
        match (state.stage, view.readings) {
            (Stage::Waiting, _) if view.occasion == Occasion::Update => {
                if !self.book(state, view) {
                    return Ok(Action::Hold(Reason::Waiting));
                }
                state.stage = Stage::Reading;
                Ok(Action::Read)
            }
            (Stage::Reading, Some(readings)) => {
                let mut requests = Vec::new();
                for layer in view.graph.hidden() {
                    if let (Some(owed), Some(readings)) =
                        (state.layers.get_mut(&layer.id), readings.get(&layer.id))
                        && owed.units >= 1.0
                    {
                        requests.extend(self.pay(owed, layer, readings, view));
                    }
                }
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

crate::register_growth!(
    ContinualBackprop,
    "continual-backprop",
    summary = "At every step a tiny share of the mature units that do least gives way to newborn ones.",
    citation = "Dohare et al. 2024, Nature 632, 768-774",
    source = include_str!("continual_backprop.rs"),
);

#[cfg(test)]
mod tests;

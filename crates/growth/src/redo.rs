//! ReDo: recycles dormant units.
//!
//! Sokar, G. et al. (2023). The dormant neuron phenomenon in deep reinforcement learning. *ICML*, arXiv:2302.12902. Every F
//! updates each hidden unit i of a layer has the score
//!
//! ```text
//! s_i = E|h_i| / mean_k E|h_k|,
//! ```
//!
//! and a unit with `s_i ≤ τ` is dormant: it gets fresh incoming weights, zero outgoing weights and bias 0, and its
//! optimizer state is reset.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `score` | `activity`, as above; or `grama`: `Σ|∂L/∂z_i|` over its layer's mean, z_i the summed input | activity |
//! | `every` | F, in updates | 1000 |
//! | `threshold` | τ, dimensionless | 0.025 |
//! | `decay` | decay per update of the running mean that E\|h\| is read from, in [0, 1) | 0.99 |
//! | `weights` | initialisation of fresh incoming weights | that of the network |
//!
//! **Preserves** the function up to the outputs of dormant units. **Departures.** The paper takes E over a batch drawn from
//! the replay buffer; here it is a running mean along with training, so that it works in a single pass.
//!
//! With `score = "grama"` it is ReGraMa (Liu et al. 2025, *Measure gradients, not activations*, arXiv:2505.24061): a unit is
//! inactive if little gradient reaches it. Magnitudes are summed row by row at the summed input, of which the gradients of the
//! unit's bias and incoming weights are sums of products, so a rectified unit that is silent has a score of 0.

use crate::change::Change;
use crate::law::Law;
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Action, GrowthStrategy, Hook, Reason, StrategyError, View};
use dentate_core::{Graph, Init, Layer, Meter, MeterKind, Replacement, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The score that dormant units are told by, over the mean of its layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DormancyScore {
    /// E|h|.
    #[default]
    Activity,
    /// Σ |∂L/∂z| over the rows of an update, z being the summed input (GraMa).
    Grama,
}

impl DormancyScore {
    fn meter(self) -> MeterKind {
        match self {
            Self::Activity => MeterKind::Magnitude,
            Self::Grama => MeterKind::GradientNorm,
        }
    }
}

/// Configuration of ReDo; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redo {
    /// Score that dormant units are told by.
    pub score: DormancyScore,
    /// F: updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// τ: score up to which a unit is dormant.
    #[schemars(range(min = 0.0))]
    pub threshold: f32,
    /// Decay per update of the running mean.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub decay: f32,
    /// Initialisation of fresh incoming weights; that of the network when absent.
    pub weights: Option<Init>,
}

impl Default for Redo {
    fn default() -> Self {
        Self {
            score: DormancyScore::Activity,
            every: 1000,
            threshold: 0.025,
            decay: 0.99,
            weights: None,
        }
    }
}

/// The phase of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedoPhase {
    /// Nothing is in progress.
    #[default]
    Waiting,
    /// The meters are being read.
    Reading,
    /// Units have been replaced.
    Replaced,
}

/// Positions of the dormant units. If all scores are 0, all units are dormant.
fn dormant(score: &[f32], threshold: f32) -> Vec<usize> {
    let mean = score.iter().map(|s| f64::from(*s)).sum::<f64>() / score.len().max(1) as f64;
    let is = |s: f32| f64::from(s) <= f64::from(threshold) * mean;
    (0..score.len()).filter(|&i| is(score[i])).collect()
}

impl Redo {
    fn recycle(&self, layer: &Layer, score: &[f32], view: &View<'_>) -> Option<Replacement> {
        let dormant = dormant(score, self.threshold);
        (!dormant.is_empty()).then(|| Replacement {
            layer: layer.id,
            units: dormant.iter().map(|&i| layer.units[i].id).collect(),
            incoming: self.weights.unwrap_or(view.init).into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            fold_mean: Vec::new(),
            seed: view.seed.derive(&layer.name),
        })
    }
}

impl GrowthStrategy for Redo {
    type State = RedoPhase;

    fn changes(&self) -> BTreeSet<Change> {
        [Change::Replace].into()
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_hidden("redo")?;
        run.needs_checks("every", self.every, 1, CheckPeriod::TheRun, |checks| {
            checks.longest
        })
    }

    fn cadence(&self) -> Option<u64> {
        Some(self.every)
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        let of = |layer: &Layer| Meter {
            layer: layer.id,
            of: self.score.meter(),
            decay: self.decay,
        };
        graph.hidden().map(of).collect()
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::AtMost(0)]
    }

    fn propose(&self, stage: &mut RedoPhase, view: &View<'_>) -> Result<Action, StrategyError> {
        match (*stage, view.readings) {
            (RedoPhase::Waiting, _) if view.hook == Hook::Update => {
                *stage = RedoPhase::Reading;
                Ok(Action::Read)
            }
            (RedoPhase::Reading, Some(readings)) => {
                let of = self.score.meter();
                let score = |layer: &Layer| readings.get(&layer.id)?.values.get(&of);
                let all = view.graph.hidden().filter(|l| view.graph.replaceable(l.id));
                let requests: Vec<Replacement> = all
                    .filter_map(|layer| self.recycle(layer, score(layer)?, view))
                    .collect();
                if requests.is_empty() {
                    *stage = RedoPhase::Waiting;
                    return Ok(Action::Hold(Reason::Improving));
                }
                *stage = RedoPhase::Replaced;
                Ok(Action::Replace(requests))
            }
            _ => {
                *stage = RedoPhase::Waiting;
                Ok(Action::Hold(Reason::NotNow))
            }
        }
    }
}

crate::register!(
    strategy,
    Redo,
    "redo",
    summary = "Reinitialises dormant units at intervals.",
    citation = "Sokar et al. 2023, arXiv:2302.12902",
    source = include_str!("redo.rs"),
);

#[cfg(test)]
mod tests;

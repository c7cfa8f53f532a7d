//! Plasticity saturation: fires when a layer has no dimensions to spare, or when few of its units still get a gradient.
//!
//! After the two reasons for growth of NORACL (Raghunathan, K. et al. 2026, arXiv:2604.27031), whose formulas could not be read; these are
//! this project's. With H the outputs of a layer of n units over some rows and δ the gradients of the loss at its summed inputs,
//!
//! ```text
//! ρ = r(H) / n,          r(H) the number of singular values of H / √rows above `floor`      (representation)
//! p = exp(−Σ q ln q) / n,  q_i = Σ_rows |δ_i| / Σ_i Σ_rows |δ_i|                              (plasticity)
//! ```
//!
//! and ρ₀ and p₀ their values at the first check, it demands
//!
//! ```text
//! n · max(0, ρ − rank · ρ₀, plasticity · p₀ − p)   units.
//! ```
//!
//! p is the effective number of units among which the gradient is shared out, as a share of the width: 1 if all get the same, 1 / n if one
//! gets all. Where it has fallen, new tasks have few units left to change.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rank` | share of ρ₀ above which the representation is saturated, dimensionless; 0 for never | 0.95 |
//! | `plasticity` | share of p₀ below which plasticity is, dimensionless; 0 for never | 0.7 |
//! | `floor` | singular values below this do not count, in units of the outputs | 0.01 |
//! | `layer` | the layer that is measured | the last hidden layer |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! The demand is in units: with `units = 1` as many are added as the equation says. It needs rows that can be revisited. **Cost** of a check: a pass forward
//! and backward over the rows, and `rows · n² + 4/3 · n³` multiply-adds. Where no gradient reaches the layer, p is 0 and counts for nothing.

use crate::parts::{Answer, Answered, Decision, Part, Question, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, StrategyError, View};
use dentate_core::spectrum::rank_above;
use dentate_core::{ConfigError, Objective, Request, Unsuited};
use ndarray::{ArrayView2, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlasticitySaturation {
    /// Share of the first ratio of rank to width above which the representation is saturated; 0 for never.
    #[schemars(range(min = 0.0))]
    pub rank: f64,
    /// Share of the first value below which plasticity is saturated; 0 for never.
    #[schemars(range(min = 0.0))]
    pub plasticity: f64,
    /// Singular values below this do not count.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub floor: f64,
    /// Name of the layer that is measured; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for PlasticitySaturation {
    fn default() -> Self {
        Self {
            rank: 0.95,
            plasticity: 0.7,
            floor: 0.01,
            layer: None,
            rows: 256,
        }
    }
}

/// ρ and p.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    representation: f64,
    plasticity: f64,
}

impl Part for PlasticitySaturation {
    /// The first values.
    type State = Option<Capacity>;

    fn check(&self) -> Result<(), ConfigError> {
        if self.rank == 0.0 && self.plasticity == 0.0 {
            let wanted = "above 0 where `rank` is 0: with neither it could never fire; use `never`";
            return Err(ConfigError::new("plasticity", 0.0, wanted));
        }
        Ok(())
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `loss-plateau`, which needs losses only")?;
        run.hidden_layer("layer", self.layer.as_deref())?;
        run.needs_calls("name", "plasticity-saturation", 2, CheckPeriod::TheRun)
    }
}

/// The effective share of units among which the gradient is shared out.
fn participation(gradients: ArrayView2<'_, f32>) -> f64 {
    let each = gradients.map_axis(Axis(0), |unit| {
        unit.iter().map(|d| f64::from(d.abs())).sum::<f64>()
    });
    let sum = each.sum();
    if !(sum > 0.0 && sum.is_finite()) {
        return 0.0;
    }
    let shares = each.iter().map(|size| size / sum).filter(|q| *q > 0.0);
    shares.map(|q| -q * q.ln()).sum::<f64>().exp() / each.len() as f64
}

impl PlasticitySaturation {
    /// The decision for a layer of this width, with the quantity that is used up.
    fn decide(&self, first: Capacity, now: Capacity, width: f64) -> Decision {
        let spent = if self.rank > 0.0 {
            now.representation - self.rank * first.representation
        } else {
            0.0
        };
        // No gradient at all is no sign of saturation: nothing is trained there.
        let stiff = if now.plasticity > 0.0 {
            self.plasticity * first.plasticity - now.plasticity
        } else {
            0.0
        };
        let demand = width * spent.max(stiff);
        match demand > 0.0 {
            false => Decision::Wait(Reason::Improving),
            true if spent >= stiff => {
                Decision::grow(demand).because("effective rank of the width", now.representation)
            }
            true => Decision::grow(demand).because("share of units that share the gradient", now.plasticity),
        }
    }
}

impl Trigger for PlasticitySaturation {
    fn fires(&self, first: &mut Option<Capacity>, view: &View<'_>) -> Answered<Decision> {
        if view.hook != Hook::Update {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        let found = match &self.layer {
            Some(name) => view.graph.named(name),
            None => view.graph.hidden().next_back(),
        };
        let layer = found.ok_or_else(|| StrategyError::Missing("layer to measure".into()))?;
        let Some(measured) = view.measured else {
            let requests = vec![
                Request::Activations(vec![layer.id]),
                Request::Gradients(Objective::default(), vec![layer.id]),
            ];
            return Ok(Answer::Ask(Question::together(requests, self.rows)));
        };
        let [outputs, gradients] = &measured.arrays[..] else {
            return Err(StrategyError::Missing(format!(
                "outputs and gradients of `{}`",
                layer.name
            )));
        };
        let outputs = layer.unit_by_unit(outputs.view());
        let gradients = layer.unit_by_unit(gradients.view());
        let width = layer.width() as f64;
        let now = Capacity {
            representation: rank_above(outputs.view(), self.floor) as f64 / width,
            plasticity: participation(gradients.view()),
        };
        let Some(first) = *first else {
            *first = Some(now);
            return Ok(Answer::Is(Decision::Wait(Reason::Waiting)));
        };
        Ok(Answer::Is(self.decide(first, now, width)))
    }
}

crate::register!(
    trigger,
    PlasticitySaturation,
    "plasticity-saturation",
    summary = "Fires when a layer has no dimensions to spare, or when few of its units still get a gradient.",
    citation = "this project, after Raghunathan et al. 2026, arXiv:2604.27031",
    source = include_str!("plasticity_saturation.rs"),
);

#[cfg(test)]
mod tests;

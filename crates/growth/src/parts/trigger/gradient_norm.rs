//! Gradient norm: fires when the loss gradient at a layer has become small relative to its initial value, that is, when the
//! network has learned what it can at its present size.
//!
//! With g_t the norm of the mean gradient over rows with respect to a layer's pre-activations, and g_0 the first one of the
//! experience, it fires when `g_t < threshold · g_0`, and is then reset.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `threshold` | share of the first norm, dimensionless | 0.2 |
//! | `layer` | the layer that is measured | the last hidden layer |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! It needs rows that can be revisited.

use crate::parts::{Answer, Answered, Decision, Part, Question, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, StrategyError, View};
use dentate_core::{Objective, Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradientNorm {
    /// Share of the first norm below which it fires.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// Name of the layer that is measured; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for GradientNorm {
    fn default() -> Self {
        Self {
            threshold: 0.2,
            layer: None,
            rows: 256,
        }
    }
}

impl Part for GradientNorm {
    /// g_0.
    type State = Option<f64>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `loss-plateau`, which needs losses only")?;
        run.read_layer("layer", self.layer.as_deref())?;
        run.needs_calls("name", "gradient-norm", 2, CheckPeriod::OneExperience)
    }
}

impl Trigger for GradientNorm {
    fn fires(&self, first: &mut Option<f64>, view: &View<'_>) -> Answered<Decision> {
        if view.hook != Hook::Update {
            *first = None;
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        let Some(measured) = view.measured else {
            let found = match &self.layer {
                Some(name) => view.graph.named(name),
                None => view.graph.hidden().next_back(),
            };
            let layer = found.ok_or_else(|| StrategyError::Missing("layer to take gradients at".into()))?;
            let request = Request::Gradients(Objective::default(), vec![layer.id]);
            return Ok(Answer::Ask(Question::new(request, self.rows)));
        };
        // The gradients are those of a mean over rows, so their sum over rows is the gradient of the mean loss.
        let sums = measured.arrays.iter().flat_map(|a| {
            a.columns()
                .into_iter()
                .map(|c| f64::from(c.sum()))
                .collect::<Vec<_>>()
        });
        let norm = sums.map(|s| s * s).sum::<f64>().sqrt();
        let Some(before) = *first else {
            *first = Some(norm);
            return Ok(Answer::Is(Decision::Wait(Reason::Waiting)));
        };
        if norm >= self.threshold * before {
            return Ok(Answer::Is(Decision::Wait(Reason::Improving)));
        }
        *first = None;
        Ok(Answer::Is(
            Decision::grow(1.0).because("gradient, of its first norm", norm / before),
        ))
    }
}

crate::register!(
    trigger,
    GradientNorm,
    "gradient-norm",
    summary = "Fires when the gradient at a layer has become small.",
    citation = "this project",
    source = include_str!("gradient_norm.rs"),
);

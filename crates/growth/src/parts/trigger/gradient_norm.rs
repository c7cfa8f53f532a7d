//! Gradient norm: it is time to grow when what the loss still asks of a layer has become small against what it asked at first,
//! that is, when the network as it is has learned what it can.
//!
//! With g_t the norm of the mean gradient over rows at what a layer sums up, and g_0 the first one of the experience, it fires
//! when `g_t < threshold · g_0`, and then starts anew.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `threshold` | share of the first norm, dimensionless | 0.2 |
//! | `layer` | the layer that is looked at | the last hidden layer |
//! | `rows` | rows of the experience that are looked at | 256 |
//!
//! It needs rows that may be looked at again.

use crate::parts::{Answer, Answered, Part, Question, Trigger, Verdict};
use crate::prospect::{Prospect, Within};
use crate::strategy::{Occasion, Reason, StrategyError, View};
use dentate_core::{Objective, Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradientNorm {
    /// Share of the first norm below which it fires.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// Name of the layer that is looked at; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Rows of the experience that are looked at.
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
        run.revisits(
            "rows",
            self.rows,
            "take `loss-plateau`, which looks at losses alone",
        )?;
        run.read_layer("layer", self.layer.as_deref())?;
        run.needs_looks("name", "gradient-norm", 2, Within::OneExperience)
    }
}

impl Trigger for GradientNorm {
    fn fires(&self, first: &mut Option<f64>, view: &View<'_>) -> Answered<Verdict> {
        if view.occasion != Occasion::Update {
            *first = None;
            return Ok(Answer::Is(Verdict::Rest(Reason::NotNow)));
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
        // Summed over rows, gradients that enter a mean are the gradient of that mean.
        let sums = measured.arrays.iter().flat_map(|a| {
            a.columns()
                .into_iter()
                .map(|c| f64::from(c.sum()))
                .collect::<Vec<_>>()
        });
        let norm = sums.map(|s| s * s).sum::<f64>().sqrt();
        let Some(before) = *first else {
            *first = Some(norm);
            return Ok(Answer::Is(Verdict::Rest(Reason::Waiting)));
        };
        if norm >= self.threshold * before {
            return Ok(Answer::Is(Verdict::Rest(Reason::Improving)));
        }
        *first = None;
        Ok(Answer::Is(Verdict::Grow(1.0)))
    }
}

crate::register!(
    trigger,
    GradientNorm,
    "gradient-norm",
    summary = "Fires when what the loss still asks of a layer has become small.",
    citation = "this project",
    source = include_str!("gradient_norm.rs"),
);

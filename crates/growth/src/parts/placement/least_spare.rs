//! Least spare: adds new units to the layer whose effective rank is nearest to its width.
//!
//! With H_l the outputs of layer l over some rows and rank(H) = exp(−Σ p ln p), p = σ / Σσ (Roy & Vetterli 2007), it takes
//! `argmax_l rank(H_l) / width_l`.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! It needs rows that can be revisited.

use crate::parts::{Answer, Answered, Part, Place, Placement, Question, largest};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::spectrum::effective_rank;
use dentate_core::{Layer, Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self) for the equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeastSpare {
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for LeastSpare {
    fn default() -> Self {
        Self { rows: 256 }
    }
}

impl Part for LeastSpare {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `round-robin`, which needs no rows")
    }
}

impl Placement for LeastSpare {
    fn place(&self, _: &mut (), view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let hidden: Vec<_> = view.graph.hidden().collect();
        let Some(measured) = view.measured else {
            let request = Request::Activations(hidden.iter().map(|l| l.id).collect());
            return Ok(Answer::Ask(Question::new(request, self.rows)));
        };
        let ratio = |(layer, outputs): (&&Layer, &ndarray::Array2<f32>)| {
            let outputs = layer.unit_by_unit(outputs.view());
            effective_rank(outputs.view()) / layer.width().max(1) as f64
        };
        let most = largest(hidden.iter().zip(&measured.arrays).map(ratio));
        let layer = most.and_then(|i| hidden.get(i)).map(|l| l.id);
        Ok(Answer::Is(
            layer
                .map(|layer| Place::Wider { layer, units })
                .into_iter()
                .collect(),
        ))
    }
}

crate::register!(
    placement,
    LeastSpare,
    "least-spare",
    summary = "Adds units to the layer whose effective rank is nearest to its width.",
    citation = "this project, after Maile et al. 2022",
    source = include_str!("least_spare.rs"),
);

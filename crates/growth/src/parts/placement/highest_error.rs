//! Highest error: adds new units to the layer with the largest loss gradient.
//!
//! With δ_li the gradient of the mean loss over rows with respect to the pre-activation of unit i of layer l, it takes
//!
//! ```text
//! argmax_l √( mean_i E_r δ_lri² ).
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! It needs rows that can be revisited.

use crate::parts::{Answer, Answered, Part, Place, Placement, Question, largest};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{Objective, Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self) for the equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HighestError {
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for HighestError {
    fn default() -> Self {
        Self { rows: 256 }
    }
}

impl Part for HighestError {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `round-robin`, which needs no rows")
    }
}

impl Placement for HighestError {
    fn place(&self, _: &mut (), view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let layers: Vec<_> = view.graph.hidden().map(|l| l.id).collect();
        let Some(measured) = view.measured else {
            let request = Request::Gradients(Objective::default(), layers);
            return Ok(Answer::Ask(Question::new(request, self.rows)));
        };
        let size = |gradients: &ndarray::Array2<f32>| {
            let squares: f64 = gradients.iter().map(|g| f64::from(*g).powi(2)).sum();
            squares / gradients.len().max(1) as f64
        };
        let most = largest(measured.arrays.iter().map(size));
        let layer = most.and_then(|i| layers.get(i));
        Ok(Answer::Is(
            layer
                .map(|&layer| Place::Wider { layer, units })
                .into_iter()
                .collect(),
        ))
    }
}

crate::register!(
    placement,
    HighestError,
    "highest-error",
    summary = "Adds units to the layer with the largest gradient.",
    citation = "this project",
    source = include_str!("highest_error.rs"),
);

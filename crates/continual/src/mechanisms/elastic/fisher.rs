//! The Fisher information of rows, as terms whose squared gradients add up to it.

use super::super::looking_back::HeadBatch;
use crate::mechanism::Context;
use dentate_core::{Active, LearnError, Loss, Route, Target, Term};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The estimator of the Fisher information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fisher {
    /// The expectation over the labels predicted by the network.
    #[default]
    Exact,
    /// With the true labels of the rows.
    Empirical,
    /// None: every importance is 1, and no row is looked at.
    Identity,
}

impl Fisher {
    /// The terms for the possible labels of the rows, whose squared gradients add up to the Fisher information.
    pub(super) fn terms(self, cx: &mut Context<'_>, head_batch: &HeadBatch) -> Result<Vec<Term>, LearnError> {
        let values = head_batch.term.loss == Loss::MeanSquared;
        if self == Self::Empirical && !values {
            return Ok(vec![head_batch.term.clone()]);
        }
        let layers = [head_batch.term.layer];
        let outputs = cx.network.forward(&head_batch.rows, &Route::default(), &layers)?;
        let Some(outputs) = outputs.into_iter().next() else {
            return Ok(Vec::new());
        };
        let units = outputs.ncols();
        let given = |target: Array2<f32>| Term {
            active: Active::All,
            target: Target::Given(target),
            ..head_batch.term.clone()
        };
        if values {
            // A mean squared error over n outputs has the gradient 2 (z − t) / n: it is 1 at one output for t = z − n/2
            // there.
            let target = |unit| {
                let mut target = outputs.clone();
                target.column_mut(unit).mapv_inplace(|z| z - units as f32 / 2.0);
                target
            };
            return Ok((0..units).map(|unit| given(target(unit))).collect());
        }
        // Cross-entropy with the targets t has the gradient (softmax Σt − t): with t = √p at one class and 0 at the others
        // its square is p times that of the class's label.
        let root = roots(&outputs);
        let target = |unit: usize| {
            let mut target = Array2::zeros(outputs.dim());
            target.column_mut(unit).assign(&root.column(unit));
            target
        };
        Ok((0..units).map(|unit| given(target(unit))).collect())
    }
}

/// √softmax, row by row.
pub(super) fn roots(outputs: &Array2<f32>) -> Array2<f32> {
    let mut roots = outputs.clone();
    for mut row in roots.rows_mut() {
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.mapv_inplace(|z| (z - top).exp());
        let sum = row.sum();
        row.mapv_inplace(|p| (p / sum).sqrt());
    }
    roots
}

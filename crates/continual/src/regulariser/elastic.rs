//! Elastic weight consolidation: weights that mattered to what was learned are held near where they were then.
//!
//! Kirkpatrick, J. et al. (2017). Overcoming catastrophic forgetting in neural networks. *PNAS* 114(13), 3521–3526. In its
//! online form: Schwarz, J. et al. (2018). Progress & compress. *ICML*, arXiv:1805.06370. What is minimised is
//!
//! ```text
//! L(θ) + λ/2 · Σ_i F_i (θ_i − θ*_i)²,     F ← γ F + F_k  and  θ* ← θ  when experience k is over,
//! ```
//!
//! F_k the diagonal of the Fisher information, a mean over rows x of the experience:
//!
//! ```text
//! exact:      E_x Σ_y p(y|x) (∂ log p(y|x) / ∂θ_i)²       over all classes y of the head
//! empirical:  E_x (∂ log p(y_x|x) / ∂θ_i)²                with the row's own label y_x
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless | 100 |
//! | `decay` | γ, share of older importances that is kept, in [0, 1] | 1 |
//! | `fisher` | `exact` or `empirical` | exact |
//! | `samples` | rows of an experience that F_k is worked out on | 512 |
//!
//! **Preserves** nothing exactly: it pulls. F and θ* follow growth: what is newborn has importance 0 and is pulled nowhere.
//!
//! **Departures.** The paper's own form keeps a quadratic of its own for each task; here they are one, around the weights of
//! the last experience, as in the online form, of which γ = 1 is the case without forgetting. With real targets the likelihood
//! is a Gaussian of unit variance, so that F_k is the sum over outputs of their squared derivatives, in both forms of `fisher`
//! (the empirical one would vanish where the network fits).

use super::{Lesson, Regulariser};
use dentate_core::{
    Active, Backend, BackendError, Graph, Loss, Objective, Penalty, Product, Route, Slot, SlotKind, Target,
    Term,
};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// F of all experiences so far.
const IMPORTANCE: Slot = Slot::new(SlotKind::Importance, 0);
/// F of the experience that is being looked at.
const FISHER: Slot = Slot::new(SlotKind::Importance, 1);
/// θ*.
const ANCHOR: Slot = Slot::new(SlotKind::Anchor, 0);

/// Which Fisher information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fisher {
    /// The expectation over the labels that the network itself would give.
    #[default]
    Exact,
    /// With the rows' own labels.
    Empirical,
}

/// Configuration; see the module for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElasticWeightConsolidation {
    /// λ: how strongly weights are held.
    #[schemars(range(min = 0.0))]
    pub strength: f32,
    /// γ: share of older importances that is kept when an experience is over.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub decay: f32,
    /// Which Fisher information.
    pub fisher: Fisher,
    /// Rows of an experience that it is worked out on.
    #[schemars(range(min = 1))]
    pub samples: usize,
}

impl Default for ElasticWeightConsolidation {
    fn default() -> Self {
        Self {
            strength: 100.0,
            decay: 1.0,
            fisher: Fisher::Exact,
            samples: 512,
        }
    }
}

/// What has been consolidated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consolidated {
    /// Whether there is anything to hold on to.
    any: bool,
    /// Whether rows of the experience that is over have been looked at.
    studied: bool,
}

fn times(factor: f32, a: Slot) -> Product {
    Product { factor, a, b: None }
}

impl ElasticWeightConsolidation {
    /// What the rows' labels might have been, and how: a term for each whose squared gradients add up to the Fisher
    /// information.
    fn terms(&self, network: &mut dyn Backend, lesson: &Lesson<'_>) -> Result<Vec<Term>, BackendError> {
        let values = lesson.term.loss == Loss::MeanSquared;
        if self.fisher == Fisher::Empirical && !values {
            return Ok(vec![lesson.term.clone()]);
        }
        let outputs = network.forward(lesson.rows, &Route::default(), &[lesson.head.id])?;
        let Some(outputs) = outputs.into_iter().next() else {
            return Ok(Vec::new());
        };
        let units = outputs.ncols();
        let given = |target: Array2<f32>| Term {
            active: Active::All,
            target: Target::Given(target),
            ..lesson.term.clone()
        };
        if values {
            // A mean squared error over n outputs has the gradient 2 (z − t) / n: it is 1 at one output for t = z − n/2 there.
            let target = |unit| {
                let mut target = outputs.clone();
                target.column_mut(unit).mapv_inplace(|z| z - units as f32 / 2.0);
                target
            };
            return Ok((0..units).map(|unit| given(target(unit))).collect());
        }
        // Cross-entropy with the values t for targets has the gradient (softmax Σt − t): with t = √p at one class and 0 at the
        // others its square is p times that of the class's label.
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
fn roots(outputs: &Array2<f32>) -> Array2<f32> {
    let mut roots = outputs.clone();
    for mut row in roots.rows_mut() {
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.mapv_inplace(|z| (z - top).exp());
        let sum = row.sum();
        row.mapv_inplace(|p| (p / sum).sqrt());
    }
    roots
}

impl Regulariser for ElasticWeightConsolidation {
    type State = Consolidated;

    fn penalties(&self, state: &Consolidated) -> Vec<Penalty> {
        let penalty = Penalty {
            importance: IMPORTANCE,
            anchor: ANCHOR,
            strength: self.strength,
        };
        if state.any { vec![penalty] } else { Vec::new() }
    }

    fn samples(&self) -> usize {
        self.samples
    }

    fn study(
        &self,
        state: &mut Consolidated,
        network: &mut dyn Backend,
        lesson: &Lesson<'_>,
    ) -> Result<(), BackendError> {
        for term in self.terms(network, lesson)? {
            let objective = Objective {
                terms: vec![term],
                penalties: Vec::new(),
            };
            let share = 1.0 / lesson.total as f32;
            network.accumulate_squared(lesson.rows, &Route::default(), &objective, share, FISHER)?;
            state.studied = true;
        }
        Ok(())
    }

    fn consolidate(
        &self,
        state: &mut Consolidated,
        network: &mut dyn Backend,
        _: &Graph,
    ) -> Result<(), BackendError> {
        if !state.studied {
            return Ok(());
        }
        if state.any {
            network.combine(IMPORTANCE, &[times(self.decay, IMPORTANCE), times(1.0, FISHER)])?;
        } else {
            network.combine(IMPORTANCE, &[times(1.0, FISHER)])?;
        }
        network.combine(FISHER, &[times(0.0, FISHER)])?;
        network.combine(ANCHOR, &[times(1.0, Slot::WEIGHT)])?;
        *state = Consolidated {
            any: true,
            studied: false,
        };
        Ok(())
    }
}

crate::register!(
    regulariser,
    ElasticWeightConsolidation,
    "elastic-weight-consolidation",
    summary = "Holds weights that mattered to what was learned near where they were then.",
    citation = "Kirkpatrick et al. 2017, PNAS 114(13); Schwarz et al. 2018, arXiv:1805.06370",
    source = include_str!("elastic.rs"),
);

#[cfg(test)]
mod tests;

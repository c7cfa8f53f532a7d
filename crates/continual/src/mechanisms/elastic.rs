//! Elastic weight consolidation: weights important for earlier experiences are pulled towards their earlier values.
//!
//! Kirkpatrick, J. et al. (2017). Overcoming catastrophic forgetting in neural networks. *PNAS* 114(13), 3521–3526. In its
//! online form: Schwarz, J. et al. (2018). Progress & compress. *ICML*, arXiv:1805.06370. The objective is
//!
//! ```text
//! L(θ) + λ/2 · Σ_i F_i (θ_i − θ*_i)²,     F ← γ F + F_k  and  θ* ← θ  when experience k is over,
//! ```
//!
//! where F_k is the diagonal of the Fisher information, a mean over rows x of the experience:
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
//! | `samples` | rows of an experience that F_k is estimated on | 512 |
//!
//! **Preserves** nothing exactly. F and θ* follow growth: new parameters have importance 0 and are not pulled.
//!
//! **Departures.** The paper's own form keeps a quadratic penalty for each task; here they are combined into one around the
//! weights of the last experience, as in the online form, of which γ = 1 is the case without forgetting. With real targets
//! the likelihood is a Gaussian of unit variance, so that F_k is the sum over outputs of their squared derivatives, in both
//! forms of `fisher` (the empirical one would vanish where the network fits).

use crate::mechanism::{Batch, Context, Mechanism, Needs, Work};
use dentate_core::{
    Active, DataId, Expr, LearnError, Loss, Objective, Penalty, Power, Route, Rows, Slot, SlotKind,
    StreamFacts, Target, TaskId, Term, Unsuited,
};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// F of all experiences so far.
const IMPORTANCE: &str = "importance";
/// F of the experience that is being evaluated.
const FISHER: &str = "fisher";
/// θ*.
const ANCHOR: &str = "anchor";

/// Rows evaluated in one call.
const BATCH: usize = 64;

/// The estimator of the Fisher information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fisher {
    /// The expectation over the labels predicted by the network.
    #[default]
    Exact,
    /// With the true labels of the rows.
    Empirical,
}

/// Configuration; see the module for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElasticWeightConsolidation {
    /// λ: strength of the penalty.
    #[schemars(range(min = 0.0))]
    pub strength: f32,
    /// γ: share of older importances that is kept at the end of an experience.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub decay: f32,
    /// Estimator of the Fisher information.
    pub fisher: Fisher,
    /// Rows of an experience that it is estimated on.
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

/// State of the consolidation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consolidated {
    /// Whether there is anything to penalise.
    any: bool,
    /// Whether rows of the finished experience have been evaluated.
    studied: bool,
    /// A pass over the finished experience, in progress.
    looking: Option<Looking>,
}

/// Rows to evaluate, and the progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Looking {
    rows: Vec<(DataId, TaskId, u32)>,
    next: usize,
}

/// Rows of a finished experience, all of one head.
struct HeadBatch {
    rows: Rows,
    /// The term they were trained with. It covers all rows, with weight 1.
    term: Term,
}

impl ElasticWeightConsolidation {
    /// The terms for the possible labels of the rows, whose squared gradients add up to the Fisher information.
    fn terms(&self, cx: &mut Context<'_>, head_batch: &HeadBatch) -> Result<Vec<Term>, LearnError> {
        let values = head_batch.term.loss == Loss::MeanSquared;
        if self.fisher == Fisher::Empirical && !values {
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

    /// Evaluates the next rows, head by head.
    fn study(
        &self,
        state: &mut Consolidated,
        cx: &mut Context<'_>,
        rows: &Rows,
        share: f32,
    ) -> Result<(), LearnError> {
        let into = cx.slot(FISHER)?;
        let (ordered, objective) = cx.objective(rows)?;
        let ordered: Vec<_> = ordered.iter().collect();
        for term in objective.terms {
            let mut rows = Rows::default();
            for &(data, task, index) in &ordered[term.rows.clone().unwrap_or(0..ordered.len())] {
                rows.push(data, task, index);
            }
            let term = Term {
                rows: None,
                weight: 1.0,
                ..term
            };
            let head_batch = HeadBatch { rows, term };
            for term in self.terms(cx, &head_batch)? {
                let objective = Objective {
                    terms: vec![term],
                    penalties: Vec::new(),
                    keep: None,
                };
                let (route, power) = (Route::default(), Power::Squared);
                cx.network
                    .accumulate(&head_batch.rows, &route, &objective, power, share, into)?;
                state.studied = true;
            }
        }
        Ok(())
    }

    /// Adds the Fisher information of the experience to the accumulated one.
    fn consolidate(&self, state: &mut Consolidated, cx: &mut Context<'_>) -> Result<(), LearnError> {
        if !state.studied {
            return Ok(());
        }
        let (importance, fisher, anchor) = (cx.slot(IMPORTANCE)?, cx.slot(FISHER)?, cx.slot(ANCHOR)?);
        if state.any {
            let both = self.decay * Expr::slot(importance) + fisher;
            cx.network.map(importance, &both)?;
        } else {
            cx.network.map(importance, &fisher.into())?;
        }
        cx.network.map(fisher, &(0.0 * Expr::slot(fisher)))?;
        cx.network.map(anchor, &Slot::WEIGHT.into())?;
        (state.any, state.studied) = (true, false);
        Ok(())
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

impl Mechanism for ElasticWeightConsolidation {
    type State = Consolidated;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.once() {
            let reason = "it looks at rows again when an experience is over, and rows of this stream go by only once: take \
                          `synaptic-intelligence`, which looks at updates alone";
            return Err(Unsuited::new("samples", self.samples, reason));
        }
        Ok(())
    }

    fn needs(&self) -> Needs {
        Needs::slots(&[
            (SlotKind::Importance, IMPORTANCE),
            (SlotKind::Importance, FISHER),
            (SlotKind::Anchor, ANCHOR),
        ])
    }

    fn compose(
        &self,
        state: &mut Consolidated,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        if state.any && self.strength > 0.0 {
            batch.hold(Penalty {
                importance: Some(cx.slot(IMPORTANCE)?),
                anchor: Some(cx.slot(ANCHOR)?),
                strength: self.strength,
            });
        }
        Ok(())
    }

    fn end(&self, state: &mut Consolidated, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let Some(mut looking) = state.looking.take() else {
            let seed = cx.seed(&cx.network.clock().step.to_string());
            let rows = cx.sample(self.samples, seed)?.iter().collect();
            state.looking = Some(Looking { rows, next: 0 });
            return Ok(Work::Again);
        };
        let total = looking.rows.len();
        if looking.next >= total {
            return self.consolidate(state, cx).map(|()| Work::Done);
        }
        let end = (looking.next + BATCH).min(total);
        let mut rows = Rows::default();
        for &(data, task, index) in &looking.rows[looking.next..end] {
            rows.push(data, task, index);
        }
        looking.next = end;
        state.looking = Some(looking);
        self.study(state, cx, &rows, 1.0 / total as f32)
            .map(|()| Work::Again)
    }
}

crate::register!(
    mechanism,
    ElasticWeightConsolidation,
    "elastic-weight-consolidation",
    summary = "Holds weights that mattered to what was learned near where they were then.",
    citation = "Kirkpatrick et al. 2017, PNAS 114(13); Schwarz et al. 2018, arXiv:1805.06370",
    source = include_str!("elastic.rs"),
);

#[cfg(test)]
mod tests;

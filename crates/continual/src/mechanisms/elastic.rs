//! Elastic weight consolidation: weights important for earlier experiences are pulled towards their earlier values.
//!
//! Kirkpatrick, J. et al. (2017). Overcoming catastrophic forgetting in neural networks. *PNAS* 114(13), 3521–3526. In its
//! online form: Schwarz, J. et al. (2018). Progress & compress. *ICML*, arXiv:1805.06370. The objective is
//!
//! ```text
//! online:     L(θ) + λ/2 · Σ_i F_i (θ_i − θ*_i)²,            F ← γ F + F_k  and  θ* ← θ  when experience k is over
//! per-task:   L(θ) + λ/2 · Σ_k Σ_i γ^(n−k) F_k,i (θ_i − θ*_k,i)²     over the n experiences that are over,
//! ```
//!
//! where θ*_k are the weights at the end of experience k and F_k the diagonal of the Fisher information there, a mean over
//! rows x of the experience:
//!
//! ```text
//! exact:      E_x Σ_y p(y|x) (∂ log p(y|x) / ∂θ_i)²       over all classes y of the head
//! empirical:  E_x (∂ log p(y_x|x) / ∂θ_i)²                with the row's own label y_x
//! identity:   1
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless | 100 |
//! | `form` | `online` or `per-task` | online |
//! | `decay` | γ, share of older importances that is kept, in [0, 1] | 1 |
//! | `fisher` | `exact`, `empirical` or `identity` | exact |
//! | `samples` | rows of an experience that F_k is estimated on | 512 |
//!
//! **One quadratic for many.** A sum of quadratics is a quadratic and a constant: with F = Σ F_k and θ* = Σ F_k θ*_k / F it is
//! F (θ − θ*)², entry by entry. So the penalties of all tasks take the same two slots as the online form,
//! `θ* ← θ* + F_k / (γ F + F_k) · (θ − θ*)` when experience k is over. With γ = 0 the two forms are the same, and only the
//! last experience counts: its importances are made again and not accumulated. With `fisher = "identity"` in addition, weights
//! are pulled towards the last experience's, all with the same force (two controls of Kumar et al. 2023, arXiv:2308.11958).
//!
//! **Preserves** nothing exactly. F and θ* follow growth: new parameters have importance 0 and are not pulled.
//!
//! **Departures.** With real targets the likelihood is a Gaussian of unit variance, so that F_k is the sum over outputs of
//! their squared derivatives, in both forms of `fisher` (the empirical one would vanish where the network fits). Only
//! training rows are looked at; Kumar et al. estimate the Fisher information on test rows.

mod fisher;

pub use fisher::Fisher;

use super::looking_back::{HeadBatch, Looking, refuse_once};
use crate::mechanism::{Batch, Context, Mechanism, Needs, Work};
use dentate_core::{
    Expr, LearnError, Objective, Penalty, Power, Route, Slot, SlotKind, StreamFacts, Unsuited,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// F of all experiences so far.
const IMPORTANCE: &str = "importance";
/// F of the experience that is being evaluated.
const FISHER: &str = "fisher";
/// θ*.
const ANCHOR: &str = "anchor";

/// The reference weights of earlier experiences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Those at the end of the last experience, for all of them.
    #[default]
    Online,
    /// Those at the end of each experience, by the importances that it found.
    PerTask,
}

/// Configuration; see [the module](self) for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElasticWeightConsolidation {
    /// λ: strength of the penalty.
    #[schemars(range(min = 0.0))]
    pub strength: f32,
    /// The reference weights of earlier experiences.
    pub form: Form,
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
            form: Form::Online,
            decay: 1.0,
            fisher: Fisher::Exact,
            samples: 512,
        }
    }
}

/// State of the consolidation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consolidated {
    /// True if there is anything to penalise.
    any: bool,
    /// True if rows of the finished experience have been evaluated.
    studied: bool,
    /// A pass over the finished experience, in progress.
    looking: Option<Looking>,
}

impl ElasticWeightConsolidation {
    /// Adds the squared gradients of rows, each with this share.
    fn study(
        &self,
        state: &mut Consolidated,
        cx: &mut Context<'_>,
        head_batch: &HeadBatch,
        share: f32,
    ) -> Result<(), LearnError> {
        let into = cx.slot(FISHER)?;
        for term in self.fisher.terms(cx, head_batch)? {
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
        Ok(())
    }

    /// Adds the Fisher information of the experience to the accumulated one.
    fn consolidate(&self, state: &mut Consolidated, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let (importance, anchor) = (cx.slot(IMPORTANCE)?, cx.slot(ANCHOR)?);
        let newest = if self.fisher == Fisher::Identity {
            Expr::constant(1.0)
        } else if state.studied {
            cx.slot(FISHER)?.into()
        } else {
            return Ok(());
        };
        // A share of 0 leaves nothing, not even 0 times something.
        let older = state.any && self.decay > 0.0;
        let all = if older {
            self.decay * Expr::slot(importance) + newest.clone()
        } else {
            newest.clone()
        };
        let held = if older && self.form == Form::PerTask {
            let nearer = Expr::slot(anchor) + newest / all.clone() * (Expr::slot(Slot::WEIGHT) - anchor);
            all.clone().greater(0.0).select(nearer, Slot::WEIGHT)
        } else {
            Slot::WEIGHT.into()
        };
        cx.network.map(anchor, &held)?;
        cx.network.map(importance, &all)?;
        if state.studied {
            let fisher = cx.slot(FISHER)?;
            cx.network
                .map(fisher, &(Expr::slot(fisher).greater(f32::INFINITY)))?;
        }
        (state.any, state.studied) = (true, false);
        Ok(())
    }
}

impl Mechanism for ElasticWeightConsolidation {
    type State = Consolidated;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        match self.fisher {
            Fisher::Identity => Ok(()),
            Fisher::Exact | Fisher::Empirical => refuse_once(stream, self.samples),
        }
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
        if self.fisher == Fisher::Identity {
            return self.consolidate(state, cx).map(|()| Work::Done);
        }
        let Some(mut looking) = state.looking.take() else {
            state.looking = Some(Looking::back(cx, self.samples)?);
            return Ok(Work::Again);
        };
        let Some(batches) = looking.next(cx)? else {
            return self.consolidate(state, cx).map(|()| Work::Done);
        };
        for head_batch in &batches {
            self.study(state, cx, head_batch, looking.share())?;
        }
        state.looking = Some(looking);
        Ok(Work::Again)
    }
}

crate::register!(
    mechanism,
    ElasticWeightConsolidation,
    "elastic-weight-consolidation",
    summary =
        "Penalises the change of each weight in proportion to its Fisher information in earlier experiences.",
    citation = "Kirkpatrick et al. 2017, PNAS 114(13); Schwarz et al. 2018, arXiv:1805.06370",
    source = include_str!("elastic.rs"),
);

#[cfg(test)]
mod tests;

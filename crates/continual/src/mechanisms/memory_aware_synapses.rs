//! Memory aware synapses (MAS): weights to which the outputs are sensitive are pulled towards their earlier values.
//!
//! Aljundi, R. et al. (2018). Memory aware synapses: learning what (not) to forget. *ECCV*, arXiv:1711.09601. The objective is
//!
//! ```text
//! L(θ) + λ/2 · Σ_i Ω_i (θ_i − θ*_i)²
//! Ω_i ← Ω_i + E_x |∂ ‖f(x; θ)‖² / ∂θ_i|     when an experience is over; then θ* ← θ,
//! ```
//!
//! where E_x is the mean over rows x of the experience, of single rows' absolute derivatives, and f(x) are all outputs of the
//! head that the row is trained on: of its task's head where each task has one, and else of the one head with all classes so
//! far. Outputs of classes are taken before the softmax, those of values as they are. No label is looked at.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless: twice the paper's | 2 |
//! | `samples` | rows of an experience that the mean is over | 512 |
//!
//! **Costs** a forward and a backward pass over `samples` rows at the end of an experience, and memory for two numbers per
//! parameter.
//!
//! **Preserves** nothing exactly. Ω and θ* follow growth: new parameters have importance 0 and are not pulled. Ω is a mean,
//! so it is the same if every row is there twice.
//!
//! **Departures.** The authors' code takes the absolute value of a sum over the rows of a batch, which is a smaller number
//! where their derivatives differ in sign; these are the paper's single rows. The paper's mean may be over any unlabelled
//! rows; these are training rows of the experience.

use super::looking_back::{HeadBatch, Looking, refuse_once};
use crate::mechanism::{Batch, Context, Mechanism, Needs, Work};
use dentate_core::{
    Active, LearnError, Loss, Objective, Penalty, Power, Route, Slot, SlotKind, StreamFacts, Tally, Target,
    Term, Unsuited, config, state,
};
use ndarray::Array2;

/// Ω.
const IMPORTANCE: &str = "importance";
/// θ*.
const ANCHOR: &str = "anchor";

config! {
    /// Configuration; see [the module](self) for the equation and units.
    pub struct MemoryAwareSynapses {
        /// λ: strength of the penalty.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 2.0,
        /// Rows of an experience that the mean is over.
        #[schemars(range(min = 1))]
        pub samples: usize = 512,
    }
}

state! {
    /// State of the mechanism.
    pub struct Sensed {
        /// True if there is anything to penalise.
        any: bool,
        /// True if rows of the finished experience have been evaluated.
        studied: bool,
        /// A look at the finished experience, in progress.
        looking: Option<Looking>,
    }
}

/// The squared norm of a head's outputs, row by row: a mean squared error over n outputs, n times, from zeros.
fn squared_norm(cx: &Context<'_>, head_batch: &HeadBatch) -> Option<Term> {
    let width = cx.network.graph().layer(head_batch.term.layer)?.width();
    Some(Term {
        active: Active::All,
        loss: Loss::MeanSquared,
        target: Target::Given(Array2::zeros((head_batch.rows.len(), width))),
        weight: width as f32,
        tally: Tally::None,
        ..head_batch.term.clone()
    })
}

impl Mechanism for MemoryAwareSynapses {
    type State = Sensed;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        refuse_once(stream, self.samples)
    }

    fn needs(&self) -> Needs {
        Needs::slots(&[(SlotKind::Importance, IMPORTANCE), (SlotKind::Anchor, ANCHOR)])
    }

    fn compose(
        &self,
        state: &mut Sensed,
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

    fn end(&self, state: &mut Sensed, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let Some(mut looking) = state.looking.take() else {
            state.looking = Some(Looking::back(cx, self.samples)?);
            return Ok(Work::Again);
        };
        let Some(batches) = looking.next(cx)? else {
            if state.studied {
                cx.network.map(cx.slot(ANCHOR)?, &Slot::WEIGHT.into())?;
                (state.any, state.studied) = (true, false);
            }
            return Ok(Work::Done);
        };
        let (into, route) = (cx.slot(IMPORTANCE)?, Route::default());
        for head_batch in &batches {
            let Some(term) = squared_norm(cx, head_batch) else {
                continue;
            };
            let objective = Objective {
                terms: vec![term],
                penalties: Vec::new(),
                keep: None,
            };
            let (rows, power) = (&head_batch.rows, Power::Absolute);
            cx.network
                .accumulate(rows, &route, &objective, power, looking.share(), into)?;
            state.studied = true;
        }
        state.looking = Some(looking);
        Ok(Work::Again)
    }
}

crate::register!(
    mechanism,
    MemoryAwareSynapses,
    "memory-aware-synapses",
    summary = "Penalises the change of each weight in proportion to the sensitivity of the outputs to it.",
    citation = "Aljundi et al. 2018, arXiv:1711.09601",
    source = include_str!("memory_aware_synapses.rs"),
);

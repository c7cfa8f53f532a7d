//! Learning without forgetting: on the rows of a new experience, outputs for the old ones are pulled towards those before
//! it.
//!
//! Li, Z. & Hoiem, D. (2017). Learning without forgetting. *IEEE TPAMI* 40(12), arXiv:1606.09282. On rows x of the
//! experience, the objective is
//!
//! ```text
//! L(θ) + λ · Σ_h T² · H( softmax(z_h(x; θ*) / T), softmax(z_h(x; θ) / T) )
//! ```
//!
//! over all heads h that existed at the end of the last experience, θ* the weights then, z_h the logits of the units that h
//! had then, H the cross-entropy.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless | 1 |
//! | `temperature` | T | 2 |
//!
//! **Costs** a forward pass with θ* for each update, and memory for a second network.
//!
//! **Preserves** nothing exactly. θ* follows growth: a new unit is added to the old network too, with its initial weights,
//! so a growth that preserves the function preserves the teacher's. Removed units are removed from the teacher as well.
//!
//! **Departures.** The paper trains a new head alone first; here everything is trained from the first update on. For heads
//! over real values the loss is the mean squared error. Updates in a growth strategy's own phases are not distilled.

use crate::mechanism::{Batch, Context, Mechanism, Needs, Outputs, Work};
use dentate_core::{LayerId, LearnError, Loss, Route, Slot, SlotKind, UnitId, config, state};

/// θ*.
const TEACHER: &str = "teacher";

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct LearningWithoutForgetting {
        /// λ: weight of the distillation loss.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 1.0,
        /// T: temperature that softens the teacher's outputs.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub temperature: f32 = 2.0,
    }
}

state! {
    /// The distilled heads, with the units they had.
    pub struct Taught {
        heads: Vec<(LayerId, Vec<UnitId>)>,
    }
}

impl Mechanism for LearningWithoutForgetting {
    type State = Taught;

    fn needs(&self) -> Needs {
        Needs::slots(&[(SlotKind::Anchor, TEACHER)])
    }

    fn compose(
        &self,
        taught: &mut Taught,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let graph = cx.network.graph();
        let there = |(layer, _): &&(LayerId, Vec<UnitId>)| graph.layer(*layer).is_some();
        let heads: Vec<_> = taught.heads.iter().filter(there).cloned().collect();
        if heads.is_empty() || self.strength == 0.0 {
            return Ok(());
        }
        let route = Route {
            weights: Some(cx.slot(TEACHER)?),
            ..Route::default()
        };
        let layers: Vec<LayerId> = heads.iter().map(|(layer, _)| *layer).collect();
        let said = cx.network.forward(batch.rows(), &route, &layers)?;
        for ((layer, units), values) in heads.into_iter().zip(said) {
            let graph = cx.network.graph();
            let Some(head) = graph.layer(layer) else { continue };
            let classes = head.head().is_some_and(|h| !h.classes.is_empty());
            let loss = if classes {
                Loss::Distillation {
                    temperature: self.temperature,
                }
            } else {
                Loss::MeanSquared
            };
            let outputs = Outputs::of(head, &values, &units);
            batch.imitate_here(outputs, loss, self.strength);
        }
        Ok(())
    }

    fn end(&self, taught: &mut Taught, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        cx.network.map(cx.slot(TEACHER)?, &Slot::WEIGHT.into())?;
        let heads = cx.network.graph().heads();
        let units = heads.map(|(layer, _)| (layer.id, layer.units.iter().map(|u| u.id).collect()));
        taught.heads = units.collect();
        Ok(Work::Done)
    }
}

crate::register!(
    mechanism,
    LearningWithoutForgetting,
    "learning-without-forgetting",
    summary = "Distils the outputs for old tasks from the network before the experience, on the new rows.",
    citation = "Li & Hoiem 2017, arXiv:1606.09282",
    source = include_str!("learning_without_forgetting.rs"),
);

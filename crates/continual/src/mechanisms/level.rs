//! L2 regularisation towards zero, and towards the initial value of each weight (regenerative regularisation).
//!
//! Kumar, S., Marklund, H., Van Roy, B. (2023). Maintaining plasticity in continual learning via regenerative
//! regularization. arXiv:2308.11958. The objective is
//!
//! ```text
//! l2        L(θ) + λ/2 · ‖θ‖²
//! l2-init   L(θ) + λ/2 · ‖θ − θ₀‖²,    θ₀ the initial value of each weight
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless | 1e-3 |
//!
//! **Preserves** nothing exactly; the penalty acts from the first update on. A new unit's weights are pulled towards their
//! values at its birth, with the same strength as all others; θ₀ is a slot, and follows growth by itself.
//!
//! **Departures.** The paper's text writes λ without the factor one half; its code and its table have it, as here. Biases
//! are penalised like weights. Weight decay by the optimizer (`weight_decay`) is different: in AdamW it is not part of the
//! gradient.

use crate::mechanism::{Batch, Context, Mechanism, Needs};
use dentate_core::{LearnError, Penalty, Slot, SlotKind, config};

/// θ₀.
const FIRST: &str = "first";

config! {
    /// L2 regularisation; see [the module](self) for the equation.
    pub struct L2 {
        /// λ: strength of the pull towards 0.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 1e-3,
    }
}

config! {
    /// Regularisation towards the initial weights; see [the module](self) for the equation.
    pub struct L2Init {
        /// λ: strength of the pull towards the initial weights.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 1e-3,
    }
}

impl Mechanism for L2 {
    type State = ();

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn compose(&self, (): &mut (), _: &mut Context<'_>, batch: &mut Batch<'_>) -> Result<(), LearnError> {
        if self.strength > 0.0 {
            batch.hold(Penalty {
                importance: None,
                anchor: None,
                strength: self.strength,
            });
        }
        Ok(())
    }
}

impl Mechanism for L2Init {
    type State = ();

    fn needs(&self) -> Needs {
        // The anchor of a new weight is its initial value.
        Needs::slots(&[(SlotKind::Anchor, FIRST)])
    }

    fn compose(&self, (): &mut (), cx: &mut Context<'_>, batch: &mut Batch<'_>) -> Result<(), LearnError> {
        let first = cx.slot(FIRST)?;
        if !cx.network.has(first) {
            cx.network.map(first, &Slot::WEIGHT.into())?;
        }
        if self.strength > 0.0 {
            batch.hold(Penalty {
                importance: None,
                anchor: Some(first),
                strength: self.strength,
            });
        }
        Ok(())
    }
}

crate::register!(
    mechanism,
    L2,
    "l2",
    summary = "Penalises the squared norm of the weights.",
    citation = "Krogh & Hertz 1991, NeurIPS",
    source = include_str!("level.rs"),
);

crate::register!(
    mechanism,
    L2Init,
    "l2-init",
    summary =
        "Penalises the squared distance of the weights from their initial values, those of new units too.",
    citation = "Kumar, Marklund & Van Roy 2023, arXiv:2308.11958",
    source = include_str!("level.rs"),
);

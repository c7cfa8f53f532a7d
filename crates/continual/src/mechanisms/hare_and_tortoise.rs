//! Hare and tortoise: a slow copy of the weights predicts, and the fast weights are periodically reset to it.
//!
//! Lee, H. et al. (2024). Slow and steady wins the race: maintaining plasticity with hare and tortoise networks. *ICML*,
//! arXiv:2406.02596:
//!
//! ```text
//! θ_T ← μ θ_T + (1 − μ) θ_H    after every update of θ_H
//! θ_H ← θ_T                    after every `every` updates
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `momentum` | μ, in [0, 1) | 0.999 |
//! | `every` | updates between two resets | never: θ_T is then the plain moving average |
//!
//! **Preserves**: predictions and outputs of hidden layers are those of θ_T; training, measurements of a growth strategy
//! and the saved network use θ_H. θ_T follows growth: a new unit starts in both with its initial weights. Frozen parameters
//! do not change when θ_H is reset.

use crate::mechanism::{Context, Lens, Mechanism, Needs, Pass, Sight, Then, Update, Views};
use dentate_core::{Expr, LearnError, Slot, SlotKind, config};

/// θ_T.
const SLOW: &str = "slow";

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct HareAndTortoise {
        /// μ: share of the slow weights that is kept at an update.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        pub momentum: f32 = 0.999,
        /// Updates between two resets of the fast weights; never when absent.
        #[schemars(range(min = 1))]
        pub every: Option<u64> = None,
    }
}

impl Mechanism for HareAndTortoise {
    type State = ();

    fn needs(&self) -> Needs {
        Needs {
            views: Views {
                weights: true,
                ..Views::default()
            },
            rewrites: self.every.is_some(),
            ..Needs::slots(&[(SlotKind::Anchor, SLOW)])
        }
    }

    fn view(&self, (): &(), cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        let mut lens = Lens::default();
        let slow = cx.slot(SLOW)?;
        if sight.pass == Pass::Predict && cx.network.has(slow) {
            lens.weights = Some(slow);
        }
        Ok(lens)
    }

    fn before(&self, (): &mut (), cx: &mut Context<'_>, _: &Update<'_>) -> Result<(), LearnError> {
        let slow = cx.slot(SLOW)?;
        if !cx.network.has(slow) {
            cx.network.map(slow, &Slot::WEIGHT.into())?;
        }
        Ok(())
    }

    fn updated(&self, (): &mut (), cx: &mut Context<'_>, _: &Update<'_>) -> Result<Then, LearnError> {
        let slow = cx.slot(SLOW)?;
        let moved = self.momentum * Expr::slot(slow) + (1.0 - self.momentum) * Expr::slot(Slot::WEIGHT);
        cx.network.map(slow, &moved)?;
        let now = cx.network.clock().step;
        if self.every.is_some_and(|every| now.is_multiple_of(every)) {
            cx.network.map(Slot::WEIGHT, &slow.into())?;
        }
        Ok(Then::On)
    }
}

crate::register!(
    mechanism,
    HareAndTortoise,
    "hare-and-tortoise",
    summary = "Predicts with a slow moving average of the weights, to which the fast weights are reset at intervals.",
    citation = "Lee et al. 2024, arXiv:2406.02596",
    source = include_str!("hare_and_tortoise.rs"),
);

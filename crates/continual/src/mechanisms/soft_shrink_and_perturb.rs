//! Soft shrink and perturb: after every update, all weights are shrunk a little and perturbed a little.
//!
//! Juliani, A. & Ash, J. (2024). A study of plasticity loss in on-policy deep reinforcement learning. *NeurIPS*,
//! arXiv:2405.19153, after shrink and perturb (Ash & Adams 2020, arXiv:1910.08475):
//!
//! ```text
//! θ ← shrink · θ + noise · p    after every update, p a fresh draw of the network's initial weights
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `shrink` | factor on every weight and bias, in (0, 1] | 0.999999 |
//! | `noise` | factor on the fresh weights that are added, dimensionless | 1e-6 |
//! | `every` | updates between two applications | 1 |
//!
//! **Preserves** nothing exactly. Frozen parameters, gains and normalisations do not change. Biases are shrunk and not perturbed,
//! also where `bias_init` draws them. New units are treated like all others.
//!
//! **Departures.** p is normal with the variance of the initial draw, which may be uniform. Unlike `shrink-and-perturb`, it makes
//! no plan: it is arithmetic on the weights where they are, at the cost of one pass over them.

use super::initial_draw::fresh;
use crate::mechanism::{Context, Mechanism, Needs, Then, Update, Work};
use dentate_core::{Expr, LearnError, Slot, config};

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct SoftShrinkAndPerturb {
        /// Factor on every weight and bias.
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
        pub shrink: f32 = 0.999_999,
        /// Factor on the fresh weights that are added.
        #[schemars(range(min = 0.0))]
        pub noise: f32 = 1e-6,
        /// Updates between two applications.
        #[schemars(range(min = 1))]
        pub every: u64 = 1,
    }
}

impl SoftShrinkAndPerturb {
    /// The fresh weights of this update.
    fn fresh(&self, cx: &Context<'_>) -> Result<Expr, LearnError> {
        let seed = cx.seed(&format!("after/{}", cx.network.clock().step)).0;
        fresh(cx.init(), seed).ok_or_else(|| {
            let sentence = "it adds fresh weights drawn as the first ones were, and the learner's `init = \"identity\"` draws none: set \
                            another `init`";
            cx.failed(sentence.into())
        })
    }
}

impl Mechanism for SoftShrinkAndPerturb {
    type State = ();

    fn needs(&self) -> Needs {
        Needs {
            rewrites: true,
            ..Needs::default()
        }
    }

    fn begin(&self, (): &mut (), cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.fresh(cx).map(|_| Work::Done)
    }

    fn updated(&self, (): &mut (), cx: &mut Context<'_>, _: &Update<'_>) -> Result<Then, LearnError> {
        if cx.network.clock().step.is_multiple_of(self.every) {
            let weight = || Expr::slot(Slot::WEIGHT);
            let shaken = self.shrink * weight() + self.noise * self.fresh(cx)? * Expr::weights();
            // Weights and biases have inputs, other blocks have none.
            let moved = Expr::fan_in().greater(0.0).select(shaken, weight());
            cx.network.map(Slot::WEIGHT, &moved)?;
        }
        Ok(Then::On)
    }
}

crate::register!(
    mechanism,
    SoftShrinkAndPerturb,
    "soft-shrink-and-perturb",
    summary = "Shrinks all weights towards zero and adds noise, in small steps after every update.",
    citation = "Juliani & Ash 2024, arXiv:2405.19153",
    source = include_str!("soft_shrink_and_perturb.rs"),
);

//! AdamO: beside the optimizer's step, a decoupled step that pulls every matrix of weights towards an isometry.
//!
//! Rosseau, A., Müller, R. & Nowé, A. (2026). Preserving plasticity in continual learning via dynamical isometry. *ICML*,
//! arXiv:2606.09762. With the deviation from isometry on the shorter side,
//!
//! ```text
//! R(W) = ‖Wᵀ W − I‖²_F    with at least as many outputs as inputs, ‖W Wᵀ − I‖²_F otherwise
//! W ← W + (the optimizer's step) − η_iso λ ∇R(W),    ∇R(W) = 4 (W Wᵀ W − W) on either side
//! ```
//!
//! Both steps start from the weights before the update. The penalty does not enter the optimizer's moments, as weight decay does
//! not in AdamW. With Adam as the optimizer this is AdamO; beside another it is the same step.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless; at 0 the optimizer is as it was, to the bit | 0.1, this project's choice: the paper tunes it |
//! | `rate` | η_iso, the size of the step | the optimizer's learning rate η, as in the paper; a `schedule` does not change it |
//! | `every` | updates between two such steps, which are not made larger in return | 1 |
//!
//! It costs `2 · min(d_out, d_in)` multiply-adds for each weight, as many as the passes of `⅔ · min(d_out, d_in)` rows: for layers
//! of a hundred units about a batch of 64. They are not counted among those of training.
//!
//! **Preserves** every bit of frozen parameters, of biases, gains and normalisations beside the optimizer's step, and of matrices
//! that the update's gradient does not reach, such as the heads of other tasks. A row of zeros stays zero, and a new unit is pulled
//! like all others. A step diverges from about `η_iso λ σ² > ½` on, σ the largest singular value.
//!
//! **Departures.** A kernel of a convolution is one matrix of `d_in · area` columns.

use crate::mechanism::{Context, Mechanism, Needs, Then, Update};
use dentate_core::{Expr, LearnError, Optimizer, Slot, SlotKind, config, state};

/// W Wᵀ W − W.
const PULL: &str = "pull";

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct AdamO {
        /// λ: strength of the pull.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 0.1,
        /// η_iso: size of the step; the optimizer's learning rate when absent.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub rate: Option<f32> = None,
        /// Updates between two steps.
        #[schemars(range(min = 1))]
        pub every: u64 = 1,
    }
}

state! {
    /// True if a step goes with the update that is being made.
    pub struct Due {
        now: bool,
    }
}

fn learning_rate(optimizer: &Optimizer) -> f32 {
    match optimizer {
        Optimizer::Sgd { learning_rate, .. }
        | Optimizer::Adam { learning_rate, .. }
        | Optimizer::AdamW { learning_rate, .. } => *learning_rate,
    }
}

impl Mechanism for AdamO {
    type State = Due;

    fn needs(&self) -> Needs {
        Needs {
            gradient: true,
            rewrites: true,
            ..Needs::slots(&[(SlotKind::Statistic, PULL)])
        }
    }

    fn gradient(&self, due: &mut Due, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        let next = cx.network.clock().step + 1;
        due.now = self.strength > 0.0 && next.is_multiple_of(self.every);
        if due.now {
            let pull = cx.slot(PULL)?;
            cx.network
                .multiply(pull, Slot::WEIGHT, Slot::WEIGHT, Slot::WEIGHT)?;
            let off = Expr::slot(pull) - Slot::WEIGHT;
            let here = Expr::weights() * Expr::reached(gradient);
            cx.network.map(pull, &here.select(off, 0.0))?;
        }
        Ok(())
    }

    fn updated(&self, due: &mut Due, cx: &mut Context<'_>, _: &Update<'_>) -> Result<Then, LearnError> {
        if std::mem::take(&mut due.now) {
            let rate = self.rate.unwrap_or_else(|| learning_rate(cx.optimizer()));
            let step = 4.0 * rate * self.strength * Expr::slot(cx.slot(PULL)?);
            cx.network.map(Slot::WEIGHT, &(Expr::slot(Slot::WEIGHT) - step))?;
        }
        Ok(Then::On)
    }
}

crate::register!(
    mechanism,
    AdamO,
    "adamo",
    summary = "Pulls every weight matrix towards an isometry, in addition to the optimizer's step.",
    citation = "Rosseau et al. 2026, arXiv:2606.09762",
    source = include_str!("adamo.rs"),
);

//! Utility-based perturbed gradient descent (UPGD): weights of high utility change little, the others change and are
//! perturbed.
//!
//! Elsayed, M. & Mahmood, A. R. (2024). Addressing loss of plasticity and catastrophic forgetting in continual learning. *ICLR*,
//! arXiv:2404.00781. With g the gradient and ξ standard normal numbers,
//!
//! ```text
//! u ← β u − (1 − β) g·w,    û = u / (1 − β^t)
//! g ← (g + σ ξ) · (1 − sigmoid(û / max û))
//! ```
//!
//! globally, and locally, with the utility of a weight measured against those of the same unit,
//!
//! ```text
//! g ← (g + σ ξ) · (1 − sigmoid(û / ‖û of the weights into the unit‖₂))
//! ```
//!
//! The optimizer then updates with this g: with plain gradient descent this is the paper's `w ← (1 − ηλ) w − η (g + σξ)(1 −
//! sigmoid(û / max û))`, its decay being the optimizer's. t is the age of a weight in updates, and the maximum is over all
//! weights.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `decay` | β, in [0, 1) | 0.999 |
//! | `noise` | σ, in units of a gradient | 1e-3 |
//! | `scope` | `global`, or `local` to a unit | global |
//! | `maximum` | max û of the global form: `corrected`, as in the formula; or `uncorrected`, max u, as in the authors' code | corrected |
//!
//! **Preserves** nothing exactly. A new weight has u = 0 and an age of its own, so it changes as much as any weight without
//! utility. Frozen parameters keep every bit, and parameters that an update does not reach are not perturbed.
//!
//! **Departures.** The authors' code divides û by the maximum of the uncorrected averages, so the ratio is up to 1/(1 − β^t) larger
//! than the formula's: early useful weights are nearly frozen. `maximum = "uncorrected"` is that. If the maximum is not positive
//! there is nothing to compare with, and the factor is that of a utility of 0, one half, with either; in the code a negative
//! maximum turns the order of weights around. Locally, the biases of a layer are measured against one another, as in the code. An optimizer that normalises the gradient (Adam) also normalises the noise.

use crate::mechanism::{Context, Mechanism, Needs};
use dentate_core::{Expr, LearnError, Over, Reduction, Slot, SlotKind, config, state};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// u.
const UTILITY: &str = "utility";
/// 1 − β^t, from its own recursion, so that it restarts for a new weight.
const SHARE: &str = "share";

/// The maximum that utilities are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UtilityMaximum {
    /// max û, of the corrected averages: the formula.
    #[default]
    Corrected,
    /// max u, of the uncorrected averages: the authors' code.
    Uncorrected,
}

/// The weights that a utility is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UtilityScope {
    /// All weights of the network, by their maximum.
    #[default]
    Global,
    /// The weights into the same unit of one connection, by their Euclidean norm.
    Local,
}

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct UtilityPerturbedGradientDescent {
        /// β: share of the running mean that is kept at an update.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        pub decay: f32 = 0.999,
        /// σ: standard deviation of the noise on a gradient.
        #[schemars(range(min = 0.0))]
        pub noise: f32 = 1e-3,
        /// Weights that a utility is measured against.
        pub scope: UtilityScope = UtilityScope::Global,
        /// Maximum that utilities are divided by in the global form.
        pub maximum: UtilityMaximum = UtilityMaximum::Corrected,
    }
}

state! {
    /// True if a utility exists yet.
    pub struct Begun {
        any: bool,
    }
}

impl Mechanism for UtilityPerturbedGradientDescent {
    type State = Begun;

    fn needs(&self) -> Needs {
        Needs {
            gradient: true,
            ..Needs::slots(&[(SlotKind::Statistic, UTILITY), (SlotKind::Statistic, SHARE)])
        }
    }

    fn gradient(&self, begun: &mut Begun, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        let (utility, share) = (cx.slot(UTILITY)?, cx.slot(SHARE)?);
        let g = || Expr::slot(gradient);
        if !begun.any {
            cx.network.map(utility, &(0.0 * Expr::slot(Slot::WEIGHT)))?;
            cx.network.map(share, &(0.0 * Expr::slot(Slot::WEIGHT)))?;
            begun.any = true;
        }
        let gained = (1.0 - self.decay) * (g() * Slot::WEIGHT);
        cx.network
            .map(utility, &(self.decay * Expr::slot(utility) - gained))?;
        cx.network
            .map(share, &(self.decay * Expr::slot(share) + (1.0 - self.decay)))?;
        let corrected = Expr::slot(utility) / Expr::slot(share).max(f32::MIN_POSITIVE);
        let most = match (self.scope, self.maximum) {
            (UtilityScope::Local, _) => corrected.clone().norm(Over::Row),
            (_, UtilityMaximum::Corrected) => corrected.clone().reduce(Reduction::Max, Over::All),
            (_, UtilityMaximum::Uncorrected) => Expr::slot(utility).reduce(Reduction::Max, Over::All),
        };
        // Without a positive maximum, or without any utility at a unit, every ratio is 0.
        let ratio = most.clone().greater(0.0).select(corrected / most, 0.0);
        // 1 in the blocks that the gradient reached, so that noise reaches no other.
        let reached = (0.0 * g()).max(1.0);
        let touched = g().norm(Over::Block).greater(0.0);
        let noise = self.noise * touched * Expr::noise(cx.seed(&cx.network.clock().step.to_string()).0);
        let shaken = (g() + noise) * reached * (1.0 - ratio.sigmoid());
        Ok(cx.network.map(gradient, &shaken)?)
    }
}

crate::register!(
    mechanism,
    UtilityPerturbedGradientDescent,
    "upgd",
    summary = "Adds noise to each update, and scales both down by the utility of the weight.",
    citation = "Elsayed & Mahmood 2024, arXiv:2404.00781",
    source = include_str!("utility_perturbed_gradient_descent.rs"),
);

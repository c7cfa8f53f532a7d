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
use dentate_core::{Expr, LearnError, Over, Receipt, Reduction, Slot, SlotKind, config, state};
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
    /// The ages of weights.
    pub struct Ages {
        /// 1 − β^t, while all weights have the same age.
        share: f32,
        /// True if they differ, so that each has its own in a slot. Until then it holds 1.
        differ: bool,
        /// True from a growth to the next update if the slot still has 1 for what is old, and 0 for what is newborn: growth itself
        /// carries slots as they are.
        due: bool,
    }
}

impl Mechanism for UtilityPerturbedGradientDescent {
    type State = Ages;

    fn needs(&self) -> Needs {
        Needs {
            gradient: true,
            ..Needs::slots(&[(SlotKind::Statistic, UTILITY), (SlotKind::Statistic, SHARE)])
        }
    }

    fn gradient(&self, ages: &mut Ages, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        let (utility, share) = (cx.slot(UTILITY)?, cx.slot(SHARE)?);
        let (g, u, kept) = (|| Expr::slot(gradient), || Expr::slot(utility), 1.0 - self.decay);
        if !cx.network.has(utility) {
            let (none, same) = (Expr::constant(0.0), Expr::constant(1.0));
            cx.network.map_all(&[(utility, &none), (share, &same)])?;
        }
        let gained = self.decay * u() - kept * (g() * Slot::WEIGHT);
        if std::mem::take(&mut ages.due) {
            cx.network.map(share, &(ages.share * Expr::slot(share)))?;
        }
        if ages.differ {
            let older = self.decay * Expr::slot(share) + kept;
            cx.network.map_all(&[(utility, &gained), (share, &older)])?;
        } else {
            ages.share = self.decay * ages.share + kept;
            cx.network.map(utility, &gained)?;
        }
        let uncorrected = (self.scope, self.maximum) == (UtilityScope::Global, UtilityMaximum::Uncorrected);
        let corrected = match ages.differ {
            true => u() / Expr::slot(share).max(f32::MIN_POSITIVE),
            false if uncorrected => u() / ages.share.max(f32::MIN_POSITIVE),
            // What all weights share does not change their ratio to the largest one, or to those of a unit.
            false => u(),
        };
        let most = match self.scope {
            UtilityScope::Local => corrected.clone().norm(Over::Row),
            UtilityScope::Global if uncorrected => u().reduce(Reduction::Max, Over::All),
            UtilityScope::Global => corrected.clone().reduce(Reduction::Max, Over::All),
        };
        // Without a positive maximum, or without any utility at a unit, every ratio is 0.
        let ratio = corrected * most.clone().greater(0.0).select(-1.0 / most, 0.0);
        let shaken = if self.noise > 0.0 {
            let seed = cx.seed(&cx.network.clock().step.to_string()).0;
            g() + self.noise * Expr::noise(seed)
        } else {
            g()
        };
        // 1 − sigmoid(x) = sigmoid(−x). What the update does not reach stays as it is.
        let scaled = Expr::reached(gradient).select(shaken * ratio.sigmoid(), g());
        Ok(cx.network.map(gradient, &scaled)?)
    }

    fn grown(&self, ages: &mut Ages, cx: &mut Context<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        let share = cx.slot(SHARE)?;
        if !ages.differ && !receipt.parameters.is_empty() && cx.network.has(share) {
            (ages.differ, ages.due) = (true, true);
        }
        Ok(())
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

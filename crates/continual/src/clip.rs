//! Clipping of the gradient of the learner's own updates.
//!
//! - `norm = c`: `g ← g / max(1, ‖g‖ / c)`, with the Euclidean norm over all learned parameters (Pascanu et al. 2013, arXiv:1211.5063). At a norm
//!   of at most c every bit is kept.
//! - `value = c`: each entry is limited to [−c, c].
//!
//! g is the gradient of the loss and of the penalties of mechanisms, after their `gradient` hooks have changed it, and before the optimizer
//! adds its own `weight_decay`. Frozen parameters and blocks that are not reached have a gradient of 0: they do not count, and keep
//! every bit. A clipped update is a gradient and an update from it, where one without is a single step. A strategy's phases and
//! mechanisms' own updates are not clipped.

use dentate_core::{Expr, Over, Slot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A limit for the gradient of an update.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clip {
    /// The largest Euclidean norm of the whole gradient, which is scaled down to it.
    Norm(#[schemars(extend("exclusiveMinimum" = 0))] f32),
    /// The largest absolute value of an entry.
    Value(#[schemars(extend("exclusiveMinimum" = 0))] f32),
}

impl Clip {
    /// The clipped values of the gradient in a slot.
    pub(crate) fn of(self, gradient: Slot) -> Expr {
        let g = Expr::slot(gradient);
        match self {
            Self::Norm(most) => g.clone() / (g.norm(Over::All) / most).max(1.0),
            Self::Value(most) => g.clamp(-most, most),
        }
    }
}

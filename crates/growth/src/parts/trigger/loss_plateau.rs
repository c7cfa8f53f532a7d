//! Loss plateau: fires when the loss has stopped falling.
//!
//! With l_t the mean training loss between two checks, it fires at check t when
//!
//! ```text
//! (l_{t−w} − l_t) / |l_{t−w}| < threshold,
//! ```
//!
//! and not within w checks after it last fired or an experience began.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `threshold` | relative fall over the window below which it fires, dimensionless | 0.02 |
//! | `window` | w, in checks (the strategy's `every` is the number of updates between two) | 4 |

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::{CheckPeriod, Checks, Prospect};
use crate::strategy::{Hook, Reason, View};
use dentate_core::Unsuited;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LossPlateau {
    /// Relative fall of the loss over the window below which it fires.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// Checks between the two losses that are compared.
    #[schemars(range(min = 1))]
    pub window: usize,
}

impl Default for LossPlateau {
    fn default() -> Self {
        Self {
            threshold: 0.02,
            window: 4,
        }
    }
}

impl Part for LossPlateau {
    /// The losses since it last fired, at most as many as the window needs.
    type State = Vec<f64>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let needed = (self.window as u64).saturating_add(1);
        let largest = |checks: Checks| checks.count.saturating_sub(1);
        run.needs_checks("window", self.window, needed, CheckPeriod::OneExperience, largest)
    }
}

impl Trigger for LossPlateau {
    fn fires(&self, losses: &mut Vec<f64>, view: &View<'_>) -> Answered<Decision> {
        let rest = |reason| Ok(Answer::Is(Decision::Wait(reason)));
        if view.hook == Hook::Begin {
            losses.clear(); // the loss jumps when an experience begins
        }
        let (Some(loss), Hook::Update) = (view.loss, view.hook) else {
            return rest(Reason::NotNow);
        };
        losses.push(loss);
        if losses.len() <= self.window {
            return rest(Reason::Waiting);
        }
        let before = losses.remove(0);
        if before - loss >= self.threshold * before.abs() {
            return rest(Reason::Improving);
        }
        losses.clear();
        let fall = (before - loss) / before.abs();
        Ok(Answer::Is(
            Decision::grow(1.0).because("relative fall of the loss", fall),
        ))
    }
}

crate::register!(
    trigger,
    LossPlateau,
    "loss-plateau",
    summary = "Fires when the training loss has stopped falling.",
    citation = "this project",
    source = include_str!("loss_plateau.rs"),
);

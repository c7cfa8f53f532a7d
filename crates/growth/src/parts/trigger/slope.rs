//! Slope: the trigger of dynamic node creation as a part.
//!
//! Ash, T. (1989). Dynamic node creation in backpropagation networks. *Connection Science* 1(4), 365–375. With a_t the mean
//! loss at check t and t₀ the first check after the last growth, it fires when
//!
//! ```text
//! |a_t − a_{t−w}| / a_{t₀} < Δ_T   and   t − w ≥ t₀,
//! ```
//!
//! and no longer in this experience once `a_t ≤ C_a`.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `slope` | Δ_T, dimensionless | 0.05 (commonly quoted; not checked against the paper) |
//! | `window` | w, in checks of the strategy | 20 |
//! | `mean_error` | C_a, in units of the loss | 0.001 |
//!
//! **Departures.** The paper's second condition, on the largest squared error, requires measuring every row at every check;
//! `dynamic-node-creation` has it. On classes, where it does not apply, the two grow alike.

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::{CheckPeriod, Checks, Prospect};
use crate::strategy::{Hook, Reason, View};
use dentate_core::Unsuited;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Slope {
    /// Δ_T: it fires when the relative fall over the window is below this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub slope: f64,
    /// w, in checks.
    #[schemars(range(min = 1))]
    pub window: usize,
    /// C_a: loss at which it no longer fires.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub mean_error: f64,
}

impl Default for Slope {
    fn default() -> Self {
        Self {
            slope: 0.05,
            window: 20,
            mean_error: 0.001,
        }
    }
}

/// The error curve since the last growth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SinceGrowth {
    errors: Vec<f64>,
    satisfied: bool,
}

impl Part for Slope {
    type State = SinceGrowth;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let needed = (self.window as u64).saturating_add(1);
        let largest = |checks: Checks| checks.count.saturating_sub(1);
        run.needs_checks("window", self.window, needed, CheckPeriod::OneExperience, largest)
    }
}

impl Trigger for Slope {
    fn fires(&self, curve: &mut SinceGrowth, view: &View<'_>) -> Answered<Decision> {
        let rest = |reason| Ok(Answer::Is(Decision::Wait(reason)));
        if view.hook == Hook::Begin {
            *curve = SinceGrowth::default();
        }
        let (Some(error), Hook::Update) = (view.loss, view.hook) else {
            return rest(Reason::NotNow);
        };
        curve.satisfied |= error <= self.mean_error;
        if curve.satisfied {
            return rest(Reason::Improving);
        }
        curve.errors.push(error);
        let Some(before) = curve.errors.len().checked_sub(1 + self.window) else {
            return rest(Reason::Waiting);
        };
        let fall = (error - curve.errors[before]).abs() / curve.errors[0].max(f64::MIN_POSITIVE);
        if fall >= self.slope {
            return rest(Reason::Improving);
        }
        curve.errors.clear();
        Ok(Answer::Is(
            Decision::grow(1.0).because("relative fall of the loss", fall),
        ))
    }
}

crate::register!(
    trigger,
    Slope,
    "slope",
    summary = "Fires when the relative fall of the loss since the last growth has become small.",
    citation = "Ash 1989, Connection Science 1(4), 365-375",
    source = include_str!("slope.rs"),
);

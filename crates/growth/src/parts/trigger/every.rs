//! Every: fires at every n-th check, whatever the loss. The control for triggers that use losses or measurements.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `checks` | n, in checks of the strategy | 10 |

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, View};
use dentate_core::Unsuited;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Every {
    /// Checks between two growths.
    #[schemars(range(min = 1))]
    pub checks: u64,
}

impl Default for Every {
    fn default() -> Self {
        Self { checks: 10 }
    }
}

impl Part for Every {
    /// Checks since it last fired.
    type State = u64;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_checks("checks", self.checks, self.checks, CheckPeriod::TheRun, |run| {
            run.count
        })
    }
}

impl Trigger for Every {
    fn fires(&self, since: &mut u64, view: &View<'_>) -> Answered<Decision> {
        if view.hook != Hook::Update {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        *since += 1;
        if *since < self.checks {
            return Ok(Answer::Is(Decision::Wait(Reason::Waiting)));
        }
        *since = 0;
        Ok(Answer::Is(Decision::grow(1.0)))
    }
}

crate::register!(
    trigger,
    Every,
    "every",
    summary = "Fires at every n-th check: the control for triggers that depend on losses or measurements.",
    citation = "control",
    source = include_str!("every.rs"),
);

//! Every: it is time at every n-th look, whatever the loss does. The control for triggers that look at something.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `looks` | n, in looks of the strategy | 10 |

use crate::parts::{Answer, Answered, Part, Trigger, Verdict};
use crate::prospect::{Prospect, Within};
use crate::strategy::{Occasion, Reason, View};
use dentate_core::Unsuited;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Every {
    /// Looks between two growths.
    #[schemars(range(min = 1))]
    pub looks: u64,
}

impl Default for Every {
    fn default() -> Self {
        Self { looks: 10 }
    }
}

impl Part for Every {
    /// Looks since it last fired.
    type State = u64;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_looks("looks", self.looks, self.looks, Within::TheRun)
    }
}

impl Trigger for Every {
    fn fires(&self, since: &mut u64, view: &View<'_>) -> Answered<Verdict> {
        if view.occasion != Occasion::Update {
            return Ok(Answer::Is(Verdict::Rest(Reason::NotNow)));
        }
        *since += 1;
        if *since < self.looks {
            return Ok(Answer::Is(Verdict::Rest(Reason::Waiting)));
        }
        *since = 0;
        Ok(Answer::Is(Verdict::Grow(1.0)))
    }
}

crate::register!(
    trigger,
    Every,
    "every",
    summary = "Fires at every n-th look: the control for triggers that look at something.",
    citation = "control",
    source = include_str!("every.rs"),
);

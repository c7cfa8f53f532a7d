//! Experience start: fires once at the beginning of each experience.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `first` | whether the first experience counts too | false |

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::Prospect;
use crate::strategy::{Hook, Reason, View};
use dentate_core::Unsuited;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExperienceStart {
    /// If true, the first experience counts too.
    pub first: bool,
}

impl Part for ExperienceStart {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        if !self.first && run.stream.experiences.len() < 2 {
            let reason = "the learner sees one experience, and nothing could ever grow: set `first = true`";
            return Err(Unsuited::new("first", self.first, reason));
        }
        Ok(())
    }
}

impl Trigger for ExperienceStart {
    fn fires(&self, _: &mut (), view: &View<'_>) -> Answered<Decision> {
        let due = view.hook == Hook::Begin && (self.first || view.experience.index > 0);
        Ok(Answer::Is(if due {
            Decision::grow(1.0)
        } else {
            Decision::Wait(Reason::NotNow)
        }))
    }
}

crate::register!(
    trigger,
    ExperienceStart,
    "experience-start",
    summary = "Fires once when an experience begins.",
    citation = "this project",
    source = include_str!("experience_start.rs"),
);

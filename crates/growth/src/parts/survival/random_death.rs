//! Random death: of the new units whose probation is over, removes a fixed share, drawn at random. The control for rules
//! that use utilities.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `probation` | age at which a new unit is evaluated, in updates | 100 |
//! | `share` | share of new units that is removed, in [0, 1] | 0.5 |

use super::evaluation::{Evaluation, due};
use super::utility_of::{Ablation, Utility};
use super::utility_share::ProbationState;
use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::strategy::View;
use dentate_core::MeterKind;
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the survival rule; see [the module](self).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RandomDeath {
    /// Age at which a new unit is evaluated, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Share of new units that is removed.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}

impl Default for RandomDeath {
    fn default() -> Self {
        Self {
            probation: 100,
            share: 0.5,
        }
    }
}

impl Part for RandomDeath {
    type State = ProbationState;

    /// The mean outputs to fold into biases, and the meter that makes it run like the rules it is the control for.
    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, Utility::Contribution.meter()]
    }
}

impl Survival for RandomDeath {
    fn removals(
        &self,
        checked: &mut ProbationState,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let mut dead = Vec::new();
        let mut random = view.seed.derive("random-death").random();
        let evaluation = Evaluation::by(Utility::Contribution, self.probation, Ablation::default());
        let all = match due(&mut checked.through, view, grown, &evaluation)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for mut due in all {
            due.young.shuffle(&mut random);
            let quota = checked.quota(due.layer, self.share / threshold_scale, due.young.len());
            let (gone, staying) = due.young.split_at(quota);
            checked.through.extend(staying.iter().map(|y| y.unit));
            dead.extend(due.dead(gone));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register!(
    survival,
    RandomDeath,
    "random-death",
    summary = "Removes a random share of the newborn units after their probation: the control.",
    citation = "control",
    source = include_str!("random_death.rs"),
);

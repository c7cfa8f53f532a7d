//! Compete for budget: a layer keeps a limited number of grown units; beyond it, those with the lowest utility are removed.
//!
//! When the grown units of a layer whose probation is over are more than `⌊budget · threshold_scale⌋`, those with the
//! lowest utility are removed until they are not. Units still on probation do not count and are not removed.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity`, `contribution`, `gradient`, `gxd`, `grama` or `ablation` | contribution |
//! | `probation` | age at which a new unit begins to compete, in updates | 100 |
//! | `budget` | grown units that a layer keeps | 32 |
//! | `ablation` | cost limits of ablations: `rows` of the experience, `candidates` new units per layer and check | 256, 32 |
//!
//! Ablations need rows that can be revisited: of the new units that are due, the `candidates` with the lowest contribution
//! compete, and a check removes no more than these.
//!
//! **Departures.** There is no canonical algorithm; competition for a fixed supply is how the survival of adult-born neurons is
//! often described (Tashiro et al. 2006, *Nature* 442, 929–933).

use super::evaluation::{Evaluation, due};
use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{MeterKind, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of the survival rule; see [the module](self) for units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompeteForBudget {
    /// Utility that units are ranked by.
    pub utility: Utility,
    /// Cost limits of ablations.
    pub ablation: Ablation,
    /// Age at which a new unit begins to compete, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Grown units that a layer keeps.
    pub budget: usize,
}

impl Default for CompeteForBudget {
    fn default() -> Self {
        Self {
            utility: Utility::Contribution,
            ablation: Ablation::default(),
            probation: 100,
            budget: 32,
        }
    }
}

impl Part for CompeteForBudget {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.utility.suits(run, self.ablation)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
    }
}

impl Survival for CompeteForBudget {
    fn removals(
        &self,
        _: &mut (),
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let budget = (self.budget as f64 * threshold_scale).min(u32::MAX.into()) as usize;
        let mut dead = Vec::new();
        // No unit passes for good: all units past probation compete every time.
        let evaluation = Evaluation {
            room: budget,
            ..Evaluation::by(self.utility, self.probation, self.ablation)
        };
        let all = match due(&mut BTreeSet::new(), view, grown, &evaluation)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for mut due in all {
            due.rank();
            let over = due.all.saturating_sub(budget).min(due.young.len());
            dead.extend(due.dead(&due.young[..over]));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register!(
    survival,
    CompeteForBudget,
    "compete-for-budget",
    summary = "Limits the grown units of a layer; those with the lowest utility are removed.",
    citation = "this project, after Tashiro et al. 2006",
    source = include_str!("compete_for_budget.rs"),
);

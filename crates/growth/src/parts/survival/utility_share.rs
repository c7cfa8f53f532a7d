//! Utility share: of the new units whose probation is over, removes a fixed share, those with the lowest utility.
//!
//! Of the n new units of a layer that reached the end of their probation since the last removal, plus fractions left over
//! from earlier ones, the `⌊share / threshold_scale · n⌋` with the lowest utility are removed. So utility decides which
//! units are removed, and the share alone how many, which makes `random-death` at the same share its control.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity`, `contribution`, `gradient`, `gxd`, `grama` or `ablation` | contribution |
//! | `probation` | age at which a new unit is evaluated, in updates | 100 |
//! | `share` | share of new units that is removed, in [0, 1] | 0.5 |
//! | `ablation` | cost limits of ablations: `rows` of the experience, `candidates` new units per layer and check | 256, 32 |
//!
//! Ablations need rows that can be revisited: of the new units that are due, the `candidates` with the lowest contribution
//! are evaluated, and the others wait for the next check.
//!
//! Biological analogue: about half of the adult-born granule cells die within weeks, and activity decides which (Tashiro et
//! al. 2006, *Nature* 442, 929–933). **Departures.** There is no canonical algorithm.

use super::evaluation::{Evaluation, due};
use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{LayerId, MeterKind, UnitId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Configuration of the survival rule; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UtilityShare {
    /// Utility that units are ranked by.
    pub utility: Utility,
    /// Cost limits of ablations.
    pub ablation: Ablation,
    /// Age at which a new unit is evaluated, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Share of new units that is removed.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}

impl Default for UtilityShare {
    fn default() -> Self {
        Self {
            utility: Utility::Contribution,
            ablation: Ablation::default(),
            probation: 100,
            share: 0.5,
        }
    }
}

/// The units that were evaluated and survive, and fractions of units still to be removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProbationState {
    pub(super) through: BTreeSet<UnitId>,
    pub(super) budget: BTreeMap<LayerId, f64>,
}

impl ProbationState {
    /// The whole number of units in `share · n` plus the remainder of earlier calls, at most `n`.
    pub(super) fn quota(&mut self, layer: LayerId, share: f64, n: usize) -> usize {
        let budget = self.budget.entry(layer).or_default();
        *budget += share.min(1.0) * n as f64;
        let whole = budget.floor().min(n as f64);
        *budget -= whole;
        whole as usize
    }
}

impl Part for UtilityShare {
    type State = ProbationState;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.utility.suits(run, self.ablation)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
    }
}

impl Survival for UtilityShare {
    fn removals(
        &self,
        checked: &mut ProbationState,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let mut dead = Vec::new();
        let evaluation = Evaluation::by(self.utility, self.probation, self.ablation);
        let all = match due(&mut checked.through, view, grown, &evaluation)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for mut due in all {
            due.rank();
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
    UtilityShare,
    "utility-share",
    summary = "Removes the share of newborn units with the lowest utility after their probation.",
    citation = "this project, after Tashiro et al. 2006",
    source = include_str!("utility_share.rs"),
);

//! Utility share: of the newborn units whose probation is over, those with the lowest utility go, a fixed share of them.
//!
//! Of the n newborns of a layer that come to the end of their probation since somebody was last sent away, with what is left
//! over from earlier ones, `⌊share / leniency · n⌋` go: those with the lowest utility. So who goes is decided by what units do,
//! and how many by the share alone, which makes `random-death` at the same share its control.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity`, `contribution`, `gradient` or `ablation` | contribution |
//! | `probation` | age at which a newborn is judged, in updates | 100 |
//! | `share` | share of newborns that go, in [0, 1] | 0.5 |
//! | `ablation` | what ablations may cost: `rows` of the experience, `candidates` newborns of a layer at a look | 256, 32 |
//!
//! Ablations need rows that may be looked at again: of newborns that are due, the `candidates` with the lowest contribution are
//! judged, and the others wait for the next look.
//!
//! What it mirrors: about half of the adult-born granule cells die within weeks, and activity decides which (Tashiro et al.
//! 2006, *Nature* 442, 929–933). **Departures.** There is no canonical algorithm.

use super::judging::{Judging, due};
use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, Dead, Part, Survival, Young};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{LayerId, MeterKind, UnitId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UtilityShare {
    /// What a unit is judged by.
    pub utility: Utility,
    /// What ablations may cost.
    pub ablation: Ablation,
    /// Age at which a newborn is judged, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Share of newborns that go.
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

/// Who has been judged and stays, and fractions of units owed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub(super) through: BTreeSet<UnitId>,
    pub(super) owed: BTreeMap<LayerId, f64>,
}

impl Judged {
    /// As many as `share` of `n` units and what was left over come to.
    pub(super) fn quota(&mut self, layer: LayerId, share: f64, n: usize) -> usize {
        let owed = self.owed.entry(layer).or_default();
        *owed += share.min(1.0) * n as f64;
        let whole = owed.floor().min(n as f64);
        *owed -= whole;
        whole as usize
    }
}

impl Part for UtilityShare {
    type State = Judged;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.utility.suits(run, self.ablation)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
    }
}

impl Survival for UtilityShare {
    fn judge(
        &self,
        judged: &mut Judged,
        view: &View<'_>,
        grown: &[Young],
        leniency: f64,
    ) -> Answered<Vec<Dead>> {
        let mut dead = Vec::new();
        let judging = Judging::by(self.utility, self.probation, self.ablation);
        let all = match due(&mut judged.through, view, grown, &judging)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for mut due in all {
            due.rank();
            let quota = judged.quota(due.layer, self.share / leniency, due.young.len());
            let (gone, staying) = due.young.split_at(quota);
            judged.through.extend(staying.iter().map(|y| y.unit));
            dead.extend(due.dead(gone));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register!(
    survival,
    UtilityShare,
    "utility-share",
    summary = "Of the newborn units whose probation is over, the share with the lowest utility goes.",
    citation = "this project, after Tashiro et al. 2006",
    source = include_str!("utility_share.rs"),
);

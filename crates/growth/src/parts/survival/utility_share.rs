//! Utility share: of the newborn units whose probation is over, those with the lowest utility go, a fixed share of them.
//!
//! Of the n newborns of a layer that come to the end of their probation since somebody was last sent away, with what is left
//! over from earlier ones, `⌊share / leniency · n⌋` go: those with the lowest utility. So who goes is decided by what units do,
//! and how many by the share alone, which makes `random-death` at the same share its control.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity` or `contribution` | contribution |
//! | `probation` | age at which a newborn is judged, in updates | 100 |
//! | `share` | share of newborns that go, in [0, 1] | 0.5 |
//!
//! What it mirrors: about half of the adult-born granule cells die within weeks, and activity decides which (Tashiro et al.
//! 2006, *Nature* 442, 929–933). **Departures.** There is no canonical algorithm.

use super::judging::due;
use super::utility_of::Utility;
use crate::parts::{Answer, Answered, Dead, Part, Survival, Young};
use crate::strategy::View;
use dentate_core::{ConfigError, LayerId, MeterKind, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UtilityShare {
    /// What a unit is judged by.
    pub utility: Utility,
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

    fn validate(&self) -> Result<(), ConfigError> {
        if self.probation == 0 {
            return Err(ConfigError::new("probation", 0, "at least 1"));
        }
        if !(0.0..=1.0).contains(&self.share) {
            return Err(ConfigError::new("share", self.share, "from 0 to 1"));
        }
        Ok(())
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
        for mut due in due(&mut judged.through, view, grown, self.probation, self.utility) {
            let utility = due.utility;
            due.young.sort_by(|a, b| {
                utility[a.position]
                    .total_cmp(&utility[b.position])
                    .then(a.unit.cmp(&b.unit))
            });
            let quota = judged.quota(due.layer, self.share / leniency, due.young.len());
            let (gone, staying) = due.young.split_at(quota);
            judged.through.extend(staying.iter().map(|y| y.unit));
            dead.extend(due.dead(gone));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register_part!(
    survival,
    UtilityShare,
    "utility-share",
    summary = "Of the newborn units whose probation is over, the share with the lowest utility goes.",
    citation = "this project, after Tashiro et al. 2006",
    source = include_str!("utility_share.rs"),
);

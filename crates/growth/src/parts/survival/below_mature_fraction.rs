//! Below mature fraction: a newborn unit that, when its probation is over, does less than a fraction of what mature units do,
//! has to go.
//!
//! With u_i the utility of unit i, a running mean over its life (`activity`: mean|h_i|; `contribution`: mean|h_i| · mean|w_out,i|,
//! Dohare et al. 2024, *Nature* 632, 768–774), a unit whose age has reached the probation is judged once, and goes when
//!
//! ```text
//! u_i < (fraction / leniency) · mean of u over the layer's units older than the probation.
//! ```
//!
//! Its mean output stays behind in the biases of the layers it fed. What it mirrors: adult-born granule cells of the dentate
//! gyrus pass a critical window, and those that are not active in it die (Tashiro et al. 2006, *Nature* 442, 929–933).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity` or `contribution` | contribution |
//! | `probation` | age at which a newborn is judged, in updates | 100 |
//! | `fraction` | share of the mature mean below which it goes, dimensionless | 0.1 |
//!
//! **Departures.** There is no canonical algorithm; this is one point of the design space. Where a layer has no mature unit
//! to compare with, nobody goes.

use super::judging::{Due, due};
use super::utility_of::Utility;
use crate::parts::{Answer, Answered, Dead, Part, Survival, Young, positive};
use crate::strategy::View;
use dentate_core::{ConfigError, MeterKind, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BelowMatureFraction {
    /// What a unit is judged by.
    pub utility: Utility,
    /// Age at which a newborn is judged, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Share of the mean utility of mature units below which it goes.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub fraction: f64,
}

impl Default for BelowMatureFraction {
    fn default() -> Self {
        Self {
            utility: Utility::Contribution,
            probation: 100,
            fraction: 0.1,
        }
    }
}

impl Part for BelowMatureFraction {
    /// Who has been judged, and stays.
    type State = BTreeSet<UnitId>;

    fn validate(&self) -> Result<(), ConfigError> {
        if self.probation == 0 {
            return Err(ConfigError::new("probation", 0, "at least 1"));
        }
        positive("fraction", self.fraction)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
    }
}

impl BelowMatureFraction {
    /// Mean utility of the units that are through; those that are being judged do not count.
    fn mature(&self, due: &Due<'_>) -> Option<f64> {
        let judged: BTreeSet<usize> = due.young.iter().map(|y| y.position).collect();
        let mature = |&i: &usize| due.ages[i] >= self.probation && !judged.contains(&i);
        let units = (0..due.utility.len()).filter(mature);
        let mature: Vec<f64> = units.map(|i| f64::from(due.utility[i])).collect();
        (!mature.is_empty()).then(|| mature.iter().sum::<f64>() / mature.len() as f64)
    }
}

impl Survival for BelowMatureFraction {
    fn judge(
        &self,
        through: &mut BTreeSet<UnitId>,
        view: &View<'_>,
        grown: &[Young],
        leniency: f64,
    ) -> Answered<Vec<Dead>> {
        let mut dead = Vec::new();
        for due in due(through, view, grown, self.probation, self.utility) {
            // Without anybody to compare with they stay, and are not judged again.
            let floor = self
                .mature(&due)
                .map_or(0.0, |mature| self.fraction / leniency * mature);
            let (gone, staying): (Vec<Young>, Vec<Young>) = due
                .young
                .iter()
                .partition(|y| f64::from(due.utility[y.position]) < floor);
            through.extend(staying.iter().map(|y| y.unit));
            dead.extend(due.dead(&gone));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register_part!(
    survival,
    BelowMatureFraction,
    "below-mature-fraction",
    summary =
        "A newborn unit goes when, its probation over, it does less than a fraction of what mature units do.",
    citation = "this project, after Dohare et al. 2024 and Tashiro et al. 2006",
    source = include_str!("below_mature_fraction.rs"),
);

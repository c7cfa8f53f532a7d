//! Below mature fraction: a newborn unit that, when its probation is over, does less than a fraction of what mature units do,
//! has to go.
//!
//! With u_i the utility of unit i, a running mean over its life (`activity`: mean|h_i|; `contribution`: mean|h_i| · mean|w_out,i|,
//! Dohare et al. 2024, *Nature* 632, 768–774; `gradient`: Σ|h_i · ∂L/∂h_i|, Molchanov et al. 2017, arXiv:1611.06440) or what the
//! loss rises by when the unit puts out its mean (`ablation`), a unit whose age has reached the probation is judged once, and goes
//! when
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
//! | `utility` | `activity`, `contribution`, `gradient` or `ablation` | contribution |
//! | `probation` | age at which a newborn is judged, in updates | 100 |
//! | `fraction` | share of the mature mean below which it goes, dimensionless | 0.1 |
//! | `ablation` | what ablations may cost: `rows` of the experience, `candidates` newborns of a layer at a look | 256, 32 |
//!
//! Ablations need rows that may be looked at again: of newborns that are due, the `candidates` with the lowest contribution are
//! judged, and the others wait for the next look. As many mature units at most, at even distances in their layer, stand for all.
//!
//! **Departures.** There is no canonical algorithm; this is one point of the design space. Where a layer has no mature unit
//! to compare with, nobody goes.

use super::judging::{Judging, due};
use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, Dead, Part, Survival, Young};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{MeterKind, UnitId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BelowMatureFraction {
    /// What a unit is judged by.
    pub utility: Utility,
    /// What ablations may cost.
    pub ablation: Ablation,
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
            ablation: Ablation::default(),
            probation: 100,
            fraction: 0.1,
        }
    }
}

impl Part for BelowMatureFraction {
    /// Who has been judged, and stays.
    type State = BTreeSet<UnitId>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.utility.suits(run, self.ablation)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
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
        let judging = Judging {
            compares: true,
            ..Judging::by(self.utility, self.probation, self.ablation)
        };
        let all = match due(through, view, grown, &judging)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for due in all {
            // Without anybody to compare with they stay, and are not judged again.
            let mature = due.mature();
            let below = |y: &Young| {
                let floor = mature.map(|mature| self.fraction / leniency * mature);
                floor.is_some_and(|floor| f64::from(due.utility(y)) < floor)
            };
            let (gone, staying): (Vec<Young>, Vec<Young>) = due.young.iter().partition(|y| below(y));
            through.extend(staying.iter().map(|y| y.unit));
            dead.extend(due.dead(&gone));
        }
        Ok(Answer::Is(dead))
    }
}

crate::register!(
    survival,
    BelowMatureFraction,
    "below-mature-fraction",
    summary =
        "A newborn unit goes when, its probation over, it does less than a fraction of what mature units do.",
    citation = "this project, after Dohare et al. 2024 and Tashiro et al. 2006",
    source = include_str!("below_mature_fraction.rs"),
);

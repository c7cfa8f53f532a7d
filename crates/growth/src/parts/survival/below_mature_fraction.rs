//! Below mature fraction: removes a new unit whose utility at the end of its probation is below a fraction of that of
//! mature units.
//!
//! With u_i the utility of unit i, a running mean over its lifetime (`activity`: mean|h_i|; `contribution`: mean|h_i| ·
//! mean|w_out,i|, Dohare et al. 2024, *Nature* 632, 768–774; `gradient`: Σ|h_i · ∂L/∂h_i|, Molchanov et al. 2017,
//! arXiv:1611.06440; `gxd`: Σ|(h_i − ĥ_i) · ∂L/∂h_i|, arXiv:2605.06834; `grama`: Σ|∂L/∂z_i|, Liu et al. 2025,
//! arXiv:2505.24061) or the rise of the loss when the unit's output is fixed at its mean (`ablation`), a unit whose age has
//! reached the probation is evaluated once, and removed if
//!
//! ```text
//! u_i < (fraction / threshold_scale) · mean of u over the layer's units older than the probation.
//! ```
//!
//! Its mean output is folded into the biases of the layers it fed. Biological analogue: adult-born granule cells of the
//! dentate gyrus pass through a critical window, and those that are not active in it die (Tashiro et al. 2006, *Nature*
//! 442, 929–933).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility` | `activity`, `contribution`, `gradient`, `gxd`, `grama` or `ablation` | contribution |
//! | `probation` | age at which a new unit is evaluated, in updates | 100 |
//! | `fraction` | share of the mature mean below which it is removed, dimensionless | 0.1 |
//! | `ablation` | cost limits of ablations: `rows` of the experience, `candidates` new units per layer and check | 256, 32 |
//!
//! Ablations need rows that can be revisited: of the new units that are due, the `candidates` with the lowest contribution
//! are evaluated, and the others wait for the next check. At most as many mature units, evenly spaced in their layer,
//! represent all mature units.
//!
//! **Departures.** There is no canonical algorithm; this is one point of the design space. If a layer has no mature unit to
//! compare with, none is removed.

use super::evaluation::{Evaluation, due};
use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{MeterKind, UnitId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of the survival rule; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BelowMatureFraction {
    /// Utility that units are evaluated on.
    pub utility: Utility,
    /// Cost limits of ablations.
    pub ablation: Ablation,
    /// Age at which a new unit is evaluated, in updates.
    #[schemars(range(min = 1))]
    pub probation: u64,
    /// Share of the mean utility of mature units below which a new unit is removed.
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
    /// The units that were evaluated and survive.
    type State = BTreeSet<UnitId>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.utility.suits(run, self.ablation)
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Activation, self.utility.meter()]
    }
}

impl Survival for BelowMatureFraction {
    fn removals(
        &self,
        through: &mut BTreeSet<UnitId>,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let mut dead = Vec::new();
        let evaluation = Evaluation {
            compares: true,
            ..Evaluation::by(self.utility, self.probation, self.ablation)
        };
        let all = match due(through, view, grown, &evaluation)? {
            Answer::Is(all) => all,
            Answer::Ask(question) => return Ok(Answer::Ask(question)),
        };
        for due in all {
            // Without mature units to compare with they survive, and are not evaluated again.
            let mature = due.mature();
            let below = |y: &NewUnit| {
                let floor = mature.map(|mature| self.fraction / threshold_scale * mature);
                floor.is_some_and(|floor| f64::from(due.utility(y)) < floor)
            };
            let (gone, staying): (Vec<NewUnit>, Vec<NewUnit>) = due.young.iter().partition(|y| below(y));
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
    summary = "Removes newborn units whose utility after probation is below a fraction of the mature units'.",
    citation = "this project, after Dohare et al. 2024 and Tashiro et al. 2006",
    source = include_str!("below_mature_fraction.rs"),
);

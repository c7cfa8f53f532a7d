//! Below mature fraction: a newborn unit that, when its probation is over, does less than a fraction of what mature units do,
//! has to go.
//!
//! With the utility of a unit its contribution, `u_i = mean|h_i| · mean|w_out,i|`, a running mean (Dohare et al. 2024,
//! *Nature* 632, 768–774), unit i of a layer whose age has reached the probation is judged once, and goes when
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
//! | `probation` | age at which a newborn is judged, in updates | 100 |
//! | `fraction` | share of the mature mean below which it goes, dimensionless | 0.1 |
//!
//! **Departures.** There is no canonical algorithm; this is one point of the design space. Where a layer has no mature unit
//! to compare with, nobody goes.

use crate::parts::{Answer, Answered, Dead, Part, Survival, Young, positive};
use crate::strategy::View;
use dentate_core::{ConfigError, MeterKind, Readings, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BelowMatureFraction {
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
        vec![MeterKind::Activation, MeterKind::Contribution]
    }
}

impl BelowMatureFraction {
    /// Mean utility of the units that are through, with those that are being judged left out.
    fn mature(&self, utility: &[f32], ages: &[u64], judged: &BTreeSet<usize>) -> Option<f64> {
        let mature = |&i: &usize| ages[i] >= self.probation && !judged.contains(&i);
        let mature: Vec<f64> = (0..utility.len())
            .filter(mature)
            .map(|i| f64::from(utility[i]))
            .collect();
        (!mature.is_empty()).then(|| mature.iter().sum::<f64>() / mature.len() as f64)
    }
}

/// Two meters of a layer.
fn meters(readings: &Readings) -> Option<(&[f32], &[f32])> {
    let of = |kind| readings.values.get(&kind).map(Vec::as_slice);
    Some((of(MeterKind::Contribution)?, of(MeterKind::Activation)?))
}

impl Survival for BelowMatureFraction {
    fn judge(
        &self,
        through: &mut BTreeSet<UnitId>,
        view: &View<'_>,
        grown: &[Young],
        leniency: f64,
    ) -> Answered<Vec<Dead>> {
        let living: BTreeSet<UnitId> = grown.iter().map(|y| y.unit).collect();
        through.retain(|unit| living.contains(unit));
        let mut due: BTreeMap<_, Vec<&Young>> = BTreeMap::new();
        for young in grown {
            if young.age >= self.probation && !through.contains(&young.unit) {
                due.entry(young.layer).or_default().push(young);
            }
        }
        let mut dead = Vec::new();
        for (layer, due) in due {
            let Some(readings) = view.readings.and_then(|all| all.get(&layer)) else {
                continue;
            };
            let Some((utility, mean)) = meters(readings) else {
                continue;
            };
            let judged: BTreeSet<usize> = due.iter().map(|y| y.position).collect();
            // Without anybody to compare with they stay, and are not judged again.
            let mature = self.mature(utility, &readings.age, &judged);
            let floor = mature.map_or(0.0, |mature| self.fraction / leniency * mature);
            let (gone, staying): (Vec<&Young>, Vec<&Young>) =
                due.iter().partition(|y| f64::from(utility[y.position]) < floor);
            through.extend(staying.iter().map(|y| y.unit));
            if !gone.is_empty() {
                dead.push(Dead {
                    layer,
                    units: gone.iter().map(|y| y.unit).collect(),
                    absorb: gone.iter().map(|y| mean[y.position]).collect(),
                });
            }
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

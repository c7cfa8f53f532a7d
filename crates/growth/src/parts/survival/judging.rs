//! What the survival rules have in common: newborns that come to the end of their probation, layer by layer, each judged once.

use super::utility_of::Utility;
use crate::parts::{Dead, Young};
use crate::strategy::View;
use dentate_core::{LayerId, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// The units of a layer whose probation is over, and what the layer's meters say.
pub(super) struct Due<'a> {
    pub(super) layer: LayerId,
    pub(super) young: Vec<Young>,
    /// Utilities of all units of the layer.
    pub(super) utility: &'a [f32],
    mean: &'a [f32],
    /// Ages of all units of the layer, in updates.
    pub(super) ages: &'a [u64],
}

impl Due<'_> {
    /// Some of them, as what has to go.
    pub(super) fn dead(&self, gone: &[Young]) -> Option<Dead> {
        (!gone.is_empty()).then(|| Dead {
            layer: self.layer,
            units: gone.iter().map(|y| y.unit).collect(),
            absorb: gone.iter().map(|y| self.mean[y.position]).collect(),
        })
    }
}

/// Who is due, layer by layer; `through` are those that were judged and stay, of whom the dead are forgotten.
pub(super) fn due<'a>(
    through: &mut BTreeSet<UnitId>,
    view: &View<'a>,
    grown: &[Young],
    probation: u64,
    utility: Utility,
) -> Vec<Due<'a>> {
    let living: BTreeSet<UnitId> = grown.iter().map(|y| y.unit).collect();
    through.retain(|unit| living.contains(unit));
    let mut by_layer: BTreeMap<LayerId, Vec<Young>> = BTreeMap::new();
    for young in grown {
        if young.age >= probation && !through.contains(&young.unit) {
            by_layer.entry(young.layer).or_default().push(*young);
        }
    }
    let all = by_layer.into_iter().filter_map(|(layer, young)| {
        let readings = view.readings?.get(&layer)?;
        let (utility, mean) = utility.read(readings)?;
        Some(Due {
            layer,
            young,
            utility,
            mean,
            ages: &readings.age,
        })
    });
    all.collect()
}

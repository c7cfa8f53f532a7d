//! Shared code of the survival rules: new units that reach the end of their probation, by layer, each evaluated once.
//!
//! Utilities from meters are available at once. Ablations have to be measured, one forward pass per unit: of a layer's new
//! units that are due, at most `candidates` are evaluated per check, those with the lowest contribution first, and the
//! others wait. The units that are due are computed again when the measurement arrives; nothing has changed in between.

use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, NewUnit, Question, Removals};
use crate::strategy::View;
use dentate_core::{Layer, LayerId, Measured, Objective, Request, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// Settings of an evaluation.
pub(super) struct Evaluation {
    pub(super) utility: Utility,
    pub(super) ablation: Ablation,
    /// Age at which a new unit is evaluated.
    pub(super) probation: u64,
    /// True if the utilities of mature units are needed.
    pub(super) compares: bool,
    /// New units that a layer has room for: if no more are due, none is evaluated.
    pub(super) room: usize,
}

impl Evaluation {
    /// A rule that reads meters, evaluates every new unit once, and considers no other units.
    pub(super) fn by(utility: Utility, probation: u64, ablation: Ablation) -> Self {
        Self {
            utility,
            ablation,
            probation,
            compares: false,
            room: 0,
        }
    }
}

/// The units of a layer whose probation is over, with their measurements.
pub(super) struct Due<'a> {
    pub(super) layer: LayerId,
    /// The units evaluated now.
    pub(super) young: Vec<NewUnit>,
    /// Number of units that are due.
    pub(super) all: usize,
    /// Positions of mature units that newborns may be compared with.
    mature: Vec<usize>,
    /// Utilities by position; NaN for units that were not evaluated.
    utility: Vec<f32>,
    mean: &'a [f32],
}

impl Due<'_> {
    /// The utility of a new unit.
    pub(super) fn utility(&self, young: &NewUnit) -> f32 {
        self.utility[young.position]
    }

    /// Mean utility of the mature units; `None` if there are none.
    pub(super) fn mature(&self) -> Option<f64> {
        let all = self.mature.iter().map(|&i| f64::from(self.utility[i]));
        (!self.mature.is_empty()).then(|| all.sum::<f64>() / self.mature.len() as f64)
    }

    /// Sorts the evaluated units by utility, lowest first.
    pub(super) fn rank(&mut self) {
        let utility = &self.utility;
        self.young.sort_by(|a, b| {
            utility[a.position]
                .total_cmp(&utility[b.position])
                .then(a.unit.cmp(&b.unit))
        });
    }

    /// Converts some of them to removals; `None` if there are none.
    pub(super) fn dead(&self, gone: &[NewUnit]) -> Option<Removals> {
        (!gone.is_empty()).then(|| Removals {
            layer: self.layer,
            units: gone.iter().map(|y| y.unit).collect(),
            fold_mean: gone.iter().map(|y| self.mean[y.position]).collect(),
        })
    }

    /// The positions of the units whose ablation is needed.
    fn asked(&self, compares: bool) -> Vec<usize> {
        let young = self.young.iter().map(|y| y.position);
        young
            .chain(self.mature.iter().copied().filter(|_| compares))
            .collect()
    }

    /// Limits the cost of an ablation: keeps the new units with the lowest contribution, and evenly spaced mature units.
    fn bound(&mut self, most: usize) {
        self.rank();
        self.young.truncate(most);
        let all = std::mem::take(&mut self.mature);
        let few = all.len().min(most);
        self.mature = (0..few).map(|i| all[i * all.len() / few]).collect();
    }
}

/// The units that are due, by layer. `through` are those that were evaluated and survive; units that no longer exist are
/// dropped from it.
pub(super) fn due<'a>(
    through: &mut BTreeSet<UnitId>,
    view: &View<'a>,
    grown: &[NewUnit],
    evaluation: &Evaluation,
) -> Answered<Vec<Due<'a>>> {
    let living: BTreeSet<UnitId> = grown.iter().map(|y| y.unit).collect();
    through.retain(|unit| living.contains(unit));
    let mut by_layer: BTreeMap<LayerId, Vec<NewUnit>> = BTreeMap::new();
    for young in grown {
        if young.age >= evaluation.probation && !through.contains(&young.unit) {
            by_layer.entry(young.layer).or_default().push(*young);
        }
    }
    by_layer.retain(|_, young| young.len() > evaluation.room);
    let all = by_layer.into_iter().filter_map(|(layer, young)| {
        let readings = view.readings?.get(&layer)?;
        let (utility, mean) = evaluation.utility.read(readings)?;
        let evaluated: BTreeSet<usize> = young.iter().map(|y| y.position).collect();
        let mature = |i: &usize| readings.age[*i] >= evaluation.probation && !evaluated.contains(i);
        Some(Due {
            layer,
            all: young.len(),
            young,
            mature: (0..utility.len()).filter(mature).collect(),
            utility: utility.to_vec(),
            mean,
        })
    });
    let mut all: Vec<Due<'a>> = all.collect();
    if evaluation.utility != Utility::Ablation || all.is_empty() {
        return Ok(Answer::Is(all));
    }
    all.iter_mut()
        .for_each(|due| due.bound(evaluation.ablation.candidates));
    let Some(measured) = view.measured else {
        let layers = all.iter().filter_map(|due| {
            let layer = view.graph.layer(due.layer)?;
            Some((due.layer, held(layer, due, evaluation.compares)))
        });
        let request = Request::Ablations {
            objective: Objective::default(),
            layers: layers.collect(),
        };
        return Ok(Answer::Ask(Question::new(request, evaluation.ablation.rows)));
    };
    answered(&mut all, measured, evaluation.compares);
    Ok(Answer::Is(all))
}

/// The part of an ablation request for a layer: its units with their mean outputs.
fn held(layer: &Layer, due: &Due<'_>, compares: bool) -> Vec<(UnitId, f32)> {
    let asked = due.asked(compares).into_iter();
    asked.map(|i| (layer.units[i].id, due.mean[i])).collect()
}

/// Stores the measured ablations as utilities.
fn answered(all: &mut [Due<'_>], measured: &Measured, compares: bool) {
    for (due, rises) in all.iter_mut().zip(&measured.arrays) {
        let asked = due.asked(compares);
        due.utility.fill(f32::NAN);
        for (i, rise) in asked.into_iter().zip(rises) {
            due.utility[i] = *rise;
        }
    }
}

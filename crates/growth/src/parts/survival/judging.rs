//! What the survival rules have in common: newborns that come to the end of their probation, layer by layer, each judged once.
//!
//! Utilities that meters keep are at hand. Ablations are asked for, one forward pass for each unit: of a layer's newborns that are
//! due, at most `candidates` are judged at a look, those with the lowest contribution first, and the others wait. Who is due is
//! worked out again when the answer is there; nothing has changed in between.

use super::utility_of::{Ablation, Utility};
use crate::parts::{Answer, Answered, Dead, Question, Young};
use crate::strategy::View;
use dentate_core::{Layer, LayerId, Measured, Objective, Request, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// How a rule judges.
pub(super) struct Judging {
    pub(super) utility: Utility,
    pub(super) ablation: Ablation,
    /// Age at which a newborn is judged.
    pub(super) probation: u64,
    /// Whether the utilities of mature units are needed.
    pub(super) compares: bool,
    /// Newborns that a layer has room for: where no more are due, nobody is judged.
    pub(super) room: usize,
}

impl Judging {
    /// A rule that reads meters, judges everyone once, and looks at nobody else.
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

/// The units of a layer whose probation is over, and what is known of them.
pub(super) struct Due<'a> {
    pub(super) layer: LayerId,
    /// Those that are judged now.
    pub(super) young: Vec<Young>,
    /// How many are due.
    pub(super) all: usize,
    /// Positions of mature units that newborns may be compared with.
    mature: Vec<usize>,
    /// Utilities by position; those of units that were not looked at are not numbers.
    utility: Vec<f32>,
    mean: &'a [f32],
}

impl Due<'_> {
    /// The utility of a newborn.
    pub(super) fn utility(&self, young: &Young) -> f32 {
        self.utility[young.position]
    }

    /// Mean utility of the mature units.
    pub(super) fn mature(&self) -> Option<f64> {
        let all = self.mature.iter().map(|&i| f64::from(self.utility[i]));
        (!self.mature.is_empty()).then(|| all.sum::<f64>() / self.mature.len() as f64)
    }

    /// Those that are judged, the lowest utility first.
    pub(super) fn rank(&mut self) {
        let utility = &self.utility;
        self.young.sort_by(|a, b| {
            utility[a.position]
                .total_cmp(&utility[b.position])
                .then(a.unit.cmp(&b.unit))
        });
    }

    /// Some of them, as what has to go.
    pub(super) fn dead(&self, gone: &[Young]) -> Option<Dead> {
        (!gone.is_empty()).then(|| Dead {
            layer: self.layer,
            units: gone.iter().map(|y| y.unit).collect(),
            absorb: gone.iter().map(|y| self.mean[y.position]).collect(),
        })
    }

    /// The units whose ablation has to be known.
    fn asked(&self, compares: bool) -> Vec<usize> {
        let young = self.young.iter().map(|y| y.position);
        young
            .chain(self.mature.iter().copied().filter(|_| compares))
            .collect()
    }

    /// Leave as many as an ablation may cost: the newborns with the lowest contribution, and mature units at even distances.
    fn bound(&mut self, most: usize) {
        self.rank();
        self.young.truncate(most);
        let all = std::mem::take(&mut self.mature);
        let few = all.len().min(most);
        self.mature = (0..few).map(|i| all[i * all.len() / few]).collect();
    }
}

/// Who is due, layer by layer; `through` are those that were judged and stay, of whom the dead are forgotten.
pub(super) fn due<'a>(
    through: &mut BTreeSet<UnitId>,
    view: &View<'a>,
    grown: &[Young],
    judging: &Judging,
) -> Answered<Vec<Due<'a>>> {
    let living: BTreeSet<UnitId> = grown.iter().map(|y| y.unit).collect();
    through.retain(|unit| living.contains(unit));
    let mut by_layer: BTreeMap<LayerId, Vec<Young>> = BTreeMap::new();
    for young in grown {
        if young.age >= judging.probation && !through.contains(&young.unit) {
            by_layer.entry(young.layer).or_default().push(*young);
        }
    }
    by_layer.retain(|_, young| young.len() > judging.room);
    let all = by_layer.into_iter().filter_map(|(layer, young)| {
        let readings = view.readings?.get(&layer)?;
        let (utility, mean) = judging.utility.read(readings)?;
        let judged: BTreeSet<usize> = young.iter().map(|y| y.position).collect();
        let mature = |i: &usize| readings.age[*i] >= judging.probation && !judged.contains(i);
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
    if judging.utility != Utility::Ablation || all.is_empty() {
        return Ok(Answer::Is(all));
    }
    all.iter_mut()
        .for_each(|due| due.bound(judging.ablation.candidates));
    let Some(measured) = view.measured else {
        let layers = all.iter().filter_map(|due| {
            let layer = view.graph.layer(due.layer)?;
            Some((due.layer, held(layer, due, judging.compares)))
        });
        let request = Request::Ablations {
            objective: Objective::default(),
            layers: layers.collect(),
        };
        return Ok(Answer::Ask(Question::new(request, judging.ablation.rows)));
    };
    answered(&mut all, measured, judging.compares);
    Ok(Answer::Is(all))
}

/// What is asked of a layer: its units with their mean outputs.
fn held(layer: &Layer, due: &Due<'_>, compares: bool) -> Vec<(UnitId, f32)> {
    let asked = due.asked(compares).into_iter();
    asked.map(|i| (layer.units[i].id, due.mean[i])).collect()
}

/// Take in what was measured.
fn answered(all: &mut [Due<'_>], measured: &Measured, compares: bool) {
    for (due, rises) in all.iter_mut().zip(&measured.arrays) {
        let asked = due.asked(compares);
        due.utility.fill(f32::NAN);
        for (i, rise) in asked.into_iter().zip(rises) {
            due.utility[i] = *rise;
        }
    }
}

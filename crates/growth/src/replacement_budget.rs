//! Replacement budget: the number of units that each layer has to replace, accrued during training and spent in whole
//! units.
//!
//! Shared by continual backprop and the survival rule `turnover`. With e the number of units of a layer older than the
//! maturity threshold, n updates add
//!
//! ```text
//! min(ρ · n, 1) · e
//! ```
//!
//! to the budget of a layer (`accumulate`), or are the whole budget, its fraction rounded at random (`random`). For each
//! whole unit, the mature unit of lowest utility is replaced; if there are too few, the rest stays in the budget.

use crate::parts::Removals;
use crate::strategy::View;
use dentate_core::{Layer, LayerId, MeterKind, Readings, UnitId};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The measure of a unit's utility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UtilityMeasure {
    /// mean |h| · mean |w_out|.
    #[default]
    Contribution,
    /// mean |h − ĥ| · mean |w_out| / mean |w_in|.
    AdaptableContribution,
    /// Σ |(h − ĥ) · ∂L/∂h| (GXD, arXiv:2605.06834).
    Gxd,
    /// Σ |∂L/∂z|, z being the summed input (GraMa, arXiv:2505.24061).
    Grama,
}

impl UtilityMeasure {
    fn meter(self) -> MeterKind {
        match self {
            Self::Contribution => MeterKind::Contribution,
            Self::AdaptableContribution => MeterKind::AdaptableContribution,
            Self::Gxd => MeterKind::CentredGradient,
            Self::Grama => MeterKind::GradientNorm,
        }
    }
}

/// Treatment of fractions of units in the budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Fractions accumulate until they make a whole unit.
    #[default]
    Accumulate,
    /// A fraction is the probability of replacing one unit more.
    Random,
}

/// The settings of the replacement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplacementTerms {
    /// ρ: units replaced per eligible unit and update.
    pub(crate) rate: f64,
    /// Updates for which a new unit is protected.
    pub(crate) maturity: u64,
    pub(crate) utility: UtilityMeasure,
    pub(crate) rounding: Rounding,
}

impl ReplacementTerms {
    /// The meters it needs: the mean outputs to fold into biases, and the utility that units are ranked by.
    pub(crate) fn meters(&self) -> [MeterKind; 2] {
        [MeterKind::Activation, self.utility.meter()]
    }

    /// Positions of the units of a layer that are older than the maturity threshold.
    fn mature<'a>(&self, layer: &'a Layer, now: u64) -> impl Iterator<Item = usize> + use<'a> {
        let maturity = self.maturity;
        let old = move |i: &usize| now.saturating_sub(layer.units[*i].born.step) > maturity;
        (0..layer.width()).filter(old)
    }

    /// At most `most` of the mature units of a layer, those of lowest utility; of ties the first.
    fn least(&self, layer: &Layer, readings: &Readings, now: u64, most: usize) -> Option<Removals> {
        let of = |kind| readings.values.get(&kind).filter(|v| v.len() == layer.width());
        let [activation, merit] = self.meters();
        let (utility, mean) = (of(merit)?, of(activation)?);
        let mut ranked: Vec<usize> = self.mature(layer, now).collect();
        ranked.sort_by(|&a, &b| utility[a].total_cmp(&utility[b]).then(a.cmp(&b)));
        ranked.truncate(most);
        (!ranked.is_empty()).then(|| Removals {
            layer: layer.id,
            units: ranked.iter().map(|&i| layer.units[i].id).collect(),
            fold_mean: ranked.iter().map(|&i| mean[i]).collect(),
        })
    }
}

/// The number of mature units of a layer, and until when it is valid. It is needed after every update, and seldom changes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Count {
    mature: usize,
    /// The update at which the next unit matures.
    until: u64,
    /// Width and next id, which births and removals change.
    width: usize,
    next: UnitId,
}

impl Count {
    fn of(terms: &ReplacementTerms, layer: &Layer, now: u64, next: UnitId) -> Self {
        let mature = terms.mature(layer, now).count();
        let matures = |born: u64| born.saturating_add(terms.maturity).saturating_add(1);
        let later = layer.units.iter().map(|u| matures(u.born.step));
        Self {
            mature,
            until: later.filter(|at| *at > now).min().unwrap_or(u64::MAX),
            width: layer.width(),
            next,
        }
    }

    fn holds(&self, layer: &Layer, now: u64, next: UnitId) -> bool {
        now < self.until && layer.width() == self.width && next == self.next
    }
}

/// The replacement budget of each layer, in units, with the fraction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ReplacementBudget {
    units: BTreeMap<LayerId, f64>,
    /// Recomputed after loading.
    #[serde(skip)]
    counts: BTreeMap<LayerId, Count>,
}

impl ReplacementBudget {
    /// Adds `updates` updates to the budget of every layer whose units can be replaced; returns whether any budget holds a
    /// whole unit.
    pub(crate) fn accrue(&mut self, terms: &ReplacementTerms, view: &View<'_>, updates: f64) -> bool {
        let share = (terms.rate * updates).min(1.0);
        let mut due = false;
        for layer in view.graph.hidden().filter(|l| view.graph.replaceable(l.id)) {
            let (now, next) = (view.moment.step, view.graph.next_unit());
            let count = self.counts.entry(layer.id);
            let count = count.or_insert_with(|| Count::of(terms, layer, now, next));
            if !count.holds(layer, now, next) {
                *count = Count::of(terms, layer, now, next);
            }
            let fraction = share * count.mature as f64;
            let budget = self.units.entry(layer.id).or_default();
            match terms.rounding {
                Rounding::Accumulate => *budget += fraction,
                Rounding::Random => {
                    let seed = view.seed.derive(&format!("owed/{}", layer.name));
                    let drawn: f64 = seed.random().random();
                    let whole = fraction.floor();
                    *budget = whole + f64::from(u8::from(drawn < fraction - whole));
                }
            }
            due |= *budget >= 1.0;
        }
        due
    }

    /// The units to replace according to the meters; their number is subtracted from the budget.
    pub(crate) fn take(&mut self, terms: &ReplacementTerms, view: &View<'_>) -> Vec<Removals> {
        let mut all = Vec::new();
        for layer in view.graph.hidden() {
            let readings = view.readings.and_then(|all| all.get(&layer.id));
            let budget = self.units.get_mut(&layer.id).filter(|budget| **budget >= 1.0);
            if let (Some(budget), Some(readings)) = (budget, readings)
                && let Some(dead) = terms.least(layer, readings, view.moment.step, *budget as usize)
            {
                *budget -= dead.units.len() as f64;
                all.push(dead);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;

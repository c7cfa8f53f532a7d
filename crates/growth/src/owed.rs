//! Units that give way to newborn ones at a rate: what each layer owes, booked along training and paid in whole units.
//!
//! Continual backprop and the survival rule `turnover` owe by the same terms, so what they have in common stands here. With e the
//! units of a layer older than the maturity threshold, n updates add
//!
//! ```text
//! min(ρ · n, 1) · e
//! ```
//!
//! to what a layer owes (`accumulate`), or are by themselves what it owes, the fraction drawn for (`random`). Whole units are paid
//! with the mature ones of lowest utility; where these are too few, the rest stays owed.

use crate::parts::Dead;
use crate::strategy::View;
use dentate_core::{Layer, LayerId, MeterKind, Readings, UnitId};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the utility of a unit is worked out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Merit {
    /// mean |h| · mean |w_out|.
    #[default]
    Contribution,
    /// mean |h − ĥ| · mean |w_out| / mean |w_in|.
    AdaptableContribution,
}

impl Merit {
    fn meter(self) -> MeterKind {
        match self {
            Self::Contribution => MeterKind::Contribution,
            Self::AdaptableContribution => MeterKind::AdaptableContribution,
        }
    }
}

/// What is done with fractions of units that are owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// They are kept until they make a whole one.
    #[default]
    Accumulate,
    /// A unit is replaced with that probability.
    Random,
}

/// The terms on which units give way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// ρ: units per eligible unit and update.
    pub(crate) rate: f64,
    /// Updates that a unit is safe for.
    pub(crate) maturity: u64,
    pub(crate) utility: Merit,
    pub(crate) rounding: Rounding,
}

impl Terms {
    /// What is metered: the mean outputs that are left behind, and what units are judged by.
    pub(crate) fn meters(&self) -> [MeterKind; 2] {
        [MeterKind::Activation, self.utility.meter()]
    }

    /// Positions of the units of a layer that are old enough to go.
    fn mature<'a>(&self, layer: &'a Layer, now: u64) -> impl Iterator<Item = usize> + use<'a> {
        let maturity = self.maturity;
        let old = move |i: &usize| now.saturating_sub(layer.units[*i].born.step) > maturity;
        (0..layer.width()).filter(old)
    }

    /// So many of the mature units of a layer, those of lowest utility; of equals the first.
    fn least(&self, layer: &Layer, readings: &Readings, now: u64, most: usize) -> Option<Dead> {
        let of = |kind| readings.values.get(&kind).filter(|v| v.len() == layer.width());
        let [activation, merit] = self.meters();
        let (utility, mean) = (of(merit)?, of(activation)?);
        let mut ranked: Vec<usize> = self.mature(layer, now).collect();
        ranked.sort_by(|&a, &b| utility[a].total_cmp(&utility[b]).then(a.cmp(&b)));
        ranked.truncate(most);
        (!ranked.is_empty()).then(|| Dead {
            layer: layer.id,
            units: ranked.iter().map(|&i| layer.units[i].id).collect(),
            absorb: ranked.iter().map(|&i| mean[i]).collect(),
        })
    }
}

/// How many units of a layer are mature, and for how long that holds. It is asked for behind every update, and seldom changes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Count {
    mature: usize,
    /// The update at which the next one is.
    until: u64,
    /// Births change the next id, and deaths the width.
    width: usize,
    next: UnitId,
}

impl Count {
    fn of(terms: &Terms, layer: &Layer, now: u64, next: UnitId) -> Self {
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

/// Units that each layer owes, with the fraction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Owed {
    units: BTreeMap<LayerId, f64>,
    /// Counted again after loading.
    #[serde(skip)]
    counts: BTreeMap<LayerId, Count>,
}

impl Owed {
    /// Book so many updates for every layer whose units can be replaced; whether whole units are owed anywhere.
    pub(crate) fn book(&mut self, terms: &Terms, view: &View<'_>, updates: f64) -> bool {
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
            let owed = self.units.entry(layer.id).or_default();
            match terms.rounding {
                Rounding::Accumulate => *owed += fraction,
                Rounding::Random => {
                    let seed = view.seed.derive(&format!("owed/{}", layer.name));
                    let drawn: f64 = seed.random().random();
                    let whole = fraction.floor();
                    *owed = whole + f64::from(u8::from(drawn < fraction - whole));
                }
            }
            due |= *owed >= 1.0;
        }
        due
    }

    /// Who goes for what is owed, as the meters say, and is owed no more.
    pub(crate) fn pay(&mut self, terms: &Terms, view: &View<'_>) -> Vec<Dead> {
        let mut all = Vec::new();
        for layer in view.graph.hidden() {
            let readings = view.readings.and_then(|all| all.get(&layer.id));
            let owed = self.units.get_mut(&layer.id).filter(|owed| **owed >= 1.0);
            if let (Some(owed), Some(readings)) = (owed, readings)
                && let Some(dead) = terms.least(layer, readings, view.moment.step, *owed as usize)
            {
                *owed -= dead.units.len() as f64;
                all.push(dead);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;

//! Main effects and two-way interactions of a factorial design with two levels per factor.
//!
//! With `s = ±1` for a cell's second and first level and `y` the measured values, over the `n` cells of a seed:
//!
//! ```text
//! main effect of A        2/n Σ s_A y        the mean at the second level less that at the first
//! interaction of A and B  2/n Σ s_A s_B y    half of what the effect of A is larger by at B's second level
//! ```
//!
//! Seed by seed, with a 95 % Student-t interval over seeds and a paired t-test, Holm-corrected over all effects of the metric.
//! A seed counts if every cell has finished, since a design with holes would mix effects. One more or one fewer correct row in
//! one cell changes an effect by 2/n of a step of the measure.

use crate::comparison::{MethodRow, StreamComparison};
use crate::metrics::Metric;
use crate::statistics::{Paired, Untested, holm};
use crate::suite::Suite;
use std::collections::BTreeMap;

/// An effect of one factor, or of two together.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Titles of the factors.
    pub factors: Vec<String>,
    /// The compared levels of a single factor: the second one's name, and the first's.
    pub levels: Option<(String, String)>,
    /// The effect, seed by seed.
    pub paired: Paired,
    /// Its p-value, corrected over all effects of the metric; `None` if nothing was tested.
    pub adjusted: Option<f64>,
}

impl Effect {
    /// The factors' names, joined.
    #[must_use]
    pub fn name(&self) -> String {
        self.factors.join(" × ")
    }

    /// Returns whether its interval excludes 0; with too few seeds none does.
    #[must_use]
    pub fn excludes_nothing(&self) -> bool {
        if self.paired.p == Err(Untested::TooFewSeeds) {
            return false;
        }
        let interval = self.paired.difference.interval();
        interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }
}

/// The effects on the metric that a stream is ranked by, and on forgetting and size, the largest first; empty if the suite has no
/// factorial design.
#[must_use]
pub fn of_metrics(suite: &Suite, c: &StreamComparison) -> Vec<(Metric, Vec<Effect>)> {
    let metrics = [c.metric(), Metric::FORGETTING, Metric::PARAMETERS];
    let all = metrics.map(|metric| {
        let mut all = effects(suite, c, metric);
        let size = |e: &Effect| e.paired.difference.mean.abs();
        all.sort_by(|a, b| size(b).total_cmp(&size(a)));
        (metric, all)
    });
    all.into_iter()
        .filter(|(_, effects)| !effects.is_empty())
        .collect()
}

/// A sentence on the design: the number of its combinations, and of a fraction what its effects are confounded with.
#[must_use]
pub fn design(suite: &Suite) -> Option<String> {
    let cells: Vec<Vec<bool>> = suite
        .manifest
        .methods
        .iter()
        .filter(|m| !m.levels.is_empty())
        .map(|m| m.levels.iter().map(|l| l.second).collect())
        .collect();
    let factors = cells.first()?.len();
    let all = 1_usize
        .checked_shl(u32::try_from(factors).ok()?)
        .filter(|_| factors < 16)?;
    if cells.iter().any(|cell| cell.len() != factors) {
        return None;
    }
    if cells.len() >= all {
        return Some(format!(
            "The design is full: {factors} factors at two levels, all {all} combinations."
        ));
    }
    // A product of factors that is the same in every cell confounds; the shortest one gives the resolution (Box & Hunter 1961).
    let sign =
        |cell: &[bool], word: usize| (0..factors).filter(|k| word >> k & 1 == 1 && !cell[*k]).count() % 2;
    let constant = |word: &usize| {
        cells
            .iter()
            .all(|cell| sign(cell, *word) == sign(&cells[0], *word))
    };
    let shortest = (1..all).filter(constant).map(usize::count_ones).min();
    let meaning = match shortest {
        None | Some(6..) => {
            "main effects and two-way interactions are confounded with none of three factors or fewer"
        }
        Some(5) => {
            "resolution V: main effects and two-way interactions are confounded with interactions of three factors or more only"
        }
        Some(4) => "resolution IV: two-way interactions are confounded with each other",
        _ => "main effects are confounded with interactions of two factors",
    };
    Some(format!(
        "The design is a fraction: {factors} factors at two levels, {} of {all} combinations; {meaning}.",
        cells.len()
    ))
}

/// The effects on one metric: main effects in the factors' order, then interactions.
#[must_use]
pub fn effects(suite: &Suite, c: &StreamComparison, metric: Metric) -> Vec<Effect> {
    let levels = |row: &MethodRow| &suite.manifest.methods[row.method].levels;
    let cells: Vec<&MethodRow> = c.rows.iter().filter(|r| !levels(r).is_empty()).collect();
    let Some(first) = cells.first().map(|cell| levels(cell)) else {
        return Vec::new();
    };
    let count = first.len();
    if cells.iter().any(|cell| levels(cell).len() != count) {
        return Vec::new();
    }
    let asked = suite
        .manifest
        .methods
        .iter()
        .filter(|m| !m.levels.is_empty())
        .count();
    let mut seeds: BTreeMap<u64, usize> = BTreeMap::new();
    for cell in &cells {
        for seed in cell.values.get(&metric).into_iter().flat_map(BTreeMap::keys) {
            *seeds.entry(*seed).or_default() += 1;
        }
    }
    seeds.retain(|_, finished| *finished == asked);
    let step = cells.iter().map(|cell| cell.step(metric)).fold(0.0, f64::max);
    let step = 2.0 * step / cells.len() as f64;
    // The means at the two sides of an effect, by seed; their difference is the effect.
    let sides = |one: usize, other: Option<usize>| {
        let mut means = [BTreeMap::new(), BTreeMap::new()];
        for &seed in seeds.keys() {
            let mut sums = [(0.0, 0usize); 2];
            for cell in &cells {
                let (levels, Some(value)) = (levels(cell), cell.values[&metric].get(&seed)) else {
                    continue;
                };
                let plus = match other {
                    None => levels[one].second,
                    Some(other) => levels[one].second == levels[other].second,
                };
                let (sum, n) = &mut sums[usize::from(plus)];
                (*sum, *n) = (*sum + value, *n + 1);
            }
            for (side, (sum, n)) in means.iter_mut().zip(sums).filter(|(_, (_, n))| *n > 0) {
                side.insert(seed, sum / n as f64);
            }
        }
        let [minus, plus] = means;
        Paired::of(&plus, &minus, step)
    };
    let mains = (0..count).map(|i| (i, None));
    let pairs = (0..count).flat_map(|i| (i + 1..count).map(move |j| (i, Some(j))));
    let named = |second: bool, factor: usize| {
        let mut all = cells.iter().map(|cell| &levels(cell)[factor]);
        all.find(|l| l.second == second).map(|l| l.name.clone())
    };
    let mut effects: Vec<Effect> = mains
        .chain(pairs)
        .filter_map(|(i, j)| {
            Some(Effect {
                factors: [Some(i), j]
                    .into_iter()
                    .flatten()
                    .map(|k| first[k].factor.clone())
                    .collect(),
                levels: if j.is_none() {
                    named(true, i).zip(named(false, i))
                } else {
                    None
                },
                paired: sides(i, j)?,
                adjusted: None,
            })
        })
        .collect();
    let tested: Vec<usize> = (0..effects.len())
        .filter(|i| effects[*i].paired.in_family().is_some())
        .collect();
    let p: Vec<f64> = tested
        .iter()
        .filter_map(|i| effects[*i].paired.in_family())
        .collect();
    for (i, adjusted) in tested.into_iter().zip(holm(&p)) {
        effects[i].adjusted = Some(adjusted).filter(|_| effects[i].paired.p.is_ok());
    }
    effects
}

#[cfg(test)]
mod tests;

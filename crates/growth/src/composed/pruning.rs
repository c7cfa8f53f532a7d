//! Pruning on a schedule: from time to time the lowest-ranked units of a hidden layer are removed, newborn or not.
//!
//! Of a layer's n units, `⌊fraction · n⌋` are removed, as long as `least` units are left: those with the lowest
//!
//! ```text
//! magnitude      mean |w_in| over all incoming weights
//! activity       mean |h|, a running mean
//! contribution   mean |h| · mean |w_out|, running means (Dohare et al. 2024)
//! ```
//!
//! among those that are at least `age` updates old. The mean outputs of removed units are folded into the biases of the
//! layers they fed. Heads and the input are never pruned.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `by` | ranking: `magnitude`, `activity` or `contribution` | magnitude |
//! | `when` | `experience-end`, or `{ updates = n }`: the first check after n updates | experience-end |
//! | `fraction` | share of a layer's units that is removed, in [0, 1] | 0.1 |
//! | `least` | units that a layer keeps, at least 1 | 4 |
//! | `age` | age below which a unit is not pruned, in updates | 100 |
//!
//! Magnitude reads all weights into hidden layers whenever it prunes; the other rankings read meters. Sources: Hu, H. et
//! al. (2016), arXiv:1607.03250, for pruning whole units by their activity; Li, H. et al. (2017), arXiv:1608.08710, by
//! magnitude, where it is a sum over a filter and here a mean. **Departures.** Both train, prune once and retrain; here
//! pruning is repeated along a stream.

use crate::parts::{Answer, Answered, Question, Removals, Utility};
use crate::strategy::{Hook, View};
use dentate_core::{Layer, LayerId, Measured, MeterKind, Parameter, Request};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The quantity that units are ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PruneBy {
    /// mean |w_in|.
    #[default]
    Magnitude,
    /// mean |h|.
    Activity,
    /// mean |h| · mean |w_out|.
    Contribution,
}

/// When units are pruned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// At the end of an experience.
    #[default]
    ExperienceEnd,
    /// At the first check after this many updates.
    Updates(#[schemars(range(min = 1))] u64),
}

/// Settings of scheduled pruning; see the module for units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pruning {
    /// Quantity that units are ranked by.
    pub by: PruneBy,
    /// When to prune.
    pub when: Schedule,
    /// Share of a layer's units that is removed.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fraction: f64,
    /// Units that a layer keeps.
    #[schemars(range(min = 1))]
    pub least: usize,
    /// Age below which a unit is not pruned, in updates.
    pub age: u64,
}

impl Default for Pruning {
    fn default() -> Self {
        Self {
            by: PruneBy::Magnitude,
            when: Schedule::ExperienceEnd,
            fraction: 0.1,
            least: 4,
            age: 100,
        }
    }
}

impl Pruning {
    fn utility(&self) -> Option<Utility> {
        match self.by {
            PruneBy::Magnitude => None,
            PruneBy::Activity => Some(Utility::Activity),
            PruneBy::Contribution => Some(Utility::Contribution),
        }
    }

    /// The meters it needs: the mean outputs to fold into biases, and the quantity that units are ranked by.
    pub(super) fn meters(&self) -> Vec<MeterKind> {
        let meter = self.utility().map(Utility::meter);
        std::iter::once(MeterKind::Activation).chain(meter).collect()
    }

    /// Returns whether pruning is due, the last one having been at update `last`.
    pub(super) fn due(&self, view: &View<'_>, last: u64) -> bool {
        match self.when {
            Schedule::ExperienceEnd => view.hook == Hook::End,
            Schedule::Updates(n) => view.moment.step >= last.saturating_add(n),
        }
    }

    /// The units to prune, given that pruning is due.
    pub(super) fn removals(&self, view: &View<'_>) -> Answered<Vec<Removals>> {
        let incoming: Vec<(Parameter, LayerId)> = view
            .graph
            .connections()
            .filter(|c| view.graph.hidden().any(|l| l.id == c.to) && view.graph.weights_of(c).is_some())
            .map(|c| (Parameter::Weight(c.id), c.to))
            .collect();
        let magnitudes = match (self.by, view.measured) {
            (PruneBy::Magnitude, None) => {
                let request = Request::Parameters(incoming.iter().map(|(p, _)| *p).collect());
                return Ok(Answer::Ask(Question::new(request, 0)));
            }
            (PruneBy::Magnitude, Some(measured)) => magnitudes(&incoming, measured),
            _ => BTreeMap::new(),
        };
        let dead = view.graph.hidden().filter_map(|layer| {
            let readings = view.readings?.get(&layer.id)?;
            let means = readings.values.get(&MeterKind::Activation)?;
            let worth: &[f32] = match self.utility() {
                Some(utility) => utility.read(readings)?.0,
                None => magnitudes.get(&layer.id)?,
            };
            self.least_of(layer, worth, means, view.moment.step)
        });
        Ok(Answer::Is(dead.collect()))
    }

    fn least_of(&self, layer: &Layer, worth: &[f32], means: &[f32], now: u64) -> Option<Removals> {
        let width = layer.width();
        if worth.len() != width || means.len() != width {
            return None; // a layer added after the meters were read
        }
        let room = width.saturating_sub(self.least);
        let most = ((self.fraction * width as f64).floor() as usize).min(room);
        let mut old: Vec<usize> = (0..width)
            .filter(|i| now.saturating_sub(layer.units[*i].born.step) >= self.age)
            .collect();
        old.sort_by(|a, b| worth[*a].total_cmp(&worth[*b]).then(a.cmp(b)));
        old.truncate(most);
        (!old.is_empty()).then(|| Removals {
            layer: layer.id,
            units: old.iter().map(|i| layer.units[*i].id).collect(),
            fold_mean: old.iter().map(|i| means[*i]).collect(),
        })
    }
}

/// Returns the mean |w_in| of every unit, over all connections into its layer.
fn magnitudes(incoming: &[(Parameter, LayerId)], measured: &Measured) -> BTreeMap<LayerId, Vec<f32>> {
    let mut sums: BTreeMap<LayerId, (Vec<f64>, usize)> = BTreeMap::new();
    for ((_, layer), weights) in incoming.iter().zip(&measured.arrays) {
        let (sum, fan_in) = sums
            .entry(*layer)
            .or_insert_with(|| (vec![0.0; weights.nrows()], 0));
        *fan_in += weights.ncols();
        for (sum, row) in sum.iter_mut().zip(weights.rows()) {
            *sum += row.iter().map(|w| f64::from(w.abs())).sum::<f64>();
        }
    }
    let mean = |(layer, (sum, n)): (LayerId, (Vec<f64>, usize))| {
        (
            layer,
            sum.into_iter().map(|s| (s / n.max(1) as f64) as f32).collect(),
        )
    };
    sums.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests;

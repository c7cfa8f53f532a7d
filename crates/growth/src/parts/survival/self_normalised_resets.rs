//! Self-normalised resets (SNR): a unit that has been silent for longer than its own history explains is replaced by a new one.
//!
//! Farias, V. F. & Jozefiak, A. D. (2025). Self-normalized resets for plasticity in continual learning. *ICLR*, arXiv:2410.20098.
//! With a_i the number of rows since unit i last put out something other than 0, and A_i distributed as its earlier silences,
//! those of length 0 between two rows running included, the unit is reset when
//!
//! ```text
//! P(A_i ≥ a_i) ≤ η.
//! ```
//!
//! Each unit has a histogram of its own, which a meter counts row by row along with training; a check at every so many updates
//! looks at all of it. A layer's units are evaluated wherever they can be replaced, and not only those added by growth. The
//! initializer determines the weights of the new units: `zero-fan-out` gives the paper's, fresh incoming weights, zero outgoing
//! weights and bias 0. No mean is folded into biases, since the unit puts out nothing.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rejection` | η, in (0, 1) | 0.01, the default of the authors' code |
//! | `test` | `histogram`, as above; or `quantile`, as in the authors' code | histogram |
//! | `entries` | silences that a histogram needs to test by it | ⌈1/η⌉ |
//! | `thresholds` | of `quantile`: `first`, `least` and `most` in rows, `period` in experiences | 1000, 100, 20000, 16 |
//!
//! With `test = "quantile"` a unit is reset when `a_i ≥ τ_i`. At the beginning of every `period`-th experience τ_i is made again: with
//! q the (1 − η)-quantile of its silences since the last time, those of length 0 left out, τ_i becomes q if q < τ_i and 2 τ_i
//! otherwise, within `least` and `most`; without any silence q is 1. The silence that led to a reset is entered into the unit's
//! histogram, and the unit in its place goes on with both. The code takes 16 tasks and 100 rows (its batch) for `period` and
//! `least`; `first` and `most` are given to it, and the defaults here are this project's.
//!
//! By construction each silence of a healthy unit is taken for death with probability η, so a unit is reset about once in 1/η of its
//! silences: η should be small against the number of silences in a run. A unit that has put out something on every row is reset at
//! its first silence.
//!
//! **Preserves** every width, and with `zero-fan-out` the function on all rows on which the unit is silent. A unit's optimizer
//! moments and step counts restart; in the authors' code the step counts do not.
//!
//! **Departures.** The paper does not say what a unit is tested by that has hardly a history, such as a new one. Here, one with
//! fewer than `entries` silences is tested by those of its layer taken together, and not at all while these are too few. Lengths
//! of 32 rows and more are counted in buckets of a sixteenth of their octave, so such a silence may last by up to a sixteenth
//! longer before it is noticed. Ages are counted row by row; the authors' code counts whole batches. A modulation's factor on
//! survival divides η. Only rectifiers put out exact zeros, so a network without one is refused.

use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::prospect::Prospect;
use crate::strategy::{Hook, View};
use dentate_core::{Activation, ConfigError, Layer, MeterKind, Origin, Silences, UnitId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The test of a unit's silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SilenceTest {
    /// By the histogram as it is: the paper's.
    #[default]
    Histogram,
    /// By a threshold that is made from it every so many experiences: the authors' code's.
    Quantile,
}

/// Thresholds of the test `quantile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SilenceThresholds {
    /// First threshold, in rows.
    #[schemars(range(min = 1))]
    pub first: u32,
    /// Lowest threshold, in rows.
    #[schemars(range(min = 1))]
    pub least: u32,
    /// Highest threshold, in rows.
    #[schemars(range(min = 1))]
    pub most: u32,
    /// Experiences after which thresholds are made again.
    #[schemars(range(min = 1))]
    pub period: usize,
}

impl Default for SilenceThresholds {
    fn default() -> Self {
        Self {
            first: 1000,
            least: 100,
            most: 20_000,
            period: 16,
        }
    }
}

/// Configuration of the survival rule; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SelfNormalisedResets {
    /// η: probability of a silence at which it is no longer taken for chance.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub rejection: f64,
    /// Test of a unit's silence.
    pub test: SilenceTest,
    /// Silences that a histogram needs to test by it; ⌈1/η⌉ when absent.
    #[schemars(range(min = 1))]
    pub entries: Option<u32>,
    /// Thresholds of the test `quantile`.
    pub thresholds: SilenceThresholds,
}

impl Default for SelfNormalisedResets {
    fn default() -> Self {
        Self {
            rejection: 0.01,
            test: SilenceTest::Histogram,
            entries: None,
            thresholds: SilenceThresholds::default(),
        }
    }
}

/// The threshold of a unit, for the test `quantile`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Threshold {
    rows: u32,
    /// Counts to add to the meter's histogram, by bucket: entries from before it began, less those that were cleared.
    beside: BTreeMap<usize, f64>,
}

impl Threshold {
    /// The histogram since the last time the threshold was made.
    fn histogram(&self, silences: &Silences<'_>) -> Vec<f64> {
        let count = |bucket: usize| {
            silences
                .counts()
                .get(bucket)
                .map_or(0.0, |count| f64::from(*count))
        };
        let all = |bucket| count(bucket) + self.beside.get(&bucket).copied().unwrap_or(0.0);
        (0..Silences::BUCKETS).map(all).collect()
    }

    /// Makes the threshold again and clears the histogram.
    fn make(&mut self, silences: &Silences<'_>, rejection: f64, bounds: &SilenceThresholds) {
        let histogram = self.histogram(silences);
        let total: f64 = histogram.iter().skip(1).sum();
        let mut sum = 0.0;
        let reaches = |(_, count): &(usize, &f64)| {
            sum += *count;
            sum >= (1.0 - rejection) * total
        };
        let found = histogram.iter().enumerate().skip(1).find(reaches);
        let quantile = found.map_or(1, |(bucket, _)| Silences::shortest(bucket));
        let rows = if quantile < self.rows {
            quantile
        } else {
            self.rows.saturating_mul(2)
        };
        self.rows = rows.min(bounds.most).max(bounds.least);
        let counts = silences.counts().iter().enumerate();
        let cleared = counts.filter(|(_, count)| **count > 0.0);
        self.beside = cleared
            .map(|(bucket, count)| (bucket, -f64::from(*count)))
            .collect();
    }

    /// The state that the unit in this one's place starts with.
    fn handed_on(&self, silences: &Silences<'_>) -> Self {
        let histogram = self.histogram(silences).into_iter().enumerate();
        let mut beside: BTreeMap<usize, f64> = histogram.filter(|(_, count)| *count > 0.0).collect();
        *beside.entry(Silences::bucket(silences.current())).or_default() += 1.0;
        Self {
            rows: self.rows,
            beside,
        }
    }
}

/// Thresholds of the test `quantile`, and how often they have been made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SilenceState {
    of: BTreeMap<UnitId, Threshold>,
    made: usize,
}

impl SilenceState {
    /// The threshold of a unit: its own, that of the unit it replaces, or the first one.
    fn of(&mut self, layer: &Layer, position: usize, first: u32) -> Option<&mut Threshold> {
        let unit = layer.units.get(position)?;
        if !self.of.contains_key(&unit.id) {
            let inherited = match unit.origin {
                Origin::Replaced(old) => self.of.remove(&old),
                _ => None,
            };
            let new = Threshold {
                rows: first,
                beside: BTreeMap::new(),
            };
            self.of.insert(unit.id, inherited.unwrap_or(new));
        }
        self.of.get_mut(&unit.id)
    }
}

impl SelfNormalisedResets {
    /// Positions of the units of a layer whose own silences, or their layer's, do not explain the current one.
    fn unexplained(&self, silences: &[Silences<'_>], rejection: f64) -> Vec<usize> {
        let entries = self.entries.map_or((1.0 / self.rejection).ceil(), f64::from);
        // Those of all units, which few need.
        let together = |number: &dyn Fn(&Silences<'_>) -> f64| silences.iter().map(number).sum::<f64>();
        let mut all_of_layer = None;
        let unlikely = |(_, own): &(usize, &Silences<'_>)| {
            let age = own.current();
            if age == 0 {
                return false;
            }
            let all = own.completed();
            if all >= entries {
                return own.at_least(age) <= rejection * all;
            }
            let all = *all_of_layer.get_or_insert_with(|| together(&|own| own.completed()));
            all >= entries && together(&|own| own.at_least(age)) <= rejection * all
        };
        let found = silences.iter().enumerate().filter(unlikely);
        found.map(|(position, _)| position).collect()
    }

    /// Positions of the units of a layer whose silence has reached their threshold.
    fn beyond(
        &self,
        state: &mut SilenceState,
        layer: &Layer,
        silences: &[Silences<'_>],
        make: bool,
        rejection: f64,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for (position, own) in silences.iter().enumerate() {
            let Some(threshold) = state.of(layer, position, self.thresholds.first) else {
                continue;
            };
            if make {
                threshold.make(own, rejection, &self.thresholds);
            }
            if own.current() >= threshold.rows {
                *threshold = threshold.handed_on(own);
                found.push(position);
            }
        }
        found
    }
}

impl Part for SelfNormalisedResets {
    type State = SilenceState;

    fn check(&self) -> Result<(), ConfigError> {
        let SilenceThresholds { least, most, .. } = self.thresholds;
        if least > most {
            let wanted = format!("at most `thresholds.most`, which is {most}");
            return Err(ConfigError::new("thresholds.least", least, wanted));
        }
        Ok(())
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let rectified =
            |layer: &Layer| matches!(layer.activation, Activation::Relu | Activation::ReluLiveAtZero);
        match run.graph {
            Some(graph) if !graph.hidden().any(|l| rectified(l) && graph.replaceable(l.id)) => {
                let reason = "units are silent when they put out exactly 0, which no unit here does that could be replaced, so none would \
                              ever be reset: set `activation = \"relu\"`, or use the survival rule `turnover`";
                Err(Unsuited::new("name", "self-normalised-resets", reason))
            }
            _ => Ok(()),
        }
    }

    fn meters(&self) -> Vec<MeterKind> {
        vec![MeterKind::Silences]
    }
}

impl Survival for SelfNormalisedResets {
    fn evaluates(&self, _: &mut SilenceState, view: &View<'_>, _: f64) -> bool {
        view.hook == Hook::Update
    }

    fn removals(
        &self,
        state: &mut SilenceState,
        view: &View<'_>,
        _: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let rejection = self.rejection / threshold_scale;
        let periods = view.experience.index / self.thresholds.period.max(1);
        let make = periods > state.made;
        state.made = state.made.max(periods);
        let mut all = Vec::new();
        let mut living = BTreeSet::new();
        for layer in view.graph.hidden().filter(|l| view.graph.replaceable(l.id)) {
            living.extend(layer.units.iter().map(|unit| unit.id));
            let reading = view.readings.and_then(|all| all.get(&layer.id));
            let Some(values) = reading.and_then(|of| of.values.get(&MeterKind::Silences)) else {
                continue;
            };
            let silences: Vec<Silences<'_>> = Silences::units(values, layer.units.len()).collect();
            let gone = match self.test {
                SilenceTest::Histogram => self.unexplained(&silences, rejection),
                SilenceTest::Quantile => self.beyond(state, layer, &silences, make, rejection),
            };
            let units: Vec<UnitId> = gone
                .into_iter()
                .filter_map(|position| layer.units.get(position).map(|unit| unit.id))
                .collect();
            if !units.is_empty() {
                all.push(Removals {
                    layer: layer.id,
                    units,
                    fold_mean: Vec::new(),
                });
            }
        }
        // Those that go now are still among the living, and hand on what they have at the next check.
        state.of.retain(|unit, _| living.contains(unit));
        Ok(Answer::Is(all))
    }

    fn replaces(&self) -> bool {
        true
    }
}

crate::register!(
    survival,
    SelfNormalisedResets,
    "self-normalised-resets",
    summary = "Replaces units that are silent for much longer than in their own history.",
    citation = "Farias & Jozefiak 2025, arXiv:2410.20098",
    source = include_str!("self_normalised_resets.rs"),
);

#[cfg(test)]
mod tests;

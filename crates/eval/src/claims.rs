//! Published statements held against what was found.
//!
//! A claim holds if the mean over seeds (or, where it says so, the value of each run) is as asserted. The mean has an interval;
//! whether that lies wholly on one side of what is asserted is said beside it, since a mean within a tolerance may have come there
//! by chance, and one outside too.

use crate::comparison::{MethodRow, StreamComparison};
use crate::metrics::{Measured, Metric, Unit};
use crate::statistics::{Estimate, Paired};
use crate::suite::Suite;
use dentate_core::record::{Assertion, ClaimEntry};
use std::collections::BTreeMap;

/// The outcome of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimOutcome {
    /// It holds.
    Held,
    /// It does not.
    Missed,
    /// There is nothing to hold it against, for a reason in a sentence.
    Untestable(String),
}

impl ClaimOutcome {
    /// It in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Missed => "not held",
            Self::Untestable(_) => "not testable",
        }
    }
}

/// A claim with what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested<'a> {
    /// The claim.
    pub claim: &'a ClaimEntry,
    /// The unit of its figures; `None` for a metric that the report knows by its recorded name alone.
    pub unit: Option<Unit>,
    /// The mean of the values over seeds, in that unit.
    pub found: Option<Estimate>,
    /// Its outcome.
    pub outcome: ClaimOutcome,
    /// True if the whole interval of the mean agrees with that; `None` without an interval, and for claims about each run.
    pub sure: Option<bool>,
}

/// The number of claims by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that hold.
    pub held: usize,
    /// Those that do not.
    pub missed: usize,
    /// Those that could not be tested.
    pub untestable: usize,
}

impl Count {
    /// Returns whether every claim holds.
    #[must_use]
    pub fn all_held(self) -> bool {
        self.missed == 0 && self.untestable == 0
    }
}

/// Count the claims.
#[must_use]
pub fn count(tested: &[Tested<'_>]) -> Count {
    let mut count = Count::default();
    for claim in tested {
        *match claim.outcome {
            ClaimOutcome::Held => &mut count.held,
            ClaimOutcome::Missed => &mut count.missed,
            ClaimOutcome::Untestable(_) => &mut count.untestable,
        } += 1;
    }
    count
}

/// Hold every claim of a suite against its results.
#[must_use]
pub fn test<'a>(suite: &'a Suite, streams: &[StreamComparison], measured: &[Measured]) -> Vec<Tested<'a>> {
    let results = Results {
        suite,
        streams,
        measured,
    };
    let claims = suite.manifest.claims.iter();
    claims.map(|claim| tested(&results, claim)).collect()
}

/// The results that claims are held against.
struct Results<'r> {
    suite: &'r Suite,
    streams: &'r [StreamComparison],
    measured: &'r [Measured],
}

fn tested<'a>(results: &Results<'_>, claim: &'a ClaimEntry) -> Tested<'a> {
    let unit = Metric::named(&claim.metric).map(Metric::unit);
    let values = match values(results, claim) {
        Ok(values) => values,
        Err(reason) => {
            return Tested {
                claim,
                unit,
                found: None,
                outcome: ClaimOutcome::Untestable(reason),
                sure: None,
            };
        }
    };
    let Values { by_seed, estimate } = values;
    let scale = unit.map_or(1.0, written);
    let holds = |value: f64| claim.assertion.holds(rounded(value * scale));
    let held = if claim.each {
        by_seed.values().all(|value| holds(*value))
    } else {
        holds(estimate.mean)
    };
    let found = Estimate {
        mean: estimate.mean * scale,
        sd: estimate.sd.map(|sd| sd * scale),
        half_width: estimate.half_width.map(|half| half * scale),
        ..estimate
    };
    Tested {
        claim,
        unit,
        found: Some(found),
        outcome: if held {
            ClaimOutcome::Held
        } else {
            ClaimOutcome::Missed
        },
        sure: found
            .interval()
            .filter(|_| !claim.each)
            .map(|(low, high)| sure(&claim.assertion, low, high, held)),
    }
}

/// A value without the last bits of its computation, so that 0.615 × 100 is 61.5 and within 0.5 of 62.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// The factor from a recorded value to the unit in which reports write it.
#[must_use]
pub fn written(unit: Unit) -> f64 {
    match unit {
        Unit::Percent | Unit::Points | Unit::Fall => 100.0,
        _ => 1.0,
    }
}

/// Returns whether every value of an interval agrees that the assertion is held, or that it is not.
fn sure(assertion: &Assertion, low: f64, high: f64, held: bool) -> bool {
    let ends = assertion.holds(low) == held && assertion.holds(high) == held;
    // Both ends may be outside of a band that lies within the interval.
    let around = match *assertion {
        Assertion::Near { figure, .. } => !held && low < figure && figure < high,
        Assertion::Ordered { .. } => false,
    };
    ends && !around
}

/// The values that a claim is about.
struct Values {
    by_seed: BTreeMap<u64, f64>,
    estimate: Estimate,
}

fn values(results: &Results<'_>, claim: &ClaimEntry) -> Result<Values, String> {
    let (one, step) = results.of_method(claim, &claim.method)?;
    let Some(other) = &claim.other else {
        let all: Vec<f64> = one.values().copied().collect();
        return match Estimate::stepped(&all, step) {
            Some(estimate) => Ok(Values {
                by_seed: one,
                estimate,
            }),
            None => Err(format!("“{}” has values that are not numbers", claim.method)),
        };
    };
    let (second, other_step) = results.of_method(claim, other)?;
    let differences = one
        .iter()
        .filter_map(|(seed, v)| Some((*seed, v - second.get(seed)?)));
    let Some(paired) = Paired::of(&one, &second, step.max(other_step)) else {
        return Err(format!("“{}” and “{other}” share no finished seed", claim.method));
    };
    Ok(Values {
        by_seed: differences.collect(),
        estimate: paired.difference,
    })
}

impl Results<'_> {
    /// The values of a method by seed, and their smallest change. A metric that the report does not know goes by its recorded name.
    fn of_method(&self, claim: &ClaimEntry, method: &str) -> Result<(BTreeMap<u64, f64>, f64), String> {
        let (manifest, stream) = (&self.suite.manifest, &claim.stream);
        let comparison = self
            .streams
            .iter()
            .find(|c| &manifest.streams[c.stream].name == stream);
        let row = comparison.and_then(|c| c.rows.iter().find(|r| manifest.methods[r.method].name == method));
        let Some(row) = row.filter(|row| row.finished > 0) else {
            return Err(format!("no run of “{method}” on “{stream}” has finished"));
        };
        let metric = Metric::named(&claim.metric);
        let values = match metric {
            Some(metric) => row.values.get(&metric).cloned().unwrap_or_default(),
            None => self.recorded(row, &claim.metric),
        };
        if values.is_empty() {
            let title = match metric {
                Some(metric) => metric.title(),
                None => claim.metric.as_str(),
            };
            return Err(format!("“{method}” has no {title} on “{stream}”"));
        }
        Ok((values, metric.map_or(0.0, |metric| row.step(metric))))
    }

    fn recorded(&self, row: &MethodRow, name: &str) -> BTreeMap<u64, f64> {
        let value = |run: &usize| {
            Some((
                self.suite.runs[*run].entry.seed,
                *self.measured[*run].others.get(name)?,
            ))
        };
        row.runs.iter().filter_map(value).collect()
    }
}

#[cfg(test)]
mod tests;

//! Comparisons of methods from the measured runs, stream by stream.

mod planned;

use crate::metrics::{Direction, Measured, Metric};
use crate::statistics::{Estimate, Paired, settles};
use crate::suite::{Outcome, Suite};
use dentate_core::metrics::{AccuracyMatrix, mean_matrix};
use dentate_core::source::Scenario;
use std::collections::BTreeMap;

/// The role of a method in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The method that the others are compared with.
    Control,
    /// A method that competes.
    Contender,
    /// A method that learned all tasks at once, so it shows the attainable accuracy and does not compete.
    Reference,
}

/// The measure by which a stream's methods are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scoring {
    /// Average accuracy.
    Accuracy,
    /// Squared error, if no method has an accuracy.
    Error,
    /// Quantization error, if there is nothing to predict.
    Quantization,
    /// The solved problems, and the hidden units that they took.
    Solving,
}

/// A paired difference with its significance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The difference, seed by seed.
    pub paired: Paired,
    /// The p-value, corrected for the number of comparisons made; `None` if nothing was tested.
    pub adjusted: Option<f64>,
    /// True if the corrected test excludes "no difference" at the 5 % level.
    pub significant: bool,
}

impl Verdict {
    /// The same of the second method against the first.
    fn reversed(self) -> Self {
        let mut paired = self.paired;
        paired.difference.mean = -paired.difference.mean;
        Self { paired, ..self }
    }

    fn of(paired: Paired, adjusted: Option<f64>) -> Self {
        let adjusted = adjusted.filter(|_| paired.p.is_ok());
        Self {
            paired,
            adjusted,
            significant: adjusted.is_some_and(settles),
        }
    }
}

/// A method on a stream.
#[derive(Clone, Debug)]
pub struct MethodRow {
    /// Index of the method in the manifest.
    pub method: usize,
    /// Its role.
    pub role: Role,
    /// Indices of its runs in the suite.
    pub runs: Vec<usize>,
    /// The number of its runs that finished.
    pub finished: usize,
    /// Values by metric and seed.
    pub values: BTreeMap<Metric, BTreeMap<u64, f64>>,
    /// Their means with intervals.
    pub estimates: BTreeMap<Metric, Estimate>,
    /// The smallest possible change of a metric, if known.
    pub steps: BTreeMap<Metric, f64>,
    /// Means of metrics that this crate does not know, by recorded name.
    pub others: BTreeMap<String, Estimate>,
    /// The number of times its runs declined to grow or stopped growing, by reason.
    pub held: BTreeMap<String, u64>,
    /// The difference from the control in the metric the stream is ranked by; a reference's is not tested.
    pub against_control: Option<Verdict>,
    /// The differences of a growing method from its static twins, by the twin's index in the manifest.
    pub against_twins: BTreeMap<usize, Verdict>,
    /// The mean accuracy matrix.
    pub matrix: AccuracyMatrix,
}

impl MethodRow {
    /// The smallest possible change of a metric; 0 if unknown.
    #[must_use]
    pub fn step(&self, metric: Metric) -> f64 {
        self.steps.get(&metric).copied().unwrap_or(0.0)
    }
}

/// The leader of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Lead {
    /// Index of the leading row.
    pub row: usize,
    /// Index of the next, and the leader's difference from it, corrected (Bonferroni) for all pairs, since the pair was
    /// selected after seeing the results.
    pub runner_up: Option<(usize, Option<Verdict>)>,
}

/// The methods on one stream.
#[derive(Clone, Debug)]
pub struct StreamComparison {
    /// Index of the stream in the manifest.
    pub stream: usize,
    /// The kind of measure they are ranked by.
    pub scoring: Scoring,
    /// The measure of the ranking, if the suite names one that was recorded here.
    pub rank_by: Option<Metric>,
    /// The methods that the suite runs on it, best first, references last.
    pub rows: Vec<MethodRow>,
    /// The leader, if any method has a result.
    pub lead: Option<Lead>,
}

/// Compare the methods on every stream of the suite that has runs.
#[must_use]
pub fn compare(suite: &Suite, measured: &[Measured]) -> Vec<StreamComparison> {
    let streams = 0..suite.manifest.streams.len();
    streams
        .map(|s| compare_on(suite, measured, s))
        .filter(|c| !c.rows.is_empty())
        .collect()
}

impl StreamComparison {
    /// The metric it is ranked by.
    #[must_use]
    pub fn metric(&self) -> Metric {
        let own = match self.scoring {
            Scoring::Accuracy => Metric::AVERAGE_ACCURACY,
            Scoring::Error => Metric::SQUARED_ERROR,
            Scoring::Quantization => Metric::QUANTIZATION_ERROR,
            Scoring::Solving => Metric::SOLVED,
        };
        self.rank_by.unwrap_or(own)
    }

    /// The row of the control.
    #[must_use]
    pub fn control(&self) -> Option<&MethodRow> {
        self.rows.iter().find(|r| r.role == Role::Control)
    }

    /// The number of comparisons that are planned and corrected together: with the control, and of growing methods with their twins.
    #[must_use]
    pub fn planned(&self) -> usize {
        let control = self.control().map(|row| row.method);
        let to_control = |r: &&MethodRow| r.role == Role::Contender && r.against_control.is_some();
        let twins = |r: &MethodRow| {
            let others = r.against_twins.keys().filter(|twin| Some(**twin) != control);
            if r.role == Role::Control {
                0
            } else {
                others.count()
            }
        };
        self.rows.iter().filter(to_control).count() + self.rows.iter().map(twins).sum::<usize>()
    }

    /// The verdict of the planned comparison of two rows; `None` if none is of these two.
    #[must_use]
    pub fn planned_between(&self, one: usize, other: usize) -> Option<Verdict> {
        let (one, other) = (self.rows.get(one)?, self.rows.get(other)?);
        let from = |a: &MethodRow, b: &MethodRow| match b.role {
            Role::Control => a.against_control,
            _ => a.against_twins.get(&b.method).copied(),
        };
        from(one, other).or_else(|| from(other, one).map(Verdict::reversed))
    }

    /// The best mean among those that compete; `None` if fewer than two can be compared or the metric has no direction.
    #[must_use]
    pub fn best(&self, metric: Metric) -> Option<f64> {
        let direction = metric.direction()?;
        let competing = self.rows.iter().filter(|r| r.role != Role::Reference);
        let means: Vec<f64> = competing
            .filter_map(|r| Some(r.estimates.get(&metric)?.mean))
            .collect();
        if means.len() < 2 {
            return None;
        }
        let means = means.into_iter();
        match direction {
            Direction::Higher => means.reduce(f64::max),
            Direction::Lower => means.reduce(f64::min),
        }
    }
}

fn compare_on(suite: &Suite, measured: &[Measured], stream: usize) -> StreamComparison {
    let runs_of = |method: usize| -> Vec<usize> {
        let runs = suite.runs.iter().enumerate();
        runs.filter(|(_, r)| r.stream == stream && r.method == method)
            .map(|(i, _)| i)
            .collect()
    };
    let methods = 0..suite.manifest.methods.len();
    let rows = methods
        .map(|m| (m, runs_of(m)))
        .filter(|(_, runs)| !runs.is_empty());
    let mut rows: Vec<MethodRow> = rows.map(|(m, runs)| row(suite, measured, m, runs)).collect();
    let scoring = scoring(&suite.manifest.streams[stream].scenario, &rows);
    let mut comparison = StreamComparison {
        stream,
        scoring,
        rank_by: ranking(suite, &rows),
        rows: Vec::new(),
        lead: None,
    };
    let metric = comparison.metric();
    if scoring != Scoring::Solving {
        planned::enter(suite, &mut rows, metric);
        let higher = metric.direction() == Some(Direction::Higher);
        rows.sort_by_key(|r| {
            let mean = r
                .estimates
                .get(&metric)
                .map(|e| if higher { -e.mean } else { e.mean });
            // A total order on the mean, with absent ones after all others; the bits of a shifted float would be obscure.
            (
                r.role == Role::Reference,
                mean.is_none(),
                Ordered(mean.unwrap_or(0.0)),
            )
        });
    }
    comparison.rows = rows;
    comparison.lead = if scoring == Scoring::Solving {
        None
    } else {
        lead(&comparison)
    };
    comparison
}

/// Floats in their total order.
#[derive(PartialEq)]
struct Ordered(f64);
impl Eq for Ordered {}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The measure that the suite names, if any row has it.
fn ranking(suite: &Suite, rows: &[MethodRow]) -> Option<Metric> {
    let named = suite.manifest.rank_by.as_deref()?;
    let mut measured = rows.iter().flat_map(|row| row.estimates.keys().copied());
    measured.find(|metric| metric.name() == named && metric.direction().is_some())
}

fn scoring(scenario: &str, rows: &[MethodRow]) -> Scoring {
    let any = |metric| rows.iter().any(|r| r.estimates.contains_key(&metric));
    if any(Metric::QUANTIZATION_ERROR) && !any(Metric::AVERAGE_ACCURACY) {
        return Scoring::Quantization;
    }
    if scenario == Scenario::Single.name() && !any(Metric::AVERAGE_ACCURACY)
        || any(Metric::SOLVED)
        || any(Metric::HIDDEN_UNITS)
    {
        Scoring::Solving
    } else if !any(Metric::AVERAGE_ACCURACY) && any(Metric::SQUARED_ERROR) {
        Scoring::Error
    } else {
        Scoring::Accuracy
    }
}

fn row(suite: &Suite, measured: &[Measured], method: usize, runs: Vec<usize>) -> MethodRow {
    let mut values: BTreeMap<Metric, BTreeMap<u64, f64>> = BTreeMap::new();
    let mut others: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut steps: BTreeMap<Metric, f64> = BTreeMap::new();
    let mut held: BTreeMap<String, u64> = BTreeMap::new();
    for &run in &runs {
        for (reason, &times) in &measured[run].held {
            let sum = held.entry(reason.clone()).or_default();
            *sum = sum.saturating_add(times);
        }
        for reason in &measured[run].stops {
            *held.entry(format!("stopped: {reason}")).or_default() += 1;
        }
        let seed = suite.runs[run].entry.seed;
        for (&metric, &value) in &measured[run].values {
            values.entry(metric).or_default().insert(seed, value);
        }
        for (&metric, &step) in &measured[run].steps {
            let most: &mut f64 = steps.entry(metric).or_default();
            *most = most.max(step);
        }
        for (name, &value) in &measured[run].others {
            others.entry(name.clone()).or_default().push(value);
        }
    }
    let matrices: Vec<&AccuracyMatrix> = runs.iter().map(|r| &measured[*r].matrix).collect();
    let role = if suite.control() == Some(method) {
        Role::Control
    } else if matrices.iter().any(|m| m.is_joint()) {
        Role::Reference
    } else {
        Role::Contender
    };
    let estimate = |(&metric, by_seed): (&Metric, &BTreeMap<u64, f64>)| {
        let (values, step) = (by_seed.values().copied().collect::<Vec<_>>(), steps.get(&metric));
        Some((metric, Estimate::stepped(&values, step.copied().unwrap_or(0.0))?))
    };
    MethodRow {
        method,
        role,
        finished: runs
            .iter()
            .filter(|r| suite.runs[**r].outcome == Outcome::Finished)
            .count(),
        estimates: values.iter().filter_map(estimate).collect(),
        others: others
            .into_iter()
            .filter_map(|(name, v)| Some((name, Estimate::of(&v)?)))
            .collect(),
        held,
        against_control: None,
        against_twins: BTreeMap::new(),
        matrix: mean_matrix(&matrices),
        runs,
        steps,
        values,
    }
}

fn paired(one: &MethodRow, other: &MethodRow, metric: Metric) -> Option<Paired> {
    let step = one.step(metric).max(other.step(metric));
    Paired::of(one.values.get(&metric)?, other.values.get(&metric)?, step)
}

fn lead(comparison: &StreamComparison) -> Option<Lead> {
    let metric = comparison.metric();
    let competes = |r: &MethodRow| r.role != Role::Reference && r.estimates.contains_key(&metric);
    let competing: Vec<usize> = (0..comparison.rows.len())
        .filter(|i| competes(&comparison.rows[*i]))
        .collect();
    let (&first, rest) = competing.split_first()?;
    let pairs = (competing.len() * (competing.len() - 1) / 2) as f64;
    let runner_up = rest.first().map(|&second| {
        let paired = paired(&comparison.rows[first], &comparison.rows[second], metric);
        let verdict = paired.map(|d| Verdict::of(d, d.p.ok().map(|p| (p * pairs).min(1.0))));
        (second, verdict)
    });
    Some(Lead {
        row: first,
        runner_up,
    })
}

#[cfg(test)]
mod tests;

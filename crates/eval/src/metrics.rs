//! The quantities that a report compares, and their values for each run.
//!
//! A metric is declared once ([`MetricInfo`]). If it only sums up the values of one record, that is all (`aggregate`); else a function from
//! frames to a frame belongs to it ([`Derived`]).

use crate::frames::{Frames, Observation, by_run};
use crate::suite::{Outcome, Suite};
use dentate_core::metrics::{AccuracyMatrix, Confusion};
use dentate_core::record::{MetricEntry, known, metric};
use polars::prelude::*;
use std::collections::BTreeMap;

mod accuracy;
mod derived;
mod errors;
mod growth;
mod maps;
mod parameters;
mod recorded;
mod reference;
mod steps;
mod transfer;
mod worst;
pub use dentate_core::metrics::{Aggregate, Direction, Metric, MetricInfo, Ranked, Table, Unit};
pub use derived::{Compute, Derived, DerivedNameError, all_derived, check_derived};

/// The results of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Its accuracy matrix; empty if it recorded none.
    pub matrix: AccuracyMatrix,
    /// The metrics that exist for it.
    pub values: BTreeMap<Metric, f64>,
    /// The smallest possible changes of the values, if known.
    pub steps: BTreeMap<Metric, f64>,
    /// Last values of metrics that nobody declares, by their recorded name.
    pub others: BTreeMap<String, f64>,
    /// Reconstruction errors by task and class, after each experience.
    pub reconstruction: BTreeMap<(usize, String), BTreeMap<usize, f64>>,
    /// Accuracy on each class at the end.
    pub classes: BTreeMap<u32, f64>,
    /// Predictions at the end by class.
    pub confusion: Confusion,
    /// Bytes held for learning at the end, by part.
    pub memory: BTreeMap<String, f64>,
    /// Share of the gradient that newborn units got, by age in updates: the mean over experiences.
    pub newborns: BTreeMap<u64, f64>,
    /// The reasons for which growth stopped, one for each record.
    pub stops: Vec<String>,
    /// The number of times growth was declined, by reason.
    pub held: BTreeMap<String, u64>,
}

/// Measure every run; runs that did not finish have no values.
///
/// # Errors
/// If polars fails, or a metric's function gives no frame of runs and values; the error names the metric.
pub fn measure(suite: &Suite, frames: &Frames) -> PolarsResult<Vec<Measured>> {
    let mut measured: Vec<Measured> = suite.runs.iter().map(|_| Measured::default()).collect();
    matrices(suite, frames, &mut measured);
    for metric in Metric::all() {
        if let Some(aggregate) = metric.info().aggregate {
            enter(
                suite,
                &mut measured,
                metric,
                recorded::of(frames, metric, aggregate),
            )?;
        }
    }
    // A later framework may have a metric of the same name, which then is what it says.
    let of_plugins =
        |entry: &&MetricEntry| Metric::named(&entry.name).is_none() && known(&entry.name).is_none();
    for entry in suite.manifest.metrics.iter().filter(of_plugins) {
        let metric = Metric::of_manifest(entry);
        enter(
            suite,
            &mut measured,
            metric,
            recorded::of(frames, metric, entry.aggregate),
        )?;
    }
    for derived in all_derived() {
        enter(suite, &mut measured, derived.metric, (derived.compute)(frames))?;
    }
    let declared = |name: &&str| suite.manifest.metrics.iter().any(|entry| entry.name == *name);
    let undeclared = |name: &&str| known(name).is_none() && !declared(name);
    for name in frames.metrics().filter(undeclared) {
        for (run, value) in values(&recorded::last(frames, name)?)? {
            if let Some(run) = measured.get_mut(run) {
                run.others.insert(name.to_owned(), value);
            }
        }
    }
    parts(frames, &mut measured);
    steps(frames, &mut measured);
    Ok(measured)
}

/// Enters the values of a metric, in the name of which an error is.
fn enter(
    suite: &Suite,
    measured: &mut [Measured],
    metric: Metric,
    frame: PolarsResult<DataFrame>,
) -> PolarsResult<()> {
    let found = frame.and_then(|frame| values(&frame));
    let found = found.map_err(|error| error.context(format!("the metric `{}`", metric.name()).into()))?;
    for (run, value) in found {
        let finished = suite
            .runs
            .get(run)
            .is_some_and(|run| run.outcome == Outcome::Finished);
        if let Some(run) = measured.get_mut(run).filter(|_| finished) {
            run.values.insert(metric, value);
        }
    }
    Ok(())
}

/// The finite values of a frame with the columns `run` and `value`.
fn values(frame: &DataFrame) -> PolarsResult<Vec<(usize, f64)>> {
    let runs = frame.column("run")?.u32()?;
    let values = frame.column("value")?.cast(&DataType::Float64)?;
    let pairs = runs.iter().zip(values.f64()?.iter());
    let pairs = pairs.filter_map(|(run, value)| Some((run? as usize, value.filter(|v| v.is_finite())?)));
    Ok(pairs.collect())
}

fn matrices(suite: &Suite, frames: &Frames, measured: &mut [Measured]) {
    for (run, entry) in measured.iter_mut().zip(&suite.runs) {
        run.matrix = AccuracyMatrix::new(suite.manifest.streams[entry.stream].tasks.len());
    }
    for o in frames.observations(metric::ACCURACY) {
        measured[o.run]
            .matrix
            .set(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in frames.observations(metric::CONTINUAL_ACCURACY) {
        measured[o.run]
            .matrix
            .set_within(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in frames.observations(metric::UNTRAINED) {
        measured[o.run].matrix.set_untrained(o.task.unwrap_or(0), o.value);
    }
}

/// Enters what is not one number of a run.
fn parts(frames: &Frames, measured: &mut [Measured]) {
    for o in frames.observations(metric::RECONSTRUCTION_ERROR) {
        let class = (o.task.unwrap_or(0), o.item.unwrap_or_default());
        let errors = measured[o.run].reconstruction.entry(class).or_default();
        errors.insert(o.experience, o.value);
    }
    for o in frames.observations(metric::CLASS_ACCURACY) {
        if let Some(class) = o.item.and_then(|class| class.parse().ok()) {
            measured[o.run].classes.insert(class, o.value);
        }
    }
    for o in frames.observations(metric::CONFUSION) {
        if let Some((own, predicted)) = o.item.as_deref().and_then(Confusion::pair) {
            measured[o.run].confusion.add(own, predicted, o.value as u64);
        }
    }
    for o in frames.observations(metric::STOP) {
        measured[o.run].stops.extend(o.item);
    }
    for o in frames.observations(metric::HELD) {
        let reason = o.item.unwrap_or_default();
        // A count that is not a number counts as 0.
        *measured[o.run].held.entry(reason).or_default() += o.value as u64;
    }
    for (run, rows) in by_run(&frames.observations(metric::MEMORY)) {
        let last = rows.last().map(|o| o.experience);
        for o in rows.iter().filter(|o| Some(o.experience) == last) {
            let part = o.item.clone().unwrap_or_default();
            measured[run].memory.insert(part, o.value);
        }
    }
    for (run, rows) in by_run(&frames.observations(metric::NEWBORN_GRADIENT)) {
        let mut ages: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for o in rows {
            if let Some(age) = o.item.as_deref().and_then(|age| age.parse().ok()) {
                ages.entry(age).or_default().push(o.value);
            }
        }
        let mean = |(age, all): (u64, Vec<f64>)| (age, all.iter().sum::<f64>() / all.len() as f64);
        measured[run].newborns = ages.into_iter().map(mean).collect();
    }
}

/// Enters the smallest possible changes of metrics.
fn steps(frames: &Frames, measured: &mut [Measured]) {
    let rows = |name: &str| {
        let mut all: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
        for o in frames.observations(name) {
            let of_run = all.entry(o.run).or_default();
            of_run.insert(o.task.unwrap_or(0), o.value);
        }
        all
    };
    let mut within = rows(metric::ROWS_WITHIN);
    for (run, rows) in rows(metric::TEST_ROWS) {
        let tasks = measured[run].matrix.tasks();
        let within = within.remove(&run).unwrap_or_default();
        measured[run].steps = steps::steps(tasks, &rows, &within);
    }
}

/// Returns whether a task was evaluated right after it was learned.
pub(crate) fn when_learned(o: &Observation) -> bool {
    o.task == Some(o.experience)
}

#[cfg(test)]
mod tests;

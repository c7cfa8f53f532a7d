//! The quantities that a report compares, each with one name, one formula and one unit, and their values for each run.

use crate::frames::{Frames, Observation, by_run};
use crate::suite::{Outcome, Suite};
use dentate_core::metrics::{AccuracyMatrix, Confusion};
use dentate_core::record::metric;
use polars::prelude::PolarsResult;
use std::collections::BTreeMap;

mod maps;
mod memory;
mod reference;
mod steps;
pub use dentate_core::metrics::{Direction, Metric, Unit};

/// Quantities recorded of hidden units after each experience.
pub(crate) const PLASTICITY: [(&str, Metric); 5] = [
    (metric::DEAD_UNITS, Metric::DeadUnits),
    (metric::DORMANT_UNITS, Metric::DormantUnits),
    (metric::EFFECTIVE_RANK, Metric::EffectiveRank),
    (metric::WEIGHT_MAGNITUDE, Metric::WeightMagnitude),
    (metric::ISOMETRY, Metric::Isometry),
];

/// The results of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Its accuracy matrix; empty if it recorded none.
    pub matrix: AccuracyMatrix,
    /// The metrics that exist for it.
    pub values: BTreeMap<Metric, f64>,
    /// The smallest possible changes of the values, if known.
    pub steps: BTreeMap<Metric, f64>,
    /// Last values of metrics that this crate does not know, by their recorded name.
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
/// If polars fails.
pub fn measure(suite: &Suite, frames: &Frames) -> PolarsResult<Vec<Measured>> {
    let mut measured: Vec<Measured> = suite.runs.iter().map(|_| Measured::default()).collect();
    for (run, entry) in measured.iter_mut().zip(&suite.runs) {
        run.matrix = AccuracyMatrix::new(suite.manifest.streams[entry.stream].tasks.len());
    }
    for o in frames.observations(metric::ACCURACY)? {
        measured[o.run]
            .matrix
            .set(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in frames.observations(metric::CONTINUAL_ACCURACY)? {
        measured[o.run]
            .matrix
            .set_within(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in frames.observations(metric::UNTRAINED)? {
        measured[o.run].matrix.set_untrained(o.task.unwrap_or(0), o.value);
    }
    let parameters = frames.observations(metric::PARAMETERS)?;
    for (run, rows) in by_run(&parameters) {
        let m = &mut measured[run];
        if let Some(last) = rows.last() {
            m.values.insert(Metric::Parameters, last.value);
        }
        if m.matrix.is_sequence()
            && let Some(efficiency) = size_efficiency(&rows, m.matrix.tasks())
        {
            m.values.insert(Metric::SizeEfficiency, efficiency);
        }
    }
    for (name, metric) in [
        (metric::MULTIPLY_ADDS, Metric::MultiplyAdds),
        (metric::UPDATES, Metric::Updates),
        (metric::COMPUTE, Metric::Compute),
        (metric::SOLVED, Metric::Solved),
        (metric::HIDDEN_UNITS, Metric::HiddenUnits),
        (metric::KNOWN_MINIMUM, Metric::KnownMinimum),
    ] {
        for o in frames.observations(name)? {
            measured[o.run].values.insert(metric, o.value);
        }
    }
    let errors = frames.observations(metric::SQUARED_ERROR)?;
    for (run, value) in last_means(&errors) {
        measured[run].values.insert(Metric::SquaredError, value);
    }
    for (run, rows) in by_run(&errors) {
        let own: Vec<f64> = rows.iter().filter(|o| when_learned(o)).map(|o| o.value).collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        if mean.is_finite() {
            measured[run].values.insert(Metric::LearningError, mean);
        }
    }
    for (run, mut rows) in by_run(&frames.observations(metric::PREQUENTIAL)?) {
        // Rows that a gradual transition shows before their task belong to no task's ā.
        if measured[run].matrix.is_sequence() {
            rows.retain(|o| o.task <= Some(o.experience));
        }
        let mean = rows.iter().map(|o| o.value).sum::<f64>() / rows.len() as f64;
        if mean.is_finite() {
            measured[run].values.insert(Metric::OnlineAccuracy, mean);
        }
    }
    for (name, metric) in PLASTICITY {
        for (run, value) in last_means(&frames.observations(name)?) {
            measured[run].values.insert(metric, value);
        }
    }
    for o in frames.observations(metric::RECONSTRUCTION_ERROR)? {
        let class = (o.task.unwrap_or(0), o.item.unwrap_or_default());
        let errors = measured[o.run].reconstruction.entry(class).or_default();
        errors.insert(o.experience, o.value);
    }
    for o in frames.observations(metric::CLASS_ACCURACY)? {
        if let Some(class) = o.item.and_then(|class| class.parse().ok()) {
            measured[o.run].classes.insert(class, o.value);
        }
    }
    for o in frames.observations(metric::CONFUSION)? {
        if let Some((own, predicted)) = o.item.as_deref().and_then(Confusion::pair) {
            measured[o.run].confusion.add(own, predicted, o.value as u64);
        }
    }
    for o in frames.observations(metric::GROWTH)? {
        let values = &mut measured[o.run].values;
        *values.entry(Metric::GrowthEdits).or_default() += 1.0;
        *values.entry(Metric::UnitsBorn).or_default() += o.value;
    }
    for o in frames.observations(metric::REPLACED)? {
        *measured[o.run].values.entry(Metric::UnitsReplaced).or_default() += o.value;
    }
    for o in frames.observations(metric::STOP)? {
        measured[o.run].stops.extend(o.item);
    }
    for o in frames.observations(metric::HELD)? {
        let reason = o.item.unwrap_or_default();
        // A count that is not a number counts as 0.
        *measured[o.run].held.entry(reason).or_default() += o.value as u64;
    }
    maps::measure(frames, &mut measured)?;
    memory::measure(frames, &mut measured)?;
    newborns(frames, &mut measured)?;
    for name in frames.metrics().filter(|n| !is_known(n)) {
        for (run, value) in last_means(&frames.observations(name)?) {
            measured[run].others.insert(name.to_owned(), value);
        }
    }
    let mut rows: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for o in frames.observations(metric::TEST_ROWS)? {
        let of_run = rows.entry(o.run).or_default();
        of_run.insert(o.task.unwrap_or(0), o.value);
    }
    for (run, rows) in rows {
        measured[run].steps = steps::steps(measured[run].matrix.tasks(), &rows);
    }
    for (m, run) in measured.iter_mut().zip(&suite.runs) {
        accuracies(m);
        if suite.manifest.methods[run.method].grows && run.outcome == Outcome::Finished {
            // A growing method that never grew did so zero times; the others have no such count.
            m.values.entry(Metric::GrowthEdits).or_default();
            m.values.entry(Metric::UnitsBorn).or_default();
        }
    }
    reference::intransigence(suite, &mut measured);
    Ok(measured)
}

/// Enters the shares of the gradient of newborn units.
fn newborns(frames: &Frames, measured: &mut [Measured]) -> PolarsResult<()> {
    for (run, rows) in by_run(&frames.observations(metric::NEWBORN_GRADIENT)?) {
        let mut ages: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for o in rows {
            if let Some(age) = o.item.as_deref().and_then(|age| age.parse().ok()) {
                ages.entry(age).or_default().push(o.value);
            }
        }
        let mean = |(age, all): (u64, Vec<f64>)| (age, all.iter().sum::<f64>() / all.len() as f64);
        measured[run].newborns = ages.into_iter().map(mean).collect();
    }
    Ok(())
}

fn accuracies(m: &mut Measured) {
    let matrix = &m.matrix;
    let values = [
        (Metric::AverageAccuracy, matrix.average_accuracy()),
        (Metric::AnytimeAccuracy, matrix.anytime_accuracy()),
        (Metric::LearningAccuracy, matrix.learning_accuracy()),
        (Metric::LearningTrend, matrix.learning_trend()),
        (Metric::BackwardTransfer, matrix.backward_transfer()),
        (Metric::ForwardTransfer, matrix.forward_transfer()),
        (Metric::OneStepTransfer, matrix.one_step_backward_transfer()),
        (Metric::MinAccuracy, matrix.min_accuracy()),
        (Metric::WorstCaseAccuracy, matrix.worst_case_accuracy()),
        (Metric::Forgetting, matrix.forgetting()),
    ];
    m.values.extend(
        values
            .into_iter()
            .filter_map(|(metric, value)| Some((metric, value?))),
    );
}

/// `min(1, mean_i θ_1/θ_i)` with θ_i the parameters after experience i (Díaz-Rodríguez et al. 2018).
fn size_efficiency(rows: &[&Observation], experiences: usize) -> Option<f64> {
    let after = |i: usize| {
        rows.iter()
            .rfind(|o| o.experience <= i)
            .map(|o| o.value)
            .filter(|v| *v > 0.0)
    };
    let first = after(0)?;
    let ratios: Option<Vec<f64>> = (0..experiences).map(|i| Some(first / after(i)?)).collect();
    Some((ratios?.iter().sum::<f64>() / experiences as f64).min(1.0))
}

/// The mean over tasks and items of the last records of each run; absent if it is not finite.
fn last_means(observations: &[Observation]) -> BTreeMap<usize, f64> {
    let mut means = BTreeMap::new();
    for (run, rows) in by_run(observations) {
        let mut last = BTreeMap::new();
        for o in rows {
            last.insert((o.task, o.item.as_deref()), o.value);
        }
        let mean = last.values().sum::<f64>() / last.len() as f64;
        if mean.is_finite() {
            means.insert(run, mean);
        }
    }
    means
}

/// Returns whether a task was evaluated right after it was learned.
pub(crate) fn when_learned(o: &Observation) -> bool {
    o.task == Some(o.experience)
}

fn is_known(name: &str) -> bool {
    let of_maps = crate::maps::METRICS.contains(&name);
    let of_units = PLASTICITY.iter().any(|(known, _)| *known == name);
    of_maps
        || of_units
        || [
            metric::ACCURACY,
            metric::UNTRAINED,
            metric::TEST_ROWS,
            metric::STREAM_ACCURACY,
            metric::CONTINUAL_ACCURACY,
            metric::CLASS_ACCURACY,
            metric::CONFUSION,
            metric::MEMORY,
            metric::NEWBORN_GRADIENT,
            metric::PREQUENTIAL,
            metric::REPLAYED_ACCURACY,
            metric::LOSS,
            metric::PARAMETERS,
            metric::MULTIPLY_ADDS,
            metric::UNITS,
            metric::GROWTH,
            metric::REPLACED,
            metric::UPDATES,
            metric::COMPUTE,
            metric::SOLVED,
            metric::HIDDEN_UNITS,
            metric::KNOWN_MINIMUM,
            metric::SQUARED_ERROR,
            metric::LEVEL_ERROR,
            metric::UNIT_ACTIVITY,
            metric::UNIT_DEATH,
            metric::STOP,
            metric::HELD,
        ]
        .contains(&name)
}

#[cfg(test)]
mod tests;

//! The measure that settings are chosen by, from the records of a run.

use dentate_core::metrics::AccuracyMatrix;
use dentate_core::record::{Record, metric};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A measure that settings can be chosen by. Formulas are those of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum By {
    /// Mean accuracy on all tasks at the end.
    AverageAccuracy,
    /// Mean over experiences of the accuracy on the tasks so far.
    AverageAnytimeAccuracy,
    /// Mean accuracy on each task when it was learned.
    LearningAccuracy,
    /// Mean squared error on all tasks at the end.
    SquaredError,
    /// Mean squared error on each task when it was learned.
    LearningError,
    /// Mean distance to the nearest prototype on all tasks at the end.
    QuantizationError,
}

impl By {
    const ALL: [Self; 6] = [
        Self::AverageAccuracy,
        Self::AverageAnytimeAccuracy,
        Self::LearningAccuracy,
        Self::SquaredError,
        Self::LearningError,
        Self::QuantizationError,
    ];

    /// The measure of this name, if settings can be chosen by it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    /// Its kebab-case name, which is that of the report's measure.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AverageAccuracy => "average-accuracy",
            Self::AverageAnytimeAccuracy => "average-anytime-accuracy",
            Self::LearningAccuracy => "learning-accuracy",
            Self::SquaredError => "squared-error",
            Self::LearningError => "learning-error",
            Self::QuantizationError => "quantization-error",
        }
    }

    /// Returns whether more of it is better.
    pub(crate) fn higher_is_better(self) -> bool {
        matches!(
            self,
            Self::AverageAccuracy | Self::AverageAnytimeAccuracy | Self::LearningAccuracy
        )
    }

    /// The stream's own measure, by what was recorded of a run on it.
    pub(crate) fn own(records: &[Record]) -> Option<Self> {
        let has = |name: &str| records.iter().any(|r| r.metric == name);
        let all = [
            (metric::ACCURACY, Self::AverageAccuracy),
            (metric::SQUARED_ERROR, Self::SquaredError),
            (metric::QUANTIZATION_ERROR, Self::QuantizationError),
        ];
        all.into_iter().find(|(name, _)| has(name)).map(|(_, by)| by)
    }

    /// Its value for a run; `None` if it was not recorded, or is no number.
    pub(crate) fn of(self, records: &[Record]) -> Option<f64> {
        let value = match self {
            Self::AverageAccuracy => matrix(records).average_accuracy(),
            Self::AverageAnytimeAccuracy => matrix(records).anytime_accuracy(),
            Self::LearningAccuracy => matrix(records).learning_accuracy(),
            Self::SquaredError => last(records, metric::SQUARED_ERROR),
            Self::QuantizationError => last(records, metric::QUANTIZATION_ERROR),
            Self::LearningError => {
                let own = records.iter().filter(|r| r.metric == metric::SQUARED_ERROR);
                mean(own.filter(|r| r.task == Some(r.experience)).map(|r| r.value))
            }
        };
        value.filter(|value| value.is_finite())
    }
}

fn matrix(records: &[Record]) -> AccuracyMatrix {
    let of = || records.iter().filter(|r| r.metric == metric::ACCURACY);
    let task = |record: &Record| record.task.unwrap_or(0) as usize;
    let mut matrix = AccuracyMatrix::new(of().map(|r| task(r) + 1).max().unwrap_or(0));
    for record in of() {
        matrix.set(record.experience as usize, task(record), record.value);
    }
    matrix
}

/// The mean over tasks of the last values.
fn last(records: &[Record], name: &str) -> Option<f64> {
    let of = records.iter().filter(|r| r.metric == name);
    let last: BTreeMap<_, f64> = of.map(|r| ((r.task, r.item.clone()), r.value)).collect();
    mean(last.into_values())
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests;

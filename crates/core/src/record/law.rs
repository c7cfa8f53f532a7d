//! The rules for records. The runner checks them when it writes and the report when it reads, so that a log accepted by one is
//! never damaged to the other, and no number from a file makes a reader loop or allocate without bound.

use super::{Record, metric};

/// The size of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Number of experiences.
    pub experiences: usize,
    /// Number of tasks.
    pub tasks: usize,
}

/// A checker of the records of one log, in order.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    reach: Reach,
    last: (u32, u64),
}

impl Law {
    /// A checker for the log of a run on a stream.
    #[must_use]
    pub fn of(reach: Reach) -> Self {
        Self { reach, last: (0, 0) }
    }

    /// Checks the next record.
    ///
    /// # Errors
    /// One sentence without a full stop.
    pub fn check(&mut self, record: &Record) -> Result<(), String> {
        let Reach { experiences, tasks } = self.reach;
        let Record {
            experience,
            step,
            value,
            ..
        } = *record;
        // A damaged name may be long.
        let name: String = record.metric.chars().take(60).collect();
        if experience as usize >= experiences {
            return Err(format!(
                "{name} is of experience {experience}, and the stream has {experiences}, from 0"
            ));
        }
        if let Some(task) = record.task.filter(|task| *task as usize >= tasks) {
            return Err(format!(
                "{name} is of task {task}, and the stream has {tasks}, from 0"
            ));
        }
        let (experience_before, step_before) = self.last;
        if experience < experience_before {
            return Err(format!(
                "{name} is of experience {experience}, after a record of experience {experience_before}"
            ));
        }
        if experience == experience_before && step < step_before {
            return Err(format!(
                "{name} is of step {step}, after a record of step {step_before}"
            ));
        }
        self.last = (experience, step);
        match range(&record.metric).filter(|range| !range.holds(value)) {
            Some(range) => Err(format!("{name} {value} is not {}", range.words())),
            None => Ok(()),
        }
    }
}

/// The range of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// A share: from 0 to 1.
    Share,
    /// A count, or an error: finite and at least 0.
    Amount,
}

impl Range {
    /// Returns whether a value is in the range.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Share => (0.0..=1.0).contains(&value),
            Self::Amount => value.is_finite() && value >= 0.0,
        }
    }

    /// The range in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Share => "between 0 and 1",
            Self::Amount => "finite and at least 0",
        }
    }
}

/// The range of a metric, where it has one: a loss may diverge, and a plugin's metrics are not checked.
#[must_use]
pub fn range(metric: &str) -> Option<Range> {
    match metric {
        metric::ACCURACY
        | metric::UNTRAINED
        | metric::STREAM_ACCURACY
        | metric::CONTINUAL_ACCURACY
        | metric::CLASS_ACCURACY
        | metric::PREQUENTIAL
        | metric::REPLAYED_ACCURACY => Some(Range::Share),
        metric::PARAMETERS
        | metric::MULTIPLY_ADDS
        | metric::UNITS
        | metric::GROWTH
        | metric::REPLACED
        | metric::UPDATES
        | metric::COMPUTE
        | metric::SOLVED
        | metric::HIDDEN_UNITS
        | metric::KNOWN_MINIMUM
        | metric::CUSTOMARY
        | metric::SQUARED_ERROR
        | metric::EDGES
        | metric::DEATHS
        | metric::UNIT_DEATH
        | metric::TEST_ROWS
        | metric::MEMORY
        | metric::NEWBORN_GRADIENT
        | metric::CONFUSION
        | metric::HELD => Some(Range::Amount),
        _ => None,
    }
}

/// Returns whether a metric has one value for each experience, task and item: a second, different one contradicts the first.
#[must_use]
pub fn once(metric: &str) -> bool {
    matches!(
        metric,
        metric::ACCURACY
            | metric::UNTRAINED
            | metric::CLASS_ACCURACY
            | metric::CONFUSION
            | metric::PREQUENTIAL
            | metric::REPLAYED_ACCURACY
            | metric::TEST_ROWS
            | metric::UPDATES
            | metric::COMPUTE
            | metric::MEMORY
            | metric::NEWBORN_GRADIENT
            | metric::SOLVED
            | metric::HIDDEN_UNITS
            | metric::KNOWN_MINIMUM
            | metric::CUSTOMARY
            | metric::SQUARED_ERROR
            | metric::RECONSTRUCTION_ERROR
            | metric::QUANTIZATION_ERROR
            | metric::DEAD_UNITS
            | metric::DORMANT_UNITS
            | metric::EFFECTIVE_RANK
            | metric::WEIGHT_MAGNITUDE
            | metric::ISOMETRY
    )
}

#[cfg(test)]
mod tests;

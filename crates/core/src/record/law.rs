//! The rules for records. The runner checks them when it writes and the report when it reads, so that a log accepted by one is
//! never damaged to the other, and no number from a file makes a reader loop or allocate without bound.

use super::{Record, known};

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
        let range = known(&record.metric).and_then(|known| known.range);
        let Reach { experiences, tasks } = self.reach;
        let Record {
            experience,
            step,
            value,
            ..
        } = *record;
        // A damaged name may be long.
        let name = || record.metric.chars().take(60).collect::<String>();
        if experience as usize >= experiences {
            return Err(format!(
                "{} is of experience {experience}, and the stream has {experiences}, from 0",
                name()
            ));
        }
        if let Some(task) = record.task.filter(|task| *task as usize >= tasks) {
            return Err(format!(
                "{} is of task {task}, and the stream has {tasks}, from 0",
                name()
            ));
        }
        let (experience_before, step_before) = self.last;
        if experience < experience_before {
            return Err(format!(
                "{} is of experience {experience}, after a record of experience {experience_before}",
                name()
            ));
        }
        if experience == experience_before && step < step_before {
            return Err(format!(
                "{} is of step {step}, after a record of step {step_before}",
                name()
            ));
        }
        self.last = (experience, step);
        match range.filter(|range| !range.holds(value)) {
            Some(range) => Err(format!("{} {value} is not {}", name(), range.words())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

//! Counts of correctly classified rows, from the losses of an update's own pass.

use crate::ids::TaskId;
use serde::{Deserialize, Serialize};

/// The counting of a term's rows. Only labels are counted; a term with other targets counts nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tally {
    /// Not counted.
    #[default]
    None,
    /// The first this many of its rows are counted as rows of the stream, and those after them as replayed rows: one mean may be over
    /// both.
    Stream(usize),
}

impl Tally {
    /// All rows are counted as rows of the stream.
    pub const CURRENT: Self = Self::Stream(usize::MAX);
    /// All rows are counted as replayed.
    pub const REPLAYED: Self = Self::Stream(0);

    /// Returns whether the term's row at this place is counted as replayed; `None` where it is not counted.
    #[must_use]
    pub fn again(self, place: usize) -> Option<bool> {
        match self {
            Self::None => None,
            Self::Stream(rows) => Some(place >= rows),
        }
    }
}

/// The number of evaluated rows, and of those classified correctly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Number of rows.
    pub rows: u64,
    /// Number of rows whose largest active output, the first of equal ones, is the label's.
    pub right: u64,
}

impl Hits {
    /// The share of correctly classified rows.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.right as f64 / self.rows as f64)
    }

    /// Adds the counts of further rows.
    pub fn add(&mut self, further: Self) {
        self.rows += further.rows;
        self.right += further.right;
    }
}

/// The counts of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHits {
    /// The task whose rows were counted.
    pub task: TaskId,
    /// Rows of the stream.
    pub current: Hits,
    /// Replayed rows.
    pub replayed: Hits,
}

/// The counts of all tasks, in rising order. Clearing keeps the allocated memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallies(Vec<TaskHits>);

impl Tallies {
    /// Counts rows of a task, either of the stream or replayed (`again`).
    pub fn count(&mut self, task: TaskId, again: bool, hits: Hits) {
        let at = match self.0.binary_search_by(|of| of.task.cmp(&task)) {
            Ok(at) => at,
            Err(at) => {
                let (current, replayed) = (Hits::default(), Hits::default());
                self.0.insert(
                    at,
                    TaskHits {
                        task,
                        current,
                        replayed,
                    },
                );
                at
            }
        };
        if again {
            self.0[at].replayed.add(hits);
        } else {
            self.0[at].current.add(hits);
        }
    }

    /// Adds other counts.
    pub fn add(&mut self, further: &Self) {
        for of in &further.0 {
            self.count(of.task, false, of.current);
            self.count(of.task, true, of.replayed);
        }
    }

    /// Resets all counts.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The counts of a task.
    #[must_use]
    pub fn of(&self, task: TaskId) -> Option<&TaskHits> {
        self.0.iter().find(|of| of.task == task)
    }

    /// Iterates over the tasks.
    pub fn iter(&self) -> impl Iterator<Item = &TaskHits> {
        self.0.iter()
    }
}

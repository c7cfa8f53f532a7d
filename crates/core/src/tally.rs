//! How many rows were classified rightly, counted by what judges an update's own pass.

use crate::ids::TaskId;
use serde::{Deserialize, Serialize};

/// How the rows of a term are counted. What is counted are labels; a term with other targets counts nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tally {
    /// Not at all.
    #[default]
    None,
    /// The first so many of its rows as rows of the stream, and those behind them as rows that are seen again: one mean may be over
    /// both.
    Stream(usize),
}

impl Tally {
    /// All as rows of the stream.
    pub const CURRENT: Self = Self::Stream(usize::MAX);
    /// All as rows that are seen again.
    pub const REPLAYED: Self = Self::Stream(0);

    /// Whether the term's row at this place is seen again; `None` where it is not counted.
    #[must_use]
    pub fn again(self, place: usize) -> Option<bool> {
        match self {
            Self::None => None,
            Self::Stream(rows) => Some(place >= rows),
        }
    }
}

/// Rows that were judged, and how many of them rightly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Rows.
    pub rows: u64,
    /// Those whose largest active output, the first of equal ones, is the label's.
    pub right: u64,
}

impl Hits {
    /// The share that was right.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.right as f64 / self.rows as f64)
    }

    /// Add those of further rows.
    pub fn add(&mut self, further: Self) {
        self.rows += further.rows;
        self.right += further.right;
    }
}

/// What was counted of the rows of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHits {
    /// The task.
    pub task: TaskId,
    /// Rows of the stream.
    pub current: Hits,
    /// Rows that were seen again.
    pub replayed: Hits,
}

/// What was counted, task by task in rising order. Clearing keeps the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallies(Vec<TaskHits>);

impl Tallies {
    /// Count rows of a task, those of the stream or those that are seen `again`.
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

    /// Add what was counted elsewhere.
    pub fn add(&mut self, further: &Self) {
        for of in &further.0 {
            self.count(of.task, false, of.current);
            self.count(of.task, true, of.replayed);
        }
    }

    /// Forget everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What was counted of a task.
    #[must_use]
    pub fn of(&self, task: TaskId) -> Option<&TaskHits> {
        self.0.iter().find(|of| of.task == task)
    }

    /// Task by task.
    pub fn iter(&self) -> impl Iterator<Item = &TaskHits> {
        self.0.iter()
    }
}

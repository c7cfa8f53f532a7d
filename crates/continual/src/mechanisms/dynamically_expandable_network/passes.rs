//! Passes over the rows of a task that is over, a batch at a time.

use crate::mechanism::Context;
use dentate_core::{LearnError, Rows};
use serde::{Deserialize, Serialize};

/// Rows of an update.
const BATCH: usize = 64;

/// The rows, and the progress.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Passes {
    rows: Rows,
    next: usize,
    pass: u64,
}

impl Passes {
    /// Passes over the rows of the experience, in its order.
    pub(super) fn over(cx: &Context<'_>) -> Result<Self, LearnError> {
        Ok(Self {
            rows: cx.rows()?,
            ..Self::default()
        })
    }

    /// Returns whether so many passes are over.
    pub(super) fn are_over(&self, passes: u64) -> bool {
        self.pass >= passes || self.rows.is_empty()
    }

    /// The rows of the next update.
    pub(super) fn next_batch(&mut self) -> Rows {
        let mut rows = Rows::default();
        for (data, task, row) in self.rows.iter().skip(self.next).take(BATCH) {
            rows.push(data, task, row);
        }
        self.next += rows.len();
        if self.next >= self.rows.len() {
            (self.next, self.pass) = (0, self.pass + 1);
        }
        rows
    }
}

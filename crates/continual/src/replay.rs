//! Experience replay from a reservoir.
//!
//! Chaudhry, A. et al. (2019). On tiny episodic memories in continual learning. arXiv:1902.10486, with algorithm R of
//! Vitter, J. S. (1985), ACM TOMS 11(1): the n-th row seen enters a full memory of m with probability m/n, in the place
//! of a row drawn uniformly, so that the memory is at any time a uniform sample of all rows seen.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `capacity` | rows kept | 1000 |
//! | `batch` | remembered rows per update, beside the current ones | as many as current ones |
//!
//! The memory holds row numbers, not rows. A row is offered once, in the first pass. The loss is the mean over current and
//! remembered rows together.

use dentate_core::{DataId, Random, Rows, Seed, TaskId};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of experience replay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Replay {
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Remembered rows per update; as many as current ones when absent.
    #[schemars(range(min = 1))]
    pub batch: Option<usize>,
}

impl Default for Replay {
    fn default() -> Self {
        Self {
            capacity: 1000,
            batch: None,
        }
    }
}

dentate_core::__entry!(
    [] Rehearsal,
    Replay,
    "experience-replay",
    summary = "Mixes rows from a reservoir of earlier ones into every batch.",
    citation = "Chaudhry et al. 2019, arXiv:1902.10486",
    source = include_str!("replay.rs"),
);

/// A uniform sample of all rows offered so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reservoir {
    capacity: usize,
    seen: u64,
    rows: Vec<(DataId, TaskId, u32)>,
    random: Random,
}

impl Reservoir {
    /// An empty memory.
    #[must_use]
    pub fn new(capacity: usize, seed: Seed) -> Self {
        Self {
            capacity,
            seen: 0,
            rows: Vec::new(),
            random: seed.random(),
        }
    }

    /// Offer rows.
    pub fn offer(&mut self, rows: &Rows) {
        for row in rows.iter() {
            self.seen += 1;
            if self.rows.len() < self.capacity {
                self.rows.push(row);
            } else {
                let place = self.random.random_range(0..self.seen);
                if let Some(kept) = self.rows.get_mut(place as usize) {
                    *kept = row;
                }
            }
        }
    }

    /// Draw `n` rows with replacement; none from an empty memory.
    pub fn draw(&mut self, n: usize) -> Rows {
        let mut out = Rows::default();
        if self.rows.is_empty() {
            return out;
        }
        for _ in 0..n {
            let (data, task, index) = self.rows[self.random.random_range(0..self.rows.len())];
            out.push(data, task, index);
        }
        out
    }

    /// Rows kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows offered so far.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

#[cfg(test)]
mod tests;

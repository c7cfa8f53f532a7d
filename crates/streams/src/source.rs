//! The training rows of experiences as a [`Source`]: reshuffled for each pass, and limited to a single pass when online.

use crate::stream::{Experience, Part, RowSet, Stream, transition};
use dentate_core::{Access, DataId, Dataset, Refused, Rows, Seed, Source, TaskId};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// The position in a source: enough to continue from a checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePosition {
    /// The pass, from 0.
    pub pass: u64,
    /// Number of its rows already used.
    pub taken: usize,
}

/// The training rows of one or several experiences.
///
/// In a stream with gradual transitions, a source of one experience also has the rows of the next task that the experience shows, in its
/// last places.
///
/// Rows of a batch are grouped by experience, so that a batch from several has few segments; the rows of a batch
/// depend on the shuffled order alone.
#[derive(Clone, Debug)]
pub struct PartSource {
    access: Access,
    /// The rows of each experience and of the next task that it shows, their source, and the position after the last of them.
    parts: Vec<Share>,
    datasets: Vec<Dataset>,
    seed: Seed,
    /// Number of rows of the next task, the last positions, that are mixed into the end of a pass.
    ahead: usize,
    /// The positions in this pass's order.
    order: Vec<u32>,
    position: SourcePosition,
}

/// The rows of an experience, at positions up to `end`.
#[derive(Clone, Debug)]
struct Share {
    data: DataId,
    task: TaskId,
    rows: RowSet,
    end: usize,
}

impl Stream {
    /// The training rows of one experience, or of several together (for a joint or cumulative learner). The order of a pass
    /// depends on `seed` and the pass.
    ///
    /// # Panics
    /// If there is no experience with such a number, as in indexing.
    #[must_use]
    pub fn source(&self, experiences: &[usize], seed: Seed) -> PartSource {
        PartSource::new(experiences.iter().map(|&i| &self.experiences[i]), seed)
    }
}

impl PartSource {
    fn new<'a>(experiences: impl Iterator<Item = &'a Experience>, seed: Seed) -> Self {
        let mut source = Self {
            access: Access::Revisitable,
            parts: Vec::new(),
            datasets: Vec::new(),
            seed,
            ahead: 0,
            order: Vec::new(),
            position: SourcePosition::default(),
        };
        let mut several = false;
        for experience in experiences {
            source.add(&experience.train);
            // Several experiences have no order, so there is no transition between them.
            source.ahead = 0;
            if let Some(ahead) = &experience.ahead {
                source.add(ahead);
                source.ahead = if several { 0 } else { ahead.len() };
            }
            several = true;
            if experience.info.access == Access::Once {
                source.access = Access::Once;
            }
        }
        source.shuffle(0);
        source
    }

    fn add(&mut self, part: &Part) {
        self.parts.push(Share {
            data: part.data.id(),
            task: part.task,
            rows: part.rows.clone(),
            end: self.rows() + part.rows.len(),
        });
        if self.datasets.iter().all(|d| d.id() != part.data.id()) {
            self.datasets.push(part.data.clone());
        }
    }

    /// The current position.
    #[must_use]
    pub fn position(&self) -> SourcePosition {
        self.position
    }

    /// Continues from a position given by [`PartSource::position`]: for resuming from a checkpoint, which is no additional pass.
    pub fn resume(&mut self, position: SourcePosition) {
        self.shuffle(position.pass);
        self.position.taken = position.taken.min(self.order.len());
    }

    /// Begins a pass. Its order depends on the seed and its number, not on the passes before it.
    fn shuffle(&mut self, pass: u64) {
        let (all, own) = (self.rows() as u32, (self.rows() - self.ahead) as u32);
        self.order = (0..own).collect();
        self.order
            .shuffle(&mut self.seed.derive(&format!("pass/{pass}")).random());
        if self.ahead > 0 {
            let mut ahead: Vec<u32> = (own..all).collect();
            ahead.shuffle(&mut self.seed.derive(&format!("pass/{pass}/ahead")).random());
            self.order = transition::mixed(std::mem::take(&mut self.order), ahead);
        }
        self.position = SourcePosition { pass, taken: 0 };
    }

    /// Number of rows.
    fn rows(&self) -> usize {
        self.parts.last().map_or(0, |part| part.end)
    }

    /// The part of the row at a position, and the row's number in the part's data set.
    fn row(&self, position: u32) -> Option<(usize, u32)> {
        let at = position as usize;
        let number = self.parts.partition_point(|part| part.end <= at);
        let part = self.parts.get(number)?;
        let row = part.rows.get(at + part.rows.len() - part.end)?;
        Some((number, row))
    }

    fn collect(&self, rows: &[(usize, u32)]) -> Rows {
        let mut out = Rows::default();
        for &(part, row) in rows {
            let part = &self.parts[part];
            out.push(part.data, part.task, row);
        }
        out
    }
}

impl Source for PartSource {
    fn access(&self) -> Access {
        self.access
    }

    fn len(&self) -> Option<usize> {
        Some(self.rows())
    }

    fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    fn next(&mut self, n: usize) -> Option<Rows> {
        let rest = &self.order[self.position.taken..];
        let batch = &rest[..n.max(1).min(rest.len())];
        if batch.is_empty() {
            return None;
        }
        let mut rows: Vec<_> = batch.iter().filter_map(|&position| self.row(position)).collect();
        if self.parts.len() > 1 {
            // Stable, so that the shuffled order is kept within a part.
            rows.sort_by_key(|&(part, _)| part);
        }
        let batch = self.collect(&rows);
        self.position.taken += rows.len();
        Some(batch)
    }

    /// In the online setting, pass 0 can be started again only before any row was used.
    fn rewind(&mut self, pass: u64) -> Result<(), Refused> {
        if self.access == Access::Once && (pass > 0 || self.position.taken > 0) {
            return Err(Refused::SinglePass);
        }
        self.shuffle(pass);
        Ok(())
    }

    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused> {
        if self.access == Access::Once {
            return Err(Refused::SinglePass);
        }
        let row = |&position: &u32| {
            self.row(position).ok_or(Refused::Position {
                position,
                len: self.rows(),
            })
        };
        Ok(self.collect(&positions.iter().map(row).collect::<Result<Vec<_>, _>>()?))
    }
}

#[cfg(test)]
mod tests;

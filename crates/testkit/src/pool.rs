//! Rows of a data set as a source, for tests that drive a learner by hand.

use dentate_core::{Access, Dataset, Refused, Rows, Seed, Source, TaskId};
use rand::seq::SliceRandom;

/// Rows of one data set, of one task. The order of a pass depends on the seed and the pass.
#[derive(Clone, Debug)]
pub struct Pool {
    data: [Dataset; 1],
    task: TaskId,
    rows: Vec<u32>,
    access: Access,
    counted: bool,
    seed: Seed,
    order: Vec<u32>,
    next: usize,
}

impl Pool {
    /// These rows of `data`, at the beginning of pass 0.
    #[must_use]
    pub fn new(data: Dataset, task: TaskId, rows: Vec<u32>, access: Access, seed: Seed) -> Self {
        let mut pool = Self {
            data: [data],
            task,
            rows,
            access,
            counted: true,
            seed,
            order: Vec::new(),
            next: 0,
        };
        pool.shuffle(0);
        pool
    }

    /// The data set.
    #[must_use]
    pub fn data(&self) -> &Dataset {
        let [data] = &self.data;
        data
    }

    /// Only the first so many of its rows.
    #[must_use]
    pub fn first(mut self, rows: usize) -> Self {
        self.rows.truncate(rows);
        self.shuffle(0);
        self
    }

    /// The same rows from a source that does not state their number.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.counted = false;
        self
    }

    fn shuffle(&mut self, pass: u64) {
        self.order.clone_from(&self.rows);
        self.order
            .shuffle(&mut self.seed.derive(&format!("pass/{pass}")).random());
        self.next = 0;
    }
}

impl Source for Pool {
    fn access(&self) -> Access {
        self.access
    }

    fn len(&self) -> Option<usize> {
        self.counted.then_some(self.rows.len())
    }

    fn datasets(&self) -> &[Dataset] {
        &self.data
    }

    fn next(&mut self, n: usize) -> Option<Rows> {
        let end = (self.next + n).min(self.order.len());
        let rows = self.order[self.next..end].to_vec();
        self.next = end;
        (!rows.is_empty()).then(|| Rows::of(self.data().id(), self.task, rows))
    }

    fn rewind(&mut self, pass: u64) -> Result<(), Refused> {
        if self.access == Access::Once && pass > 0 {
            return Err(Refused::SinglePass);
        }
        self.shuffle(pass);
        Ok(())
    }

    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused> {
        if self.access == Access::Once {
            return Err(Refused::SinglePass);
        }
        let len = self.rows.len();
        let row = |&position: &u32| {
            let row = self.rows.get(position as usize).copied();
            row.ok_or(Refused::Position { position, len })
        };
        let rows = positions.iter().map(row).collect::<Result<_, _>>()?;
        Ok(Rows::of(self.data().id(), self.task, rows))
    }
}

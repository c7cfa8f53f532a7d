//! Draws of some rows of a data set: the rows of a task, and the rows that tasks are evaluated on.

use dentate_core::{ConfigError, Dataset, Seed};
use rand::seq::SliceRandom;
use std::collections::BTreeSet;

/// The numbers of rows of the tasks of a stream; all rows without one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// Number of training rows of a task.
    pub(crate) train: Option<u32>,
    /// True if all tasks have the same training rows.
    pub(crate) same: bool,
    /// Number of test rows, the same ones for all tasks.
    pub(crate) test: Option<u32>,
    /// The run's seed.
    pub(crate) seed: Seed,
}

impl Drawn {
    /// Training rows drawn anew for each task, and test rows drawn once.
    pub(crate) fn anew(train: Option<u32>, test: Option<u32>, seed: Seed) -> Self {
        let same = false;
        Self {
            train,
            same,
            test,
            seed,
        }
    }

    /// All rows.
    pub(crate) fn all(seed: Seed) -> Self {
        Self {
            train: None,
            same: false,
            test: None,
            seed,
        }
    }

    /// Refuses numbers that cannot be drawn from tasks with all classes of a data set, given its rows by class if they are known
    /// before it is loaded.
    pub(crate) fn check(&self, rows: Option<[Vec<u64>; 2]>) -> Result<(), ConfigError> {
        let Some([train, test]) = rows else {
            return Ok(());
        };
        check(self.train, &train, "rows_per_task")?;
        check(self.test, &test, "test_rows")
    }

    /// The training rows of `task` among `rows`, ascending.
    pub(crate) fn train(&self, data: &Dataset, rows: Vec<u32>, task: u32) -> Result<Vec<u32>, ConfigError> {
        let seed = if self.same {
            self.seed.derive("rows")
        } else {
            self.seed.derive(&format!("rows/{task}"))
        };
        draw(data, rows, self.train, seed, "rows_per_task")
    }

    /// The test rows among `rows`, ascending.
    pub(crate) fn test(&self, data: &Dataset, rows: Vec<u32>) -> Result<Vec<u32>, ConfigError> {
        draw(data, rows, self.test, self.seed.derive("test-rows"), "test_rows")
    }
}

/// Refuses a number that cannot be drawn from classes with these numbers of rows.
pub(crate) fn check(count: Option<u32>, rows: &[u64], key: &str) -> Result<(), ConfigError> {
    let least = rows.iter().filter(|n| **n > 0).count() as u64;
    let all = rows.iter().sum();
    match count.map(u64::from) {
        Some(count) if !(least..=all).contains(&count) => Err(refused(count, (least, all), key)),
        _ => Ok(()),
    }
}

fn refused(count: u64, (least, all): (u64, u64), key: &str) -> ConfigError {
    let range =
        format!("from {least} to {all}: a row of each class and more, and no more rows than a task has");
    ConfigError::new(key, count, range)
}

/// Draws `count` of `rows` at random without replacement, in ascending order; all of them without a count. One row of each label is
/// drawn first, so that every label occurs, and the others from the rest.
fn draw(
    data: &Dataset,
    mut rows: Vec<u32>,
    count: Option<u32>,
    seed: Seed,
    key: &str,
) -> Result<Vec<u32>, ConfigError> {
    let Some(count) = count else {
        return Ok(rows);
    };
    let all = rows.len();
    rows.shuffle(&mut seed.random());
    let mut seen = BTreeSet::new();
    let is_first = |row: &u32| data.label(*row).is_some_and(|label| seen.insert(label));
    let (mut drawn, rest): (Vec<u32>, Vec<u32>) = rows.into_iter().partition(is_first);
    let (least, wanted) = (drawn.len(), count as usize);
    if !(least..=all).contains(&wanted) {
        return Err(refused(count.into(), (least as u64, all as u64), key));
    }
    drawn.extend(rest.into_iter().take(wanted - least));
    drawn.sort_unstable();
    Ok(drawn)
}

#[cfg(test)]
mod tests;

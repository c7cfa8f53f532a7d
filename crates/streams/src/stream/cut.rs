//! The conversion of labelled data to experiences, shared by split, permuted and rotated streams.

use super::{EvaluatedRows, Experience, Part, RowSet, Stream, StreamInfo};
use crate::error::StreamError;
use dentate_core::{
    Access, ConfigError, DataId, Dataset, ExperienceInfo, Scenario, Seed, TargetKind, TaskId, TaskInfo,
};
use rand::seq::SliceRandom;
use std::collections::{BTreeMap, BTreeSet};

/// The settings shared by all experiences of a stream.
pub(crate) struct Cut {
    pub(crate) scenario: Scenario,
    pub(crate) online: bool,
    /// Share of an experience's training rows held out for validation.
    pub(crate) validation: f64,
    /// The run's seed.
    pub(crate) seed: Seed,
}

impl Cut {
    /// Labelled tasks over the same classes, with all training rows for training.
    pub(crate) fn domain(online: bool, seed: Seed) -> Self {
        Self {
            scenario: Scenario::DomainIncremental,
            online,
            validation: 0.0,
            seed,
        }
    }

    /// Refuses a setting that is invalid for all streams of labelled tasks.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.scenario == Scenario::Single {
            let valid = "task-incremental, domain-incremental or class-incremental";
            return Err(ConfigError::new("scenario", self.scenario.name(), valid));
        }
        Ok(())
    }

    /// Experience `task` with one task, trained on the first and tested on the second of `parts`.
    pub(crate) fn experience(
        &self,
        task: u32,
        classes: Vec<u32>,
        parts: [(Dataset, Vec<u32>); 2],
    ) -> Experience {
        let [(train, rows), (test, test_rows)] = parts;
        let (rows, kept_back) = self.kept_back(&train, rows, task);
        let info = ExperienceInfo {
            index: task as usize,
            scenario: self.scenario,
            tasks: vec![TaskInfo {
                id: TaskId(task),
                classes,
            }],
            target: TargetKind::Classes,
            features: train.features(),
            access: if self.online {
                Access::Once
            } else {
                Access::Revisitable
            },
        };
        let part = |data: &Dataset, rows: Vec<u32>| Part {
            data: data.clone(),
            task: TaskId(task),
            rows: RowSet::from(rows),
        };
        Experience {
            info,
            train: part(&train, rows),
            validation: part(&train, kept_back),
            test: part(&test, test_rows),
            ahead: None,
        }
    }

    /// The training rows of `task`, and those held out for validation: drawn at random, the same share of each class, and
    /// never the only row of a class.
    fn kept_back(&self, data: &Dataset, rows: Vec<u32>, task: u32) -> (Vec<u32>, Vec<u32>) {
        let total = (rows.len() as f64 * self.validation).round() as usize;
        if total == 0 {
            return (rows, Vec::new());
        }
        let quotas = quotas(data, &rows, self.validation, total);
        drawn(data, rows, quotas, self.seed, task)
    }

    /// A stream of `experiences`.
    pub(crate) fn stream(
        &self,
        title: String,
        task_names: Vec<String>,
        experiences: Vec<Experience>,
    ) -> Stream {
        let (features, shape) = experiences.first().map_or((0, Vec::new()), |e| {
            (e.train.data.features(), e.train.data.shape().to_vec())
        });
        let labels: BTreeSet<u32> = experiences.iter().flat_map(labels_of).copied().collect();
        let classes = labels.len() as u32;
        let info = StreamInfo {
            scenario: self.scenario,
            title: format!("{title}, {}", self.scenario.name()),
            task_names,
            target: TargetKind::Classes,
            features,
            shape,
            classes: Some(classes),
            chance: Some(self.chance(&experiences, classes)),
            problem: None,
            evaluated: EvaluatedRows::default(),
        };
        Stream { info, experiences }
    }

    /// The accuracy of guessing uniformly among the labels possible in the scenario, of `classes` in all.
    fn chance(&self, experiences: &[Experience], classes: u32) -> f64 {
        let of = |guesses: usize| 1.0 / guesses.max(1) as f64;
        let sizes = experiences.iter().map(|e| labels_of(e).count());
        let (least, most) = (sizes.clone().min(), sizes.clone().max());
        match (self.scenario, least) {
            (Scenario::TaskIncremental, Some(size)) if least == most => of(size),
            // The mean of equal terms need not equal the term exactly: hence the case above.
            (Scenario::TaskIncremental, _) => sizes.map(of).sum::<f64>() / experiences.len().max(1) as f64,
            _ => of(classes as usize),
        }
    }

    /// For streams in which every task has all classes of the data, transformed: data set `id`, labelled for `task` of
    /// `tasks`. Domain-incremental tasks share labels; otherwise each has its own.
    pub(crate) fn guise(
        &self,
        data: &Dataset,
        id: DataId,
        (task, tasks): (u32, u32),
        classes: u32,
    ) -> Result<Dataset, StreamError> {
        if self.scenario == Scenario::DomainIncremental {
            return Ok(data.clone().with_id(id));
        }
        labels(data)?;
        Ok(data.shifted(id, task * classes, classes * tasks)?)
    }

    /// The labels that [`Cut::guise`] gives to the occurring classes, in `task`; `classes` is the declared number.
    pub(crate) fn guise_labels(&self, task: u32, classes: u32, occurring: &[u32]) -> Vec<u32> {
        let first = if self.scenario == Scenario::DomainIncremental {
            0
        } else {
            task * classes
        };
        occurring.iter().map(|class| first + class).collect()
    }
}

impl Experience {
    /// Changes the task of an experience, which is by default that of its number.
    pub(crate) fn of_task(mut self, task: TaskId) -> Self {
        self.info.tasks.iter_mut().for_each(|info| info.id = task);
        for part in [&mut self.train, &mut self.validation, &mut self.test] {
            part.task = task;
        }
        self
    }
}

/// The labels of an experience.
fn labels_of(experience: &Experience) -> impl Iterator<Item = &u32> {
    experience.info.tasks.iter().flat_map(|task| &task.classes)
}

/// The rows of an experience that are left for training, and those held out for choosing settings: `share` of each class, and at least one row
/// of a class with two or more. Rows without a class are one class.
pub(super) fn hold_out(
    data: &Dataset,
    rows: Vec<u32>,
    share: f64,
    seed: Seed,
    task: u32,
) -> (Vec<u32>, Vec<u32>) {
    let mut counts: BTreeMap<Option<u32>, usize> = BTreeMap::new();
    for &row in &rows {
        *counts.entry(data.label(row)).or_default() += 1;
    }
    let quota = |n: usize| {
        ((n as f64 * share).round() as usize)
            .max(1)
            .min(n.saturating_sub(1))
    };
    let quotas = counts.into_iter().map(|(label, n)| (label, quota(n))).collect();
    drawn(data, rows, quotas, seed, task)
}

/// Draws as many rows of each class as its quota says: the others, and these, both ascending.
fn drawn(
    data: &Dataset,
    mut rows: Vec<u32>,
    mut quotas: BTreeMap<Option<u32>, usize>,
    seed: Seed,
    task: u32,
) -> (Vec<u32>, Vec<u32>) {
    rows.shuffle(&mut seed.derive(&format!("validation/{task}")).random());
    let (mut kept_back, mut left) = (Vec::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        match quotas.get_mut(&data.label(row)) {
            Some(quota) if *quota > 0 => {
                *quota -= 1;
                kept_back.push(row);
            }
            _ => left.push(row),
        }
    }
    left.sort_unstable();
    kept_back.sort_unstable();
    (left, kept_back)
}

/// The number of held-out rows of each class, `total` in all: its share, rounded so that the sum is met as nearly as possible
/// while each class keeps a row.
fn quotas(data: &Dataset, rows: &[u32], share: f64, total: usize) -> BTreeMap<Option<u32>, usize> {
    let mut counts: BTreeMap<Option<u32>, usize> = BTreeMap::new();
    for label in rows.iter().filter_map(|&row| data.label(row)) {
        *counts.entry(Some(label)).or_default() += 1;
    }
    let exact = |n: usize| n as f64 * share;
    let mut quotas: BTreeMap<Option<u32>, usize> = counts
        .iter()
        .map(|(&label, &n)| (label, exact(n) as usize))
        .collect();
    let mut missing = total.saturating_sub(quotas.values().sum());
    let mut order: Vec<(Option<u32>, usize)> = counts.into_iter().collect();
    // The largest remainder first; of equal ones the smallest label, by the order of the map.
    order.sort_by(|a, b| exact(b.1).fract().total_cmp(&exact(a.1).fract()));
    for (label, n) in order {
        if let Some(quota) = quotas.get_mut(&label).filter(|q| missing > 0 && **q + 1 < n) {
            *quota += 1;
            missing -= 1;
        }
    }
    quotas
}

/// The labels of a data set as loaded.
pub(crate) fn labels(data: &Dataset) -> Result<&[u32], StreamError> {
    data.labels().ok_or(StreamError::NoLabels)
}

/// Every row of a data set.
pub(crate) fn all_rows(data: &Dataset) -> Vec<u32> {
    (0..data.len() as u32).collect()
}

#[cfg(test)]
mod tests;

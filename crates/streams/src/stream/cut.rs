//! How labelled data becomes experiences: what split, permuted and rotated streams share.

use super::{Experience, Part, RowSet, Stream, StreamInfo};
use crate::error::StreamError;
use dentate_core::{Access, DataId, Dataset, ExperienceInfo, Scenario, Seed, TargetKind, TaskId, TaskInfo};
use rand::seq::SliceRandom;

/// The setting that every experience of a stream shares.
pub(crate) struct Cut {
    pub(crate) scenario: Scenario,
    pub(crate) online: bool,
    /// Share of an experience's training rows that is kept back.
    pub(crate) validation: f64,
    /// The run's seed.
    pub(crate) seed: Seed,
}

impl Cut {
    /// Refuse a setting that no stream of labelled tasks can have.
    pub(crate) fn validate(&self, stream: &'static str) -> Result<(), StreamError> {
        if self.scenario == Scenario::Single {
            return Err(StreamError::Scenario {
                stream,
                given: self.scenario.name(),
                valid: "task-incremental, domain-incremental or class-incremental",
            });
        }
        if !(0.0..=0.5).contains(&self.validation) {
            return Err(StreamError::range("validation", self.validation, "from 0 to 0.5"));
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
        let [(train, mut rows), (test, test_rows)] = parts;
        let mut kept_back = Vec::new();
        let share = (rows.len() as f64 * self.validation).round() as usize;
        if share > 0 {
            rows.shuffle(&mut self.seed.derive(&format!("validation/{task}")).random());
            kept_back = rows.split_off(rows.len() - share.min(rows.len()));
            rows.sort_unstable();
            kept_back.sort_unstable();
        }
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
        }
    }

    /// A stream of `experiences` in which a task has `per_task` classes and all of them together have `classes` labels.
    pub(crate) fn stream(
        &self,
        title: String,
        task_names: Vec<String>,
        (per_task, classes): (u32, u32),
        experiences: Vec<Experience>,
    ) -> Stream {
        let (features, shape) = experiences.first().map_or((0, Vec::new()), |e| {
            (e.train.data.features(), e.train.data.shape().to_vec())
        });
        let guesses = if self.scenario == Scenario::ClassIncremental {
            classes
        } else {
            per_task
        };
        let info = StreamInfo {
            scenario: self.scenario,
            title: format!("{title}, {}", self.scenario.name()),
            task_names,
            target: TargetKind::Classes,
            features,
            shape,
            classes: Some(classes),
            chance: Some(1.0 / f64::from(guesses.max(1))),
            problem: None,
        };
        Stream { info, experiences }
    }

    /// For streams in which every task has all classes of the data, in another guise: data set `id`, labelled for `task` of
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

    /// The labels that [`Cut::guise`] gives to `task`.
    pub(crate) fn guise_classes(&self, task: u32, classes: u32) -> Vec<u32> {
        let first = if self.scenario == Scenario::DomainIncremental {
            0
        } else {
            task * classes
        };
        (first..first + classes).collect()
    }

    /// The number of labels over all tasks that [`Cut::guise`] gives.
    pub(crate) fn guise_total(&self, tasks: u32, classes: u32) -> u32 {
        if self.scenario == Scenario::DomainIncremental {
            classes
        } else {
            classes * tasks
        }
    }
}

/// The labels of a data set as it was loaded.
pub(crate) fn labels(data: &Dataset) -> Result<&[u32], StreamError> {
    data.labels().ok_or(StreamError::NoLabels)
}

/// Every row of a data set.
pub(crate) fn all_rows(data: &Dataset) -> Vec<u32> {
    (0..data.len() as u32).collect()
}

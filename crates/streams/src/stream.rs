//! A stream: experiences in order, each with training, validation and test rows.

mod choosing;
mod counts;
mod cut;
pub(crate) mod drawing;
mod measurable;
mod rows;
pub(crate) mod transition;

pub(crate) use counts::Counts;
pub(crate) use cut::{Cut, all_rows, labels};
pub(crate) use drawing::Drawn;
pub use rows::RowSet;

use crate::contents::hex;
use dentate_core::{Dataset, ExperienceInfo, Rows, Samples, Scenario, TargetKind, Targets, TaskId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The facts about a function-learning problem.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProblemInfo {
    /// The smallest number of units in one hidden layer, without shortcuts from inputs to outputs, known to be sufficient.
    pub known_minimum: Option<usize>,
    /// The number that the literature on growing networks compares with, which can be larger: it is based on solutions
    /// designed by hand.
    pub customary: Option<usize>,
    /// The maximum distance of an output to its target at which it counts as right.
    pub tolerance: f32,
}

/// The rows that tasks are evaluated on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvaluatedRows {
    /// Rows that are not trained on.
    #[default]
    HeldOut,
    /// The training rows of the task: its labels are random, so that other rows have none to predict and an accuracy says how much was
    /// memorised, or its rows are all there are.
    Training,
}

/// The description of a whole stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StreamInfo {
    /// The scenario, which determines whether a learner is given the task.
    pub scenario: Scenario,
    /// Its title, for a report.
    pub title: String,
    /// The names of the experiences, in order, which are those of the tasks if each has its own.
    pub task_names: Vec<String>,
    /// The kind of targets.
    pub target: TargetKind,
    /// Features per row.
    pub features: usize,
    /// The shape of a row, for instance `[28, 28]`.
    pub shape: Vec<usize>,
    /// The number of different labels that occur over all tasks; `None` where targets are values.
    pub classes: Option<u32>,
    /// The accuracy of guessing, averaged over the tasks: among the labels of the task where the task is given, else among all
    /// labels of the stream. Labels that no row has are not guessed. `None` where targets are values.
    pub chance: Option<f64>,
    /// The facts about a function-learning problem, if it is one.
    pub problem: Option<ProblemInfo>,
    /// The rows that tasks are evaluated on.
    pub evaluated: EvaluatedRows,
}

/// Rows of a data set that belong to one task.
#[derive(Clone, Debug)]
pub struct Part {
    /// The data set.
    pub data: Dataset,
    /// The task of the rows.
    pub task: TaskId,
    /// Row numbers, ascending.
    pub rows: RowSet,
}

impl Part {
    /// Its rows as one batch.
    #[must_use]
    pub fn rows(&self) -> Rows {
        Rows::of(self.data.id(), self.task, self.rows.iter().collect())
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The part of a stream between two boundaries.
#[derive(Clone, Debug)]
pub struct Experience {
    /// The information for a learner.
    pub info: ExperienceInfo,
    /// Training rows.
    pub train: Part,
    /// Rows held out from training; empty unless the stream requests them.
    pub validation: Part,
    /// The rows that its task is evaluated on: test rows, or its training rows if [`StreamInfo::evaluated`] says so.
    pub test: Part,
    /// Training rows of the next task that are shown among the last ones of this experience, and not again with their task, in a
    /// stream with gradual transitions.
    pub ahead: Option<Part>,
}

impl Experience {
    /// Number of rows that it shows for training.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.train.len() + self.ahead.as_ref().map_or(0, Part::len)
    }
}

/// A stream of experiences in order.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The description of the whole stream.
    pub info: StreamInfo,
    /// The experiences in order.
    pub experiences: Vec<Experience>,
}

impl Stream {
    /// The information for a learner that is given these experiences as one: every task in them, under index 0.
    ///
    /// # Panics
    /// If there is no experience with such a number, as in indexing, or if none is given.
    #[must_use]
    pub fn merged_info(&self, experiences: &[usize]) -> ExperienceInfo {
        let mut info = self.experiences[experiences[0]].info.clone();
        info.index = 0;
        for &i in &experiences[1..] {
            for task in &self.experiences[i].info.tasks {
                if !info.tasks.contains(task) {
                    info.tasks.push(task.clone());
                }
            }
        }
        info
    }

    /// Every data set of the experiences, by ascending id, each once.
    #[must_use]
    pub fn datasets(&self) -> Vec<Dataset> {
        let parts = self
            .experiences
            .iter()
            .flat_map(|e| [&e.train, &e.validation, &e.test]);
        let by_id: BTreeMap<_, _> = parts.map(|part| (part.data.id(), part.data.clone())).collect();
        by_id.into_values().collect()
    }

    /// SHA-256, in hex, of its rows in memory, as a run uses them: the experience and task of each, their
    /// inputs and their targets.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for experience in &self.experiences {
            let parts = [&experience.train, &experience.validation, &experience.test];
            for part in parts.into_iter().chain(&experience.ahead) {
                hash.update(format!(
                    "{:?} {:?} {}\n",
                    part.data.id(),
                    part.task,
                    part.rows.len()
                ));
                words(&mut hash, part.rows.iter().map(|row| row.to_le_bytes()));
            }
        }
        let mut storages: Vec<Arc<Samples>> = Vec::new();
        for data in self.datasets() {
            let known = storages
                .iter()
                .position(|other| Arc::ptr_eq(other, data.storage()));
            let at = known.unwrap_or(storages.len());
            hash.update(format!("{:?} {:?} in {at}\n", data.id(), data.shape()));
            if known.is_none() {
                storages.push(Arc::clone(data.storage()));
                samples(&mut hash, data.storage());
            }
            let columns = data.columns().unwrap_or_default();
            hash.update(format!("columns {}\n", columns.len()));
            words(&mut hash, columns.iter().map(|column| column.to_le_bytes()));
            match &*data.targets() {
                Targets::Classes { labels, classes } => {
                    hash.update(format!("classes {classes} {}\n", labels.len()));
                    words(&mut hash, labels.iter().map(|label| label.to_le_bytes()));
                }
                Targets::Values(values) => {
                    hash.update(format!("values {:?}\n", values.dim()));
                    words(&mut hash, values.iter().map(|value| value.to_le_bytes()));
                }
                Targets::None => hash.update("none\n"),
            }
        }
        hex(&hash.finalize())
    }
}

fn samples(hash: &mut Sha256, samples: &Samples) {
    match samples {
        Samples::Bytes {
            values,
            scale,
            offset,
        } => {
            hash.update(format!("bytes {} {scale:?} {offset:?}\n", values.len()));
            hash.update(values);
        }
        Samples::Floats(values) => {
            hash.update(format!("floats {}\n", values.len()));
            words(hash, values.iter().map(|value| value.to_le_bytes()));
        }
    }
}

/// Hashes words in blocks, which is faster than one by one.
fn words(hash: &mut Sha256, words: impl Iterator<Item = [u8; 4]>) {
    let mut buffer = Vec::with_capacity(1 << 14);
    for word in words {
        buffer.extend_from_slice(&word);
        if buffer.len() == 1 << 14 {
            hash.update(&buffer);
            buffer.clear();
        }
    }
    hash.update(&buffer);
}

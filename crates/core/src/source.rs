//! The sources that give a learner its data. A learner has access to a [`Source`], never to the stream, so that a second pass over
//! the data, where the setting forbids it, is refused.

use crate::data::{Dataset, Rows};
use crate::ids::TaskId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The number of times that rows may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// A single pass: the online setting.
    Once,
    /// Rows can be visited again within the experience.
    Revisitable,
}

/// The reasons for which a source refuses a request.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The setting is online.
    #[error("the stream is single-pass: rows that have gone by cannot be visited again")]
    SinglePass,
    /// A position is outside the source.
    #[error("position {position} is outside the source, which has {len} rows")]
    Position {
        /// The requested position.
        position: u32,
        /// The number of rows.
        len: usize,
    },
    /// The number of rows is required but unknown.
    #[error(
        "the stream does not say how many rows the experience has, and without that they cannot be gathered"
    )]
    Uncounted,
}

/// The rows of one experience.
pub trait Source {
    /// Returns whether rows can be visited again.
    fn access(&self) -> Access;
    /// The number of rows in a pass, where known.
    fn len(&self) -> Option<usize>;
    /// The number of rows in a pass, for callers that require it.
    ///
    /// # Errors
    /// [`Refused::Uncounted`] if it is unknown.
    fn count(&self) -> Result<usize, Refused> {
        self.len().ok_or(Refused::Uncounted)
    }
    /// Returns whether it is known to have no rows.
    fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
    /// The data sets of its rows.
    fn datasets(&self) -> &[Dataset];
    /// The next at most `n` rows of this pass, or `None` at its end.
    fn next(&mut self, n: usize) -> Option<Rows>;
    /// Starts pass `pass` (from 0), in its own order.
    ///
    /// # Errors
    /// [`Refused::SinglePass`] for any pass but the first when access is [`Access::Once`].
    fn rewind(&mut self, pass: u64) -> Result<(), Refused>;
    /// Returns rows by position (`0..len`), independent of the order of the current pass.
    ///
    /// # Errors
    /// [`Refused`] in a single-pass setting or for a position outside the source.
    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused>;
}

/// The knowledge about the task at prediction time (van de Ven & Tolias 2019).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// The task is given: one head for each task.
    TaskIncremental,
    /// The task is not given and not needed: the same labels over changing inputs.
    DomainIncremental,
    /// The task is not given and has to be inferred: classes accumulate.
    ClassIncremental,
    /// One task, no boundary: function-learning problems.
    Single,
}

impl Scenario {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskIncremental => "task-incremental",
            Self::DomainIncremental => "domain-incremental",
            Self::ClassIncremental => "class-incremental",
            Self::Single => "single",
        }
    }
}

/// A task within an experience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskInfo {
    /// Its number.
    pub id: TaskId,
    /// The class labels that its rows carry (empty where targets are values).
    pub classes: Vec<u32>,
}

/// The kind of targets of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Class labels.
    Classes,
    /// Real values, with this number for each row.
    Values(usize),
    /// The inputs only.
    Inputs,
}

/// The information for a learner at the beginning of an experience, the part of a stream between two boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperienceInfo {
    /// Its number, from 0.
    pub index: usize,
    /// The scenario of the stream.
    pub scenario: Scenario,
    /// Its tasks (several when a joint method is given the whole stream at once).
    pub tasks: Vec<TaskInfo>,
    /// The kind of targets.
    pub target: TargetKind,
    /// Features per row.
    pub features: usize,
    /// True if rows can be visited again.
    pub access: Access,
}

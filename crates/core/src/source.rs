//! How data reaches a learner. A learner sees a [`Source`], never the stream, so that a second look at the data, where
//! the setting forbids it, is refused and not silently taken.

use crate::data::{Dataset, Rows};
use crate::ids::TaskId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How often rows may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// A single pass: the online setting.
    Once,
    /// Rows can be visited again within the experience.
    Revisitable,
}

/// A source would not do what was asked.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The setting is online.
    #[error("the stream is single-pass: rows that have gone by cannot be visited again")]
    SinglePass,
    /// A position lies outside the source.
    #[error("position {position} is outside the source, which has {len} rows")]
    Position {
        /// Asked for.
        position: u32,
        /// There are.
        len: usize,
    },
    /// Somebody has to know how many rows there are.
    #[error(
        "the stream does not say how many rows the experience has, and without that they cannot be gathered"
    )]
    Uncounted,
}

/// The rows of one experience.
pub trait Source {
    /// Whether rows can be visited again.
    fn access(&self) -> Access;
    /// How many rows a pass has, where that is known.
    fn len(&self) -> Option<usize>;
    /// How many rows a pass has, for who cannot go on without knowing.
    ///
    /// # Errors
    /// [`Refused::Uncounted`] where that is not known.
    fn count(&self) -> Result<usize, Refused> {
        self.len().ok_or(Refused::Uncounted)
    }
    /// Whether it is known to have no row.
    fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
    /// The data sets that its rows name.
    fn datasets(&self) -> &[Dataset];
    /// The next at most `n` rows of this pass, or `None` at its end.
    fn next(&mut self, n: usize) -> Option<Rows>;
    /// Start pass `pass` (from 0), in an order of its own.
    ///
    /// # Errors
    /// [`Refused::SinglePass`] for any pass but the first when access is [`Access::Once`].
    fn rewind(&mut self, pass: u64) -> Result<(), Refused>;
    /// Rows by position (`0..len`), whatever the order of the current pass.
    ///
    /// # Errors
    /// [`Refused`] in a single-pass setting or for a position outside.
    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused>;
}

/// What the evaluation may assume about the task at prediction time (van de Ven & Tolias 2019).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// The task is given: a head a task.
    TaskIncremental,
    /// The task is not given and does not matter: the same labels over changing inputs.
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

/// What has to be predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Class labels.
    Classes,
    /// Real values, so many a row.
    Values(usize),
    /// Nothing but the inputs.
    Inputs,
}

/// What a learner is told when an experience begins: what arrives between two boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperienceInfo {
    /// Its number, from 0.
    pub index: usize,
    /// The scenario.
    pub scenario: Scenario,
    /// The tasks in it (several when a joint method is given the whole stream at once).
    pub tasks: Vec<TaskInfo>,
    /// What is to be predicted.
    pub target: TargetKind,
    /// Features per row.
    pub features: usize,
    /// Whether rows can be visited again.
    pub access: Access,
}

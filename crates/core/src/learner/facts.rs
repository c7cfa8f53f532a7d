//! Facts about a stream that are known before a run, and the error for settings that do not suit it.

use super::Protocol;
use crate::ids::TaskId;
use crate::source::{Access, ExperienceInfo, Scenario, TargetKind, TaskInfo};
use thiserror::Error;

/// The facts about an experience before a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperienceFacts {
    /// Its tasks with their classes; the number of classes holds for every seed, the classes themselves for one.
    pub tasks: Vec<TaskInfo>,
    /// Number of training rows, where known.
    pub train: Option<usize>,
    /// Number of test rows, where known.
    pub test: Option<usize>,
}

impl ExperienceFacts {
    /// An experience with a single task.
    #[must_use]
    pub fn of(task: u32, classes: Vec<u32>, rows: [Option<usize>; 2]) -> Self {
        let id = TaskId(task);
        let [train, test] = rows;
        Self {
            tasks: vec![TaskInfo { id, classes }],
            train,
            test,
        }
    }
}

/// The facts about a stream before a run. Those that only its files contain may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFacts {
    /// The scenario, which determines whether a learner is given the task.
    pub scenario: Scenario,
    /// True if rows can be visited again.
    pub access: Access,
    /// The kind of target.
    pub target: TargetKind,
    /// The shape of a row, where known.
    pub shape: Option<Vec<usize>>,
    /// The experiences, in order.
    pub experiences: Vec<ExperienceFacts>,
}

impl StreamFacts {
    /// The stream as shown to a learner under a protocol.
    #[must_use]
    pub fn seen(&self, protocol: Protocol) -> Self {
        let groups = protocol.groups(self.experiences.len());
        Self {
            experiences: groups.iter().map(|group| self.together(group)).collect(),
            ..self.clone()
        }
    }

    /// Several experiences merged into one.
    fn together(&self, group: &[usize]) -> ExperienceFacts {
        let of = || group.iter().filter_map(|&i| self.experiences.get(i));
        let sum = |rows: fn(&ExperienceFacts) -> Option<usize>| {
            let mut all = of().map(rows);
            all.try_fold(0usize, |sum, n| Some(sum.saturating_add(n?)))
        };
        let mut tasks: Vec<TaskInfo> = Vec::new();
        for task in of().flat_map(|e| &e.tasks) {
            if !tasks.contains(task) {
                tasks.push(task.clone());
            }
        }
        ExperienceFacts {
            tasks,
            train: sum(|e| e.train),
            test: sum(|e| e.test),
        }
    }

    /// Returns whether each row is available only once.
    #[must_use]
    pub fn once(&self) -> bool {
        self.access == Access::Once
    }

    /// Returns whether nothing is missing.
    #[must_use]
    pub fn complete(&self) -> bool {
        let counted = |e: &ExperienceFacts| e.train.is_some() && e.test.is_some();
        self.shape.is_some() && self.experiences.iter().all(counted)
    }

    /// The information that a learner gets about an experience. An unknown shape counts as one feature.
    #[must_use]
    pub fn info(&self, index: usize) -> Option<ExperienceInfo> {
        let experience = self.experiences.get(index)?;
        Some(ExperienceInfo {
            index,
            scenario: self.scenario,
            tasks: experience.tasks.clone(),
            target: self.target,
            features: self.shape.as_ref().map_or(1, |shape| shape.iter().product()),
            access: self.access,
        })
    }
}

/// A setting that does not suit a stream, independent of any run.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("`{key}` is {value}, but {reason}")]
pub struct Unsuited {
    /// Dotted path of the setting that is incompatible.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The reason, and what would be suitable.
    pub reason: String,
}

impl Unsuited {
    /// The error that `key` is `value`, but `reason`: the obstacle, and the nearest suitable value.
    pub fn new(key: impl Into<String>, value: impl ToString, reason: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.to_string(),
            reason: reason.into(),
        }
    }

    /// The same for a key inside the table `outer`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        Self {
            key: format!("{outer}.{}", self.key),
            ..self
        }
    }
}

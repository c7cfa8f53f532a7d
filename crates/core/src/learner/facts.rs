//! What is known of a stream before a run, and how a learner says that the two do not go together.

use super::Scope;
use crate::ids::TaskId;
use crate::source::{Access, ExperienceInfo, Scenario, TargetKind, TaskInfo};
use thiserror::Error;

/// An experience before a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperienceFacts {
    /// Its tasks with their classes; how many classes there are holds for every seed, which ones for one.
    pub tasks: Vec<TaskInfo>,
    /// Rows to train on, where that is known.
    pub train: Option<usize>,
    /// Rows to test on, where that is known.
    pub test: Option<usize>,
}

impl ExperienceFacts {
    /// One of a single task.
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

/// A stream before a run. What only its files say may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFacts {
    /// The scenario.
    pub scenario: Scenario,
    /// Whether rows can be visited again.
    pub access: Access,
    /// What is to be predicted.
    pub target: TargetKind,
    /// The shape of a row, where that is known.
    pub shape: Option<Vec<usize>>,
    /// The experiences, in order.
    pub experiences: Vec<ExperienceFacts>,
}

impl StreamFacts {
    /// The stream as a learner of this scope is shown it.
    #[must_use]
    pub fn seen(&self, scope: Scope) -> Self {
        if scope == Scope::Current {
            return self.clone();
        }
        let sum = |of: fn(&ExperienceFacts) -> Option<usize>| {
            self.experiences
                .iter()
                .map(of)
                .try_fold(0usize, |sum, n| Some(sum.saturating_add(n?)))
        };
        let mut tasks: Vec<TaskInfo> = Vec::new();
        for task in self.experiences.iter().flat_map(|e| &e.tasks) {
            if !tasks.contains(task) {
                tasks.push(task.clone());
            }
        }
        let all = ExperienceFacts {
            tasks,
            train: sum(|e| e.train),
            test: sum(|e| e.test),
        };
        Self {
            experiences: vec![all],
            ..self.clone()
        }
    }

    /// Whether each row goes by only once.
    #[must_use]
    pub fn once(&self) -> bool {
        self.access == Access::Once
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn complete(&self) -> bool {
        let counted = |e: &ExperienceFacts| e.train.is_some() && e.test.is_some();
        self.shape.is_some() && self.experiences.iter().all(counted)
    }

    /// What a learner will be told of an experience. An unknown shape counts as one feature.
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

/// A setting that does not go with a stream, whatever a run would do.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("`{key}` is {value}, but {reason}")]
pub struct Unsuited {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Why not, and what would do.
    pub reason: String,
}

impl Unsuited {
    /// `key` is `value`, but `reason`: what stands against it, and the nearest that would do.
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

//! The heads that an experience lacks, which every learner adds alike.
//!
//! Task-incremental: one head per task. Class-incremental: one head, widened by new classes. Domain-incremental and single:
//! one head for all.

use crate::graph::Graph;
use crate::ids::LayerId;
use crate::layer::Head;
use crate::source::{ExperienceInfo, Scenario, TargetKind};
use std::collections::BTreeSet;

/// A head, or classes of one, that an experience needs and a network does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingHead {
    /// A new head.
    New {
        /// Its layer's name.
        name: String,
        /// The number of its outputs.
        width: usize,
        /// The task and classes that it answers for; no classes where targets are values.
        head: Head,
    },
    /// Classes that an existing head lacks, in order.
    Classes {
        /// The head.
        layer: LayerId,
        /// The classes.
        classes: Vec<u32>,
    },
}

impl MissingHead {
    /// All that `experience` lacks in this network, in order.
    #[must_use]
    pub fn of(graph: &Graph, experience: &ExperienceInfo) -> Vec<Self> {
        let shared = |width: usize, classes: Vec<u32>| Self::New {
            name: "head".into(),
            width,
            head: Head { task: None, classes },
        };
        if let TargetKind::Values(width) = experience.target {
            let none = graph.heads().next().is_none();
            return none.then(|| shared(width, Vec::new())).into_iter().collect();
        }
        if experience.scenario == Scenario::TaskIncremental {
            let lacking = |task: Option<_>| graph.heads().all(|(_, head)| head.task != task);
            let tasks = experience.tasks.iter().filter(|task| lacking(Some(task.id)));
            let own = tasks.map(|task| Self::New {
                name: format!("head of task {}", task.id.0 + 1),
                width: task.classes.len(),
                head: Head {
                    task: Some(task.id),
                    classes: task.classes.clone(),
                },
            });
            return own.collect();
        }
        let known = |class: &u32| graph.heads().any(|(_, head)| head.classes.contains(class));
        let wanted: BTreeSet<u32> = experience
            .tasks
            .iter()
            .flat_map(|task| task.classes.iter().copied())
            .filter(|class| !known(class))
            .collect();
        let classes: Vec<u32> = wanted.into_iter().collect();
        match graph.heads().next() {
            _ if classes.is_empty() => Vec::new(),
            None => vec![shared(classes.len(), classes)],
            Some((layer, _)) => vec![Self::Classes {
                layer: layer.id,
                classes,
            }],
        }
    }
}

#[cfg(test)]
mod tests;

//! Permuted labels: every task has all classes of a data set, with its own permutation of the labels.
//!
//! `y_t(x) = σ_t(c(x))`, with c the class of row x and σ_t drawn uniformly among the permutations of the classes that occur (as in the
//! label-permuted streams of Elsayed & Mahmood 2024, arXiv:2404.00781). Inputs and classes stay as they are and only the read-out has to be
//! learned again, so a network that keeps what it knows of the inputs would learn each task faster than the one before. Test rows
//! are labelled by the same permutation, so their accuracy is one of generalisation.
//!
//! | setting | meaning | default |
//! | --- | --- | --- |
//! | `tasks` | number of tasks | |
//! | `first_identity` | whether σ of the first task is the identity | true |
//! | `rows_per_task` | training rows of a task, drawn without replacement, anew for each task | all |
//! | `same_rows` | whether all tasks have the same drawn rows | false |
//! | `test_rows` | test rows, drawn once for all tasks | all |
//! | `scenario` | `domain-incremental` (tasks share labels) or `task-incremental` | |
//!
//! **Preserves** the inputs, to the bit, and which rows have the same label.
//!
//! **Departures.** Of the drawn rows one of each class comes first and the others at random from the rest, so that no task lacks a class. The
//! first task has the labels of the data unless `first_identity` is off.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, all_rows, labels};
use dentate_core::{DataId, Dataset, Scenario, Seed, StreamFacts, Targets};
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every task has all classes of a data set, with its own permutation of the labels, drawn from the run's seed. Samples are stored once;
/// each task stores 4 bytes for each row of the data set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermutedLabels {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// Number of tasks (1 to 1000).
    #[schemars(range(min = 1, max = 1000))]
    pub tasks: u32,
    /// The scenario: `domain-incremental`, with the same labels in all tasks, or `task-incremental`, where each task has labels of its own and
    /// is known at prediction time. Without the task, the same rows under several classes could not be told apart.
    #[schemars(extend("enum" = ["task-incremental", "domain-incremental"]))]
    pub scenario: Scenario,
    /// If true, each row is available only once in a task.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
    /// If true, the first task keeps the labels of the data.
    #[serde(default = "yes")]
    pub first_identity: bool,
    /// Number of training rows of a task, at least one for each class: drawn anew for each task, without replacement. By default all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rows_per_task: Option<u32>,
    /// If true, all tasks have the same drawn rows.
    #[serde(default)]
    pub same_rows: bool,
    /// Number of test rows, at least one for each class: drawn once, the same for all tasks. By default all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub test_rows: Option<u32>,
}

fn yes() -> bool {
    true
}

impl PermutedLabels {
    fn cut(&self, seed: Seed) -> Cut {
        Cut {
            scenario: self.scenario,
            online: self.online,
            validation: self.validation,
            seed,
        }
    }

    fn drawn(&self, seed: Seed) -> Drawn {
        Drawn {
            train: self.rows_per_task,
            same: self.same_rows,
            test: self.test_rows,
            seed,
        }
    }

    /// The label of each class in `task`.
    fn permutation(&self, task: u32, classes: &[u32], seed: Seed) -> BTreeMap<u32, u32> {
        let mut order = classes.to_vec();
        if task > 0 || !self.first_identity {
            order.shuffle(&mut seed.derive(&format!("labels/{task}")).random());
        }
        classes.iter().copied().zip(order).collect()
    }
}

impl StreamRecipe for PermutedLabels {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        Ok(self.drawn(Seed(0)).check(self.data.rows_by_class())?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (cut, drawn) = (self.cut(Seed(0)), self.drawn(Seed(0)));
        Some(cut.guise_facts(&*self.data, self.tasks, drawn))
    }

    fn validation(&self) -> Option<f64> {
        Some(self.validation)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let data = self.data.load(env)?;
        let (cut, drawn) = (self.cut(seed), self.drawn(seed));
        let names: Vec<String> = (1..=self.tasks).map(|task| format!("labels {task}")).collect();
        let counts = Counts::of(&data)?;
        let classes = counts.occurring();
        counts.check(0, "labels 1", &classes, "data")?;
        let test_rows = drawn.test(&data.test, all_rows(&data.test))?;
        let mut experiences = Vec::new();
        for task in 0..self.tasks {
            let permutation = self.permutation(task, &classes, seed);
            let half = |half: &Dataset, offset| {
                let id = DataId(u64::from(2 * task + offset));
                let permuted = permuted(half, &permutation, data.classes)?;
                cut.guise(&permuted, id, (task, self.tasks), data.classes)
            };
            let rows = drawn.train(&data.train, all_rows(&data.train), task)?;
            let parts = [
                (half(&data.train, 0)?, rows),
                (half(&data.test, 1)?, test_rows.clone()),
            ];
            let labels = cut.guise_labels(task, data.classes, &classes);
            experiences.push(cut.experience(task, labels, parts));
        }
        let title = format!("{} with permuted labels", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
    }
}

/// The same rows with the labels of `permutation`.
fn permuted(data: &Dataset, permutation: &BTreeMap<u32, u32>, classes: u32) -> Result<Dataset, StreamError> {
    let label = |class: &u32| permutation.get(class).copied().unwrap_or(*class);
    let labels = labels(data)?.iter().map(label).collect();
    Ok(data.relabelled(data.id(), Targets::Classes { labels, classes })?)
}

register!(
    stream,
    PermutedLabels,
    "permuted-labels",
    summary = "all classes in every task, with a permutation of the labels per task",
    citation = "Elsayed & Mahmood 2024, Addressing loss of plasticity and catastrophic forgetting in continual learning, \
                arXiv:2404.00781",
    source = include_str!("permuted_labels.rs"),
);

#[cfg(test)]
mod tests;

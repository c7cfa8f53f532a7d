//! Split streams: the classes of a data set, a few a task.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register_stream;
use crate::spec::StreamRecipe;
use crate::stream::{Cut, Stream, labels};
use dentate_core::{DataId, Dataset, Scenario, Seed, Targets};
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The classes of a data set, a few a task. Labels are the data's own in the task- and class-incremental scenarios; in the
/// domain-incremental scenario a label is the class's position within its task.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// What may be assumed about the task at prediction time: `task-incremental`, `domain-incremental` or
    /// `class-incremental`.
    pub scenario: Scenario,
    /// Classes a task has (at least 2); it must divide the number of classes.
    #[serde(default = "two")]
    pub classes_per_task: u32,
    /// Whether each seed has its own order of classes; else they come in the order of their labels.
    #[serde(default)]
    pub shuffle_classes: bool,
    /// Whether each row can be seen only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows kept back for validation (0 to 0.5).
    #[serde(default)]
    pub validation: f64,
}

fn two() -> u32 {
    2
}

impl Split {
    fn cut(&self, seed: Seed) -> Cut {
        Cut {
            scenario: self.scenario,
            online: self.online,
            validation: self.validation,
            seed,
        }
    }
}

impl StreamRecipe for Split {
    fn validate(&self) -> Result<(), StreamError> {
        self.data.validate()?;
        self.cut(Seed(0)).validate("split")?;
        let classes = self.data.facts().classes;
        if self.classes_per_task < 2 || !classes.is_multiple_of(self.classes_per_task) {
            let valid: Vec<_> = (2..=classes)
                .filter(|n| classes.is_multiple_of(*n))
                .map(|n| n.to_string())
                .collect();
            let range = format!(
                "one of {}, so that it divides the {classes} classes",
                valid.join(", ")
            );
            return Err(StreamError::range(
                "classes_per_task",
                self.classes_per_task,
                range,
            ));
        }
        Ok(())
    }

    fn data(&self) -> Option<&dyn DataSpec> {
        Some(&*self.data)
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        StreamRecipe::validate(self)?;
        let data = self.data.load(env)?;
        let mut order: Vec<u32> = (0..data.classes).collect();
        if self.shuffle_classes {
            order.shuffle(&mut seed.derive("class-order").random());
        }
        let (train_rows, test_rows) = (rows_by_class(&data.train)?, rows_by_class(&data.test)?);
        let mut halves = [data.train, data.test];
        if self.scenario == Scenario::DomainIncremental {
            for (id, half) in (0..).zip(&mut halves) {
                *half = within_task(half, DataId(id), &order, self.classes_per_task)?;
            }
        }
        let cut = self.cut(seed);
        let mut names = Vec::new();
        let mut experiences = Vec::new();
        for (task, classes) in (0..).zip(order.chunks(self.classes_per_task as usize)) {
            let pick = |rows: &[Vec<u32>]| {
                let mut picked: Vec<u32> = classes
                    .iter()
                    .filter_map(|&c| rows.get(c as usize))
                    .flatten()
                    .copied()
                    .collect();
                picked.sort_unstable();
                picked
            };
            let parts = [
                (halves[0].clone(), pick(&train_rows)),
                (halves[1].clone(), pick(&test_rows)),
            ];
            let labels = match self.scenario {
                Scenario::DomainIncremental => (0..self.classes_per_task).collect(),
                _ => classes.to_vec(),
            };
            names.push(classes.iter().map(u32::to_string).collect::<Vec<_>>().join("/"));
            experiences.push(cut.experience(task, labels, parts));
        }
        let title = format!("Split {}", self.data.facts().title);
        let total = if self.scenario == Scenario::DomainIncremental {
            self.classes_per_task
        } else {
            data.classes
        };
        Ok(cut.stream(title, names, (self.classes_per_task, total), experiences))
    }
}

/// The rows of each class.
fn rows_by_class(data: &Dataset) -> Result<Vec<Vec<u32>>, StreamError> {
    let mut rows: Vec<Vec<u32>> = Vec::new();
    for (row, &label) in (0..).zip(labels(data)?) {
        if rows.len() <= label as usize {
            rows.resize(label as usize + 1, Vec::new());
        }
        rows[label as usize].push(row);
    }
    Ok(rows)
}

/// The same rows, labelled by their class's position within its task.
fn within_task(data: &Dataset, id: DataId, order: &[u32], per_task: u32) -> Result<Dataset, StreamError> {
    let mut position = vec![0; order.len()];
    for (at, &class) in (0..).zip(order) {
        position[class as usize] = at % per_task;
    }
    let labels = labels(data)?.iter().map(|&l| position[l as usize]).collect();
    Ok(data.relabelled(
        id,
        Targets::Classes {
            labels,
            classes: per_task,
        },
    )?)
}

register_stream!(
    Split,
    "split",
    "the classes of a data set, a few a task",
    "van de Ven & Tolias 2019, Three scenarios for continual learning, arXiv:1904.07734",
);

#[cfg(test)]
mod tests;

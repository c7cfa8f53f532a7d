//! Split streams: the classes of a data set, a few for each task.
//!
//! A task has all rows of its classes, or `rows_per_task` of them: one of each class, and the others at random from the rest. With a
//! `transition`, tasks change gradually: see [`Split::transition`].

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, drawing, labels, transition};
use dentate_core::{ConfigError, DataId, Dataset, Scenario, Seed, StreamFacts, Targets};
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The classes of a data set, a few for each task. Labels are the data's own in the task- and class-incremental scenarios; in the
/// domain-incremental scenario a label is the class's position within its task.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// The scenario, which determines what is known about the task at prediction time: `task-incremental`, `domain-incremental` or
    /// `class-incremental`.
    #[schemars(extend("enum" = ["task-incremental", "domain-incremental", "class-incremental"]))]
    pub scenario: Scenario,
    /// The classes of each task, in order: `[[1, 7], [0], [2]]`. A task of one class is for the class-incremental scenario. Each needs
    /// training and test rows. By default, `classes_per_task` classes for each task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<Vec<u32>>>,
    /// Number of classes of a task (at least 2), if `classes` does not list them; it must divide the number of classes.
    #[serde(default = "two")]
    pub classes_per_task: u32,
    /// If true, each seed has its own order of classes; otherwise they are in the order of their labels.
    #[serde(default)]
    pub shuffle_classes: bool,
    /// If true, each row is available only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
    /// Number of training rows of a task, at least one for each of its classes, drawn at random without replacement. By default all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rows_per_task: Option<u32>,
    /// The part of a task over which it changes gradually to the next (0 to 1): 0 for an abrupt change. Over the last rows of an
    /// experience, as many as this share of the smaller of the two tasks, the share of the next task's rows rises linearly from 0 to 1; the
    /// boundary is at its end, and a learner is told of nothing earlier. These rows, half as many, are training rows of the next task drawn
    /// at random, and are not shown again: every training row is shown once. Only for `online` streams in the domain-incremental scenario
    /// whose tasks have equally many classes.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub transition: f64,
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

impl Split {
    /// Checks a list of tasks for a data set with this number of classes.
    fn check_listed(&self, tasks: &[Vec<u32>], classes: u32) -> Result<(), ConfigError> {
        let refused = |range: String| Err(ConfigError::new("classes", format!("{tasks:?}"), range));
        if self.shuffle_classes {
            return refused("left out where `shuffle_classes` is set".into());
        }
        let mut seen = vec![false; classes as usize];
        for &class in tasks.iter().flatten() {
            match seen.get_mut(class as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => {
                    let last = classes.saturating_sub(1);
                    return refused(format!(
                        "a list of tasks with each class from 0 to {last} at most once"
                    ));
                }
            }
        }
        if tasks.is_empty() || tasks.iter().any(Vec::is_empty) {
            return refused("a list of tasks with a class or more each".into());
        }
        if self.transition > 0.0 && tasks.windows(2).any(|two| two[0].len() != two[1].len()) {
            return refused("a list of tasks with equally many classes, so that they share their labels in a `transition`".into());
        }
        if self.scenario != Scenario::ClassIncremental && tasks.iter().any(|task| task.len() < 2) {
            return refused("a list of tasks with two classes or more each".into());
        }
        Ok(())
    }

    /// Checks the number of rows of a task, if the rows of each class are known before the data is loaded.
    fn check_rows(&self, classes: u32) -> Result<(), ConfigError> {
        let Some([mut rows, _]) = self.data.rows_by_class() else {
            return Ok(());
        };
        if self.shuffle_classes {
            // Any classes may make up a task, those with the fewest rows too.
            rows.sort_unstable();
            rows.truncate(self.classes_per_task as usize);
            return drawing::check(self.rows_per_task, &rows, "rows_per_task");
        }
        for task in self.tasks(classes, Seed(0)) {
            let of = task.iter().filter_map(|class| rows.get(*class as usize));
            drawing::check(
                self.rows_per_task,
                &of.copied().collect::<Vec<u64>>(),
                "rows_per_task",
            )?;
        }
        Ok(())
    }

    /// The classes of each task.
    fn tasks(&self, classes: u32, seed: Seed) -> Vec<Vec<u32>> {
        if let Some(tasks) = &self.classes {
            return tasks.clone();
        }
        let mut order: Vec<u32> = (0..classes).collect();
        if self.shuffle_classes {
            order.shuffle(&mut seed.derive("class-order").random());
        }
        order
            .chunks(self.classes_per_task as usize)
            .map(<[u32]>::to_vec)
            .collect()
    }
}

impl StreamRecipe for Split {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        self.cut(Seed(0)).check()?;
        transition::check(self.transition, self.scenario, self.online)?;
        let classes = self.data.facts().classes;
        if let Some(tasks) = &self.classes {
            self.check_listed(tasks, classes)?;
            return Ok(self.check_rows(classes)?);
        }
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
        Ok(self.check_rows(classes)?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (classes, rows) = (self.data.facts().classes, self.data.rows_by_class());
        let even = |rows: &Vec<u64>| rows.windows(2).all(|two| two[0] == two[1]);
        // If classes are shuffled, a task's classes depend on the seed, and its number of rows is known only if all classes have as many.
        let rows = rows.filter(|halves| !self.shuffle_classes || halves.iter().all(even));
        let one = |classes: Vec<u32>| {
            let half = |half: usize| {
                let of = |class: &u32| rows.as_ref()?[half].get(*class as usize).copied();
                classes.iter().map(of).sum::<Option<u64>>()
            };
            let rows = [self.rows_per_task.map(u64::from).or_else(|| half(0)), half(1)];
            let labels = match self.scenario {
                Scenario::DomainIncremental => (0..classes.len() as u32).collect(),
                _ => classes,
            };
            (labels, rows)
        };
        let cut = self.cut(Seed(0));
        let tasks = self.tasks(classes, Seed(0)).into_iter().map(one);
        let facts = cut.facts(&*self.data, tasks.collect());
        Some(transition::blended(facts, self.transition))
    }

    fn validation(&self) -> Option<f64> {
        Some(self.validation)
    }

    fn tasks_by_seed(&self) -> bool {
        self.shuffle_classes
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let data = self.data.load(env)?;
        let tasks = self.tasks(data.classes, seed);
        let counts = Counts::of(&data)?;
        let key = if self.classes.is_some() { "classes" } else { "data" };
        let (train_rows, test_rows) = (rows_by_class(&data.train)?, rows_by_class(&data.test)?);
        let mut halves = [data.train, data.test];
        if self.scenario == Scenario::DomainIncremental {
            for (id, half) in (0..).zip(&mut halves) {
                *half = within_task(half, DataId(id), &tasks)?;
            }
        }
        let drawn = Drawn {
            train: self.rows_per_task,
            ..Drawn::all(seed)
        };
        let cut = self.cut(seed);
        let mut names = Vec::new();
        let mut experiences = Vec::new();
        for (task, classes) in (0..).zip(&tasks) {
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
            let name = classes.iter().map(u32::to_string).collect::<Vec<_>>().join("/");
            counts.check(task, &name, classes, key)?;
            let parts = [
                (
                    halves[0].clone(),
                    drawn.train(&halves[0], pick(&train_rows), task)?,
                ),
                (halves[1].clone(), pick(&test_rows)),
            ];
            let labels = match self.scenario {
                Scenario::DomainIncremental => (0..classes.len() as u32).collect(),
                _ => classes.clone(),
            };
            names.push(name);
            experiences.push(cut.experience(task, labels, parts));
        }
        transition::blend(&mut experiences, self.transition, seed);
        let title = format!("Split {}", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
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

/// The same rows, labelled by their class's position within its task. Rows of classes that are in no task get an arbitrary label,
/// which is unused.
fn within_task(data: &Dataset, id: DataId, tasks: &[Vec<u32>]) -> Result<Dataset, StreamError> {
    let labels = labels(data)?;
    let most = labels.iter().max().map_or(0, |&l| l as usize + 1);
    let mut position = vec![0; most];
    for task in tasks {
        for (at, &class) in (0..).zip(task) {
            if let Some(place) = position.get_mut(class as usize) {
                *place = at;
            }
        }
    }
    let labels = labels.iter().map(|&l| position[l as usize]).collect();
    let classes = tasks.iter().map(Vec::len).max().unwrap_or(1) as u32;
    Ok(data.relabelled(id, Targets::Classes { labels, classes })?)
}

register!(
    stream,
    Split,
    "split",
    summary = "the classes of a data set, divided into tasks",
    citation = "van de Ven & Tolias 2019, Three scenarios for continual learning, arXiv:1904.07734",
);

#[cfg(test)]
mod tests;

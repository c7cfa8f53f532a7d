//! Permuted streams: every task has all classes, with its own order of pixels.
//!
//! Tasks have all rows of the data set, or `rows_per_task` of them: drawn anew for each task, or the same ones with `same_rows`. One
//! row of each class is drawn first and the others at random from the rest, so that no task lacks a class.
//!
//! With a `transition`, tasks change gradually: see [`Permuted::transition`].

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, all_rows, transition};
use dentate_core::{DataId, Scenario, Seed, StreamFacts};
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every task has all classes of a data set, with its own order of features, drawn from the run's seed.
/// Domain-incremental tasks share labels; in the other scenarios label `c` of task `t` is `t × classes + c`. The samples and
/// labels are stored once; each further task stores only its order of features, and with `validation` a bit for each row.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permuted {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// Number of tasks (1 to 1000).
    #[schemars(range(min = 1, max = 1000))]
    pub tasks: u32,
    /// The scenario, which determines what is known about the task at prediction time: `task-incremental`, `domain-incremental` or
    /// `class-incremental`.
    #[schemars(extend("enum" = ["task-incremental", "domain-incremental", "class-incremental"]))]
    pub scenario: Scenario,
    /// If true, each row is available only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
    /// If true, the first task keeps the original order of features.
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
    /// The part of a task over which it changes gradually to the next (0 to 1): 0 for an abrupt change. Over the last rows of an
    /// experience, as many as this share of a task, the share of the next task's rows rises linearly from 0 to 1; the boundary is at its
    /// end, and a learner is told of nothing earlier. These rows, half as many, are training rows of the next task drawn at random, and
    /// are not shown again: every training row is shown once, the first experience is longer by half of the share and the
    /// last is shorter. Only for `online` streams in the domain-incremental scenario.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub transition: f64,
}

fn yes() -> bool {
    true
}

impl Permuted {
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

    /// The order of features in `task`.
    fn order(&self, task: u32, features: usize, seed: Seed) -> Vec<u32> {
        let mut order: Vec<u32> = (0..features as u32).collect();
        if task > 0 || !self.first_identity {
            order.shuffle(&mut seed.derive(&format!("permutation/{task}")).random());
        }
        order
    }
}

impl StreamRecipe for Permuted {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        self.cut(Seed(0)).check()?;
        transition::check(self.transition, self.scenario, self.online)?;
        Ok(self.drawn(Seed(0)).check(self.data.rows_by_class())?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (cut, drawn) = (self.cut(Seed(0)), self.drawn(Seed(0)));
        let facts = cut.guise_facts(&*self.data, self.tasks, drawn);
        Some(transition::blended(facts, self.transition))
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
        let cut = self.cut(seed);
        let names: Vec<String> = (1..=self.tasks)
            .map(|task| format!("permutation {task}"))
            .collect();
        let counts = Counts::of(&data)?;
        let classes = counts.occurring();
        counts.check(0, &names[0], &classes, "data")?;
        let drawn = self.drawn(seed);
        let test_rows = drawn.test(&data.test, all_rows(&data.test))?;
        let mut experiences = Vec::new();
        for task in 0..self.tasks {
            let order = self.order(task, data.train.features(), seed);
            let guise = |half, offset| {
                let id = DataId(u64::from(2 * task + offset));
                cut.guise(half, id, (task, self.tasks), data.classes)
            };
            let (mut train, mut test) = (guise(&data.train, 0)?, guise(&data.test, 1)?);
            // The identity needs no view.
            if task > 0 || !self.first_identity {
                train = train.permuted(train.id(), &order)?;
                test = test.permuted_like(test.id(), &train)?;
            }
            let rows = drawn.train(&data.train, all_rows(&data.train), task)?;
            let parts = [(train, rows), (test, test_rows.clone())];
            let labels = cut.guise_labels(task, data.classes, &classes);
            experiences.push(cut.experience(task, labels, parts));
        }
        transition::blend(&mut experiences, self.transition, seed);
        let title = format!("Permuted {}", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
    }
}

register!(
    stream,
    Permuted,
    "permuted",
    summary = "all classes in every task, with a permutation of the pixels per task",
    citation =
        "Goodfellow et al. 2013, An empirical investigation of catastrophic forgetting, arXiv:1312.6211",
);

#[cfg(test)]
mod tests;

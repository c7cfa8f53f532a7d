//! Permuted streams: every task has all classes, with its own order of pixels.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Stream, all_rows};
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
    /// Whether each row is available only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
    /// Whether the first task keeps the original order of features.
    #[serde(default = "yes")]
    pub first_identity: bool,
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
        Ok(self.cut(Seed(0)).check()?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        Some(self.cut(Seed(0)).guise_facts(&*self.data, self.tasks))
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
            let parts = [(train, all_rows(&data.train)), (test, all_rows(&data.test))];
            let labels = cut.guise_labels(task, data.classes, &classes);
            experiences.push(cut.experience(task, labels, parts));
        }
        let title = format!("Permuted {}", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
    }
}

register!(
    stream,
    Permuted,
    "permuted",
    summary = "every task has all classes, its pixels in an order of their own",
    citation =
        "Goodfellow et al. 2013, An empirical investigation of catastrophic forgetting, arXiv:1312.6211",
);

#[cfg(test)]
mod tests;

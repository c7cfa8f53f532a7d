//! Bursts of novelty: new tasks arrive several in a row, and for a while after that only known ones come back.
//!
//! In a period of `new + known` experiences the first `new` have a task that was never seen, and each of the others a task drawn
//! uniformly among those seen so far:
//!
//! ```text
//! task of experience i = the next new one      if i mod (new + known) < new
//!                        uniform over the seen ones  otherwise
//! ```
//!
//! A task has all classes of a data set and an order of features of its own: those of `permuted`, to the bit, with the same seed. With
//! `even` the same number of new tasks is spread evenly over the stream instead: the control, which differs in nothing but when
//! novelty comes. So a method that lets novelty scale growth can be compared on both.
//!
//! | setting | meaning | default |
//! | --- | --- | --- |
//! | `experiences` | number of experiences | 20 |
//! | `new` | new tasks in a row | 3 |
//! | `known` | experiences of known tasks after them | 7 |
//! | `even` | whether new tasks are spread evenly instead | false |
//! | `rows` | training rows of an experience, drawn without replacement, anew for each | all |
//! | `test_rows` | test rows, drawn once for all tasks | all |
//! | `online` | whether each row is available only once in an experience | false |
//!
//! **Evaluation.** By task: one that comes back has the test rows that it had. The stream is domain-incremental: tasks share labels, and the task
//! is not known at prediction time.
//!
//! **Departures.** None: this project's own, after the question of whether novelty should drive the birth of units (the enriched
//! environments of Kempermann, Kuhn & Gage 1997).

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::permuting;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, all_rows};
use dentate_core::{Seed, StreamFacts, TaskId};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// New permutations of a data set's features arrive several in a row, and between such bursts known ones come back. Domain-incremental.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bursts {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// Number of experiences (1 to 1000).
    #[serde(default = "experiences")]
    #[schemars(range(min = 1, max = 1000))]
    pub experiences: u32,
    /// Number of new tasks in a row (1 to 1000).
    #[serde(default = "new")]
    #[schemars(range(min = 1, max = 1000))]
    pub new: u32,
    /// Number of experiences of known tasks after them (0 to 1000).
    #[serde(default = "known")]
    #[schemars(range(min = 0, max = 1000))]
    pub known: u32,
    /// If true, new tasks are spread evenly over the stream: a control.
    #[serde(default)]
    pub even: bool,
    /// If true, each row is available only once in an experience.
    #[serde(default)]
    pub online: bool,
    /// Number of training rows of an experience, at least one for each class: drawn anew for each, without replacement. By default all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rows: Option<u32>,
    /// Number of test rows, at least one for each class: drawn once, the same for all tasks. By default all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub test_rows: Option<u32>,
}

pub(crate) fn experiences() -> u32 {
    20
}

pub(crate) fn new() -> u32 {
    3
}

pub(crate) fn known() -> u32 {
    7
}

impl Bursts {
    /// Returns whether each experience has a new task.
    fn novel(&self) -> Vec<bool> {
        let period = self.new + self.known;
        let burst = |i: u32| i % period < self.new;
        let all: Vec<bool> = (0..self.experiences).map(burst).collect();
        if !self.even {
            return all;
        }
        let number = all.iter().filter(|new| **new).count() as u64;
        // The experience in which the n-th of the evenly spread ones begins, by whole numbers.
        let before = |i: u32| (u64::from(i) * number).div_ceil(u64::from(self.experiences));
        (0..self.experiences).map(|i| before(i) < before(i + 1)).collect()
    }

    /// The task of each experience.
    fn tasks(&self, seed: Seed) -> Vec<u32> {
        let mut random = seed.derive("bursts").random();
        let mut seen = 0;
        let task = |new: bool| {
            if new {
                seen += 1;
                seen - 1
            } else {
                random.random_range(0..seen)
            }
        };
        self.novel().into_iter().map(task).collect()
    }
}

impl StreamRecipe for Bursts {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        let drawn = Drawn::anew(self.rows, self.test_rows, Seed(0)).check(self.data.rows_by_class());
        Ok(drawn.map_err(own_key)?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (cut, drawn) = (
            Cut::domain(self.online, Seed(0)),
            Drawn::anew(self.rows, self.test_rows, Seed(0)),
        );
        // Which tasks come back depends on the seed, so facts that do not are those of the run alone.
        (self.known == 0).then(|| cut.guise_facts(&*self.data, self.experiences, drawn))
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let data = self.data.load(env)?;
        let (cut, drawn) = (
            Cut::domain(self.online, seed),
            Drawn::anew(self.rows, self.test_rows, seed),
        );
        let counts = Counts::of(&data)?;
        let classes = counts.occurring();
        counts.check(0, "permutation 1", &classes, "data")?;
        let test_rows = drawn.test(&data.test, all_rows(&data.test))?;
        let (mut experiences, mut names) = (Vec::new(), Vec::new());
        for (index, task) in (0..).zip(self.tasks(seed)) {
            let [train, test] = permuting::halves(&data, task, seed)?;
            let rows = drawn
                .train(&data.train, all_rows(&data.train), index)
                .map_err(own_key)?;
            let labels = cut.guise_labels(task, data.classes, &classes);
            let experience = cut.experience(index, labels, [(train, rows), (test, test_rows.clone())]);
            experiences.push(experience.of_task(TaskId(task)));
            names.push(name(task, &names));
        }
        let title = format!("{} with novelty in bursts", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
    }
}

/// The name of an experience of a task, different from those before it.
pub(crate) fn name(task: u32, before: &[String]) -> String {
    let first = format!("permutation {}", task + 1);
    let again = format!("{first} again");
    match before
        .iter()
        .filter(|n| **n == first || n.starts_with(&again))
        .count()
    {
        0 => first,
        1 => again,
        n => format!("{again} ({n})"),
    }
}

/// The key of the number of training rows, which these streams call `rows`.
pub(crate) fn own_key(error: dentate_core::ConfigError) -> dentate_core::ConfigError {
    match error.key.as_str() {
        "rows_per_task" => dentate_core::ConfigError {
            key: "rows".into(),
            ..error
        },
        _ => error,
    }
}

register!(
    stream,
    Bursts,
    "bursts",
    summary = "new permutations of the pixels arrive in bursts, known ones come back in between",
    citation = "this project; after Kempermann, Kuhn & Gage 1997, Nature 386",
    source = include_str!("bursts.rs"),
);

#[cfg(test)]
mod tests;

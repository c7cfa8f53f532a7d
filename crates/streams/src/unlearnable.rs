//! A task that cannot be learned for a time: its labels are random, and only later it has those of the data.
//!
//! Tasks are permutations of a data set's features, as in `permuted` and with the same seed to the bit. One of them, number `at`, comes
//! `span` times with random labels, drawn anew for each row and each time, and then once with its own:
//!
//! ```text
//! 1, 2, …, at − 1,  at with y(x) ~ uniform (span times),  at,  at + 1, …, tasks
//! ```
//!
//! A learner that grows because the loss stays high grows in vain there; one that takes failures as a sign to wait does not. With
//! `span = 0` the stream is that of `permuted`.
//!
//! | setting | meaning | default |
//! | --- | --- | --- |
//! | `tasks` | number of tasks | 5 |
//! | `at` | the task that is unlearnable for a time, counted from 1 | 3 |
//! | `span` | experiences in which it is | 3 |
//! | `rows` | training rows of an experience, drawn without replacement, anew for each | all |
//! | `test_rows` | test rows, drawn once for all tasks | all |
//! | `online` | whether each row is available only once in an experience | false |
//!
//! **Evaluation.** Test rows always have the labels of the data, so while the labels are random the accuracy on that task is at chance, and the final
//! average over tasks counts each task once. The stream is domain-incremental: tasks share labels, and the task is not known at prediction time.
//!
//! **Departures.** None: this project's own. Random labels are those of Zhang et al. 2017, arXiv:1611.03530; one row of each class gets it first,
//! so that no class is without a row.

use crate::bursts::{name, own_key};
use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::permuting;
use crate::random_labels::RandomLabels;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, all_rows};
use dentate_core::{DataId, Seed, StreamFacts, TaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Permutations of a data set's features, one of which comes with random labels several times before it has its own. Domain-incremental.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlearnable {
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// Number of tasks (1 to 1000).
    #[serde(default = "tasks")]
    #[schemars(range(min = 1, max = 1000))]
    pub tasks: u32,
    /// The task that is unlearnable for a time, counted from 1.
    #[serde(default = "at")]
    #[schemars(range(min = 1, max = 1000))]
    pub at: u32,
    /// Number of experiences with random labels (0 to 1000).
    #[serde(default = "span")]
    #[schemars(range(min = 0, max = 1000))]
    pub span: u32,
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

pub(crate) fn tasks() -> u32 {
    5
}

pub(crate) fn at() -> u32 {
    3
}

pub(crate) fn span() -> u32 {
    3
}

impl Unlearnable {
    /// The task of each experience, and whether its labels are random.
    fn order(&self) -> Vec<(u32, bool)> {
        let of = |task| {
            let span = if task + 1 == self.at { self.span } else { 0 };
            (0..span).map(move |_| (task, true)).chain([(task, false)])
        };
        (0..self.tasks).flat_map(of).collect()
    }
}

impl StreamRecipe for Unlearnable {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        if self.at > self.tasks {
            let range = format!("at most `tasks`, which is {}", self.tasks);
            return Err(StreamError::range("at", self.at, range));
        }
        let drawn = Drawn::anew(self.rows, self.test_rows, Seed(0)).check(self.data.rows_by_class());
        Ok(drawn.map_err(own_key)?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (cut, drawn, order) = (
            Cut::domain(self.online, Seed(0)),
            Drawn::anew(self.rows, self.test_rows, Seed(0)),
            self.order(),
        );
        let mut facts = cut.guise_facts(&*self.data, order.len() as u32, drawn);
        for (experience, (task, _)) in facts.experiences.iter_mut().zip(order) {
            experience
                .tasks
                .iter_mut()
                .for_each(|info| info.id = TaskId(task));
        }
        Some(facts)
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn tasks_by_seed(&self) -> bool {
        false
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
        for (index, (task, random)) in (0..).zip(self.order()) {
            let [mut train, test] = permuting::halves(&data, task, seed)?;
            let rows = drawn
                .train(&data.train, all_rows(&data.train), index)
                .map_err(own_key)?;
            let mut name = name(task, &names);
            if random {
                let seed = seed.derive(&format!("labels/{index}"));
                let labelled = RandomLabels::labelled(&train, &rows, (&classes, data.classes), seed)?;
                // Its labels are its own, so it is a data set of its own, beyond those of the tasks.
                train = labelled.with_id(DataId(u64::from(2 * self.tasks + index)));
                name = format!(
                    "permutation {} with random labels ({})",
                    task + 1,
                    index + 2 - self.at
                );
            }
            let labels = cut.guise_labels(task, data.classes, &classes);
            let experience = cut.experience(index, labels, [(train, rows), (test, test_rows.clone())]);
            experiences.push(experience.of_task(TaskId(task)));
            names.push(name);
        }
        let title = format!(
            "{} with a task that is unlearnable for a time",
            self.data.facts().title
        );
        Ok(cut.stream(title, names, experiences))
    }
}

register!(
    stream,
    Unlearnable,
    "unlearnable",
    summary = "permutations of the pixels, one of which has random labels for a time before it has its own",
    citation = "this project; random labels after Zhang et al. 2017, arXiv:1611.03530",
    source = include_str!("unlearnable.rs"),
);

#[cfg(test)]
mod tests;

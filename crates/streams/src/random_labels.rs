//! Random labels: every task has rows of a data set whose labels are drawn at random, anew for each task.
//!
//! `y_t(x) ~ uniform over the classes`, independently for each row x and task t (Lyle et al. 2023, arXiv:2303.01486; Kumar, Marklund & Van
//! Roy 2023, arXiv:2308.11958). A network can only memorise such a task, and has to overwrite what it memorised of the one before. With
//! the same rows in every task (the default) tasks differ in their labels alone: how well and how fast each is fitted shows plasticity,
//! without generalisation.
//!
//! | setting | meaning | default |
//! | --- | --- | --- |
//! | `tasks` | number of tasks | |
//! | `rows_per_task` | rows of a task, drawn without replacement | all |
//! | `same_rows` | whether all tasks have the same rows | true |
//! | `scenario` | `domain-incremental` (tasks share labels) or `task-incremental` | |
//!
//! **Evaluation.** Nothing can be predicted of a row whose random label was not shown, so there are no test rows. A task is evaluated on its
//! own training rows: accuracy is the share that is memorised, of earlier tasks the share that still is. Reports say so, and no number
//! is called one of test rows. Average online accuracy, the field's measure, needs no evaluation.
//!
//! **Preserves** the inputs, to the bit.
//!
//! **Departures.** No class is without a row: one row for each class gets it first, and of the drawn rows one of each true class comes first.
//! The papers draw all of them uniformly. Their protocol (Kumar et al.) is 50 tasks of the same 1200 images of MNIST, 400 epochs each in
//! batches of 16, without a sign of the boundary; here learners are told of it.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, EvaluatedRows, Stream, all_rows};
use dentate_core::{DataId, Dataset, Scenario, Seed, StreamFacts, Targets};
use rand::Rng;
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every task has rows of a data set with labels that are drawn at random, anew for each task, and is evaluated on its training rows, since
/// other rows have no label that could be predicted. Samples are stored once; each task stores 4 bytes for each row of the data set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RandomLabels {
    /// The data set, whose training rows are used and whose labels are not.
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
    /// Number of rows of a task, at least one for each class, drawn without replacement. By default all training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rows_per_task: Option<u32>,
    /// If true, all tasks have the same drawn rows; otherwise they are drawn anew for each task.
    #[serde(default = "yes")]
    pub same_rows: bool,
}

fn yes() -> bool {
    true
}

impl RandomLabels {
    fn cut(&self, seed: Seed) -> Cut {
        Cut {
            scenario: self.scenario,
            online: self.online,
            validation: 0.0,
            seed,
        }
    }

    fn drawn(&self, seed: Seed) -> Drawn {
        Drawn {
            train: self.rows_per_task,
            same: self.same_rows,
            test: None,
            seed,
        }
    }

    /// The data with random labels among `classes` on `rows`. Other rows get an arbitrary label, which is unused.
    pub(crate) fn labelled(
        data: &Dataset,
        rows: &[u32],
        (classes, of): (&[u32], u32),
        seed: Seed,
    ) -> Result<Dataset, StreamError> {
        let mut random = seed.random();
        let mut order = rows.to_vec();
        order.shuffle(&mut random);
        let mut labels = vec![classes.first().copied().unwrap_or(0); data.len()];
        for (place, &row) in order.iter().enumerate() {
            let class = match classes.get(place) {
                Some(&class) => Some(class),
                None => classes.get(random.random_range(0..classes.len())).copied(),
            };
            if let (Some(label), Some(class)) = (labels.get_mut(row as usize), class) {
                *label = class;
            }
        }
        Ok(data.relabelled(data.id(), Targets::Classes { labels, classes: of })?)
    }
}

impl StreamRecipe for RandomLabels {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        Ok(self.drawn(Seed(0)).check(self.data.rows_by_class())?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        let (cut, drawn) = (self.cut(Seed(0)), self.drawn(Seed(0)));
        let mut facts = cut.guise_facts(&*self.data, self.tasks, drawn);
        for experience in &mut facts.experiences {
            experience.test = experience.train;
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
        let (cut, drawn) = (self.cut(seed), self.drawn(seed));
        let names: Vec<String> = (1..=self.tasks).map(|task| format!("labels {task}")).collect();
        let counts = Counts::of(&data)?;
        let classes = counts.occurring();
        counts.check(0, "labels 1", &classes, "data")?;
        let mut experiences = Vec::new();
        for task in 0..self.tasks {
            let rows = drawn.train(&data.train, all_rows(&data.train), task)?;
            let seed = seed.derive(&format!("labels/{task}"));
            let labelled = Self::labelled(&data.train, &rows, (&classes, data.classes), seed)?;
            let id = DataId(u64::from(2 * task));
            let half = cut.guise(&labelled, id, (task, self.tasks), data.classes)?;
            let parts = [(half.clone(), rows.clone()), (half, rows)];
            let labels = cut.guise_labels(task, data.classes, &classes);
            experiences.push(cut.experience(task, labels, parts));
        }
        let title = format!("{} with random labels", self.data.facts().title);
        let mut stream = cut.stream(title, names, experiences);
        stream.info.evaluated = EvaluatedRows::Training;
        Ok(stream)
    }
}

register!(
    stream,
    RandomLabels,
    "random-labels",
    summary = "the same rows in every task, with new random labels",
    citation = "Lyle et al. 2023, Understanding plasticity in neural networks, arXiv:2303.01486; Kumar, Marklund & Van Roy 2023, \
                arXiv:2308.11958",
    source = include_str!("random_labels.rs"),
);

#[cfg(test)]
mod tests;

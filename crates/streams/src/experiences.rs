//! User-defined streams: a list of experiences, each with a name and a data set.

mod labelling;
mod sets;

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Stream, all_rows, labels};
use dentate_core::record::printable;
use dentate_core::{Dataset, Scenario, Seed, StreamFacts};
use labelling::Labelling;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sets::Sets;
use std::collections::BTreeSet;

/// Experiences in the order of a list, each with a name and a data set: all of it, or some of its classes. All rows have the same
/// shape.
///
/// In the domain-incremental scenario a label is a class's number in its data set or, where `classes` lists some, its position
/// among these. In the task- and class-incremental scenarios labels of a data set follow those of the data sets before it
/// in the list, so that all classes are distinct; with `shared_labels` they are the classes' numbers unchanged. A data set
/// that occurs again keeps its labels. Two data sets are the same if their settings are literally equal: a copy of a file,
/// or the same file by another path, is a different data set here.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Experiences {
    /// The experiences, in order (1 to 1000): `[[stream.experience]]`, each with `name` and `data`.
    #[schemars(length(min = 1, max = 1000))]
    pub experience: Vec<NamedExperience>,
    /// The scenario, which determines what is known about the task at prediction time: `task-incremental`, `domain-incremental` or
    /// `class-incremental`.
    pub scenario: Scenario,
    /// If true, a number is the same class in every data set. For the task- and class-incremental scenarios.
    #[serde(default)]
    pub shared_labels: bool,
    /// If true, each row is available only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each experience's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
}

/// One experience of the list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedExperience {
    /// Its name, also in reports. All names are different.
    pub name: String,
    /// The data set.
    pub data: Box<dyn DataSpec>,
    /// The numbers of the classes to use, each with training and test rows. By default all that have rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<u32>>,
    /// Its task; experiences of one task have the same labels. By default a task of its own, with the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
}

impl NamedExperience {
    fn task(&self) -> &str {
        self.task.as_deref().unwrap_or(&self.name)
    }

    /// Its classes, for a data set in which the classes `occurring` have rows.
    fn classes(&self, occurring: &[u32]) -> Vec<u32> {
        self.classes.clone().unwrap_or_else(|| occurring.to_vec())
    }

    /// Checks it by itself; `alone` is whether a single class is enough.
    fn check(&self, alone: bool) -> Result<(), StreamError> {
        let about = |error: StreamError| error.of_experience(&self.name);
        self.data.validate().map_err(|e| about(e.into()))?;
        let Some(classes) = &self.classes else {
            return Ok(());
        };
        let refused = |range: String| {
            Err(about(StreamError::range(
                "classes",
                format!("{classes:?}"),
                range,
            )))
        };
        let known = self.data.facts().classes;
        let distinct: BTreeSet<u32> = classes.iter().copied().collect();
        if distinct.len() < classes.len() || distinct.last().is_some_and(|last| *last >= known) {
            let last = known.saturating_sub(1);
            return refused(format!("a list with each class from 0 to {last} at most once"));
        }
        match classes.len() {
            0 => refused("a list of a class or more".into()),
            1 if !alone => {
                refused("a list of two classes or more, except in the class-incremental scenario".into())
            }
            _ => Ok(()),
        }
    }
}

impl Experiences {
    fn cut(&self, seed: Seed) -> Cut {
        Cut {
            scenario: self.scenario,
            online: self.online,
            validation: self.validation,
            seed,
        }
    }

    /// Checks that no task has the name of an experience of another task, which would be ambiguous.
    fn check_tasks(&self) -> Result<(), StreamError> {
        for experience in &self.experience {
            let called = |other: &&NamedExperience| other.name == experience.task();
            let namesake = self.experience.iter().find(called);
            if let Some(other) = namesake.filter(|other| other.task() != experience.task()) {
                let given = format!("`{}`", experience.task());
                let range = format!(
                    "`{}`, the task of experience `{}`, or a name that no experience has",
                    other.task(),
                    other.name
                );
                return Err(StreamError::range("task", given, range).of_experience(&experience.name));
            }
        }
        Ok(())
    }

    /// Checks that names are distinct and printable.
    fn check_names(&self) -> Result<(), StreamError> {
        let mut seen = BTreeSet::new();
        for experience in &self.experience {
            for (key, name) in [("name", &experience.name)]
                .into_iter()
                .chain(experience.task.as_ref().map(|task| ("task", task)))
            {
                if name.trim().is_empty() || printable(name) != *name {
                    let given = format!("`{}`", printable(name));
                    let error = StreamError::range(key, given, "a line of printable letters");
                    return Err(error.of_experience(&printable(&experience.name)));
                }
            }
            if !seen.insert(experience.name.as_str()) {
                return Err(StreamError::SameName {
                    name: experience.name.clone(),
                });
            }
        }
        Ok(())
    }

    /// Refuses rows of different shapes, among the known ones of `shape`.
    fn check_shapes<'s>(&self, shape: impl Fn(usize) -> Option<&'s [usize]>) -> Result<(), StreamError> {
        let mut first: Option<(&str, &[usize])> = None;
        for (at, experience) in self.experience.iter().enumerate() {
            match (first, shape(at)) {
                (Some((name, expected)), Some(found)) if expected != found => {
                    return Err(StreamError::Shapes {
                        first: name.into(),
                        second: experience.name.clone(),
                        expected: expected.to_vec(),
                        found: found.to_vec(),
                    });
                }
                (None, Some(found)) => first = Some((&experience.name, found)),
                _ => {}
            }
        }
        Ok(())
    }
}

impl StreamRecipe for Experiences {
    fn check(&self) -> Result<(), StreamError> {
        self.cut(Seed(0)).check()?;
        if self.shared_labels && self.scenario == Scenario::DomainIncremental {
            let range = format!("left out where streams are `{}`", self.scenario.name());
            return Err(StreamError::range("shared_labels", true, range));
        }
        self.check_names()?;
        self.check_tasks()?;
        let alone = self.scenario == Scenario::ClassIncremental;
        self.experience.iter().try_for_each(|e| e.check(alone))?;
        let sets = Sets::of(&self.experience);
        let facts = sets.facts();
        self.check_shapes(|at| facts[sets.index[at]].shape.as_deref())?;
        let declared: Vec<u32> = facts.iter().map(|facts| facts.classes).collect();
        Labelling::new(self, &sets, &declared).check_listed(self)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        Sets::of(&self.experience).all
    }

    fn facts(&self) -> Option<StreamFacts> {
        let sets = Sets::of(&self.experience);
        let facts = sets.facts();
        let declared: Vec<u32> = facts.iter().map(|facts| facts.classes).collect();
        let labelling = Labelling::new(self, &sets, &declared);
        let one = |(at, experience): (usize, &NamedExperience)| {
            let set = sets.index[at];
            let all: Vec<u32> = (0..declared[set]).collect();
            let classes = experience.classes(&all);
            let rows = sets.all[set].rows_by_class();
            let half = |half: usize| {
                let of = |class: &u32| rows.as_ref()?[half].get(*class as usize).copied();
                classes.iter().map(of).sum::<Option<u64>>()
            };
            (labelling.labels(at, experience, &classes), [half(0), half(1)])
        };
        let each = self.experience.iter().enumerate().map(one).collect();
        let mut known = self.cut(Seed(0)).facts(*sets.all.first()?, each);
        // They agree where they are known.
        known.shape = facts.into_iter().find_map(|facts| facts.shape);
        for (experience, task) in known.experiences.iter_mut().zip(&labelling.tasks) {
            experience.tasks.iter_mut().for_each(|info| info.id = *task);
        }
        Some(known)
    }

    fn validation(&self) -> Option<f64> {
        Some(self.validation)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let sets = Sets::of(&self.experience);
        let loaded = sets.load(env, &self.experience)?;
        self.check_shapes(|at| Some(loaded[sets.index[at]].train.shape()))?;
        let about = |at: usize| {
            let name = &self.experience[at].name;
            move |error: StreamError| error.of_experience(name)
        };
        let declared: Vec<u32> = loaded.iter().map(|data| data.classes).collect();
        let mut labelling = Labelling::new(self, &sets, &declared);
        let cut = self.cut(seed);
        let mut experiences = Vec::new();
        for (at, experience) in self.experience.iter().enumerate() {
            let data = &loaded[sets.index[at]];
            let counts = Counts::of(data).map_err(about(at))?;
            let classes = experience.classes(&counts.occurring());
            counts.check(at as u32, &experience.name, &classes, "experience")?;
            let halves = labelling
                .halves(at, experience, data, &classes)
                .map_err(about(at))?;
            let rows = [&data.train, &data.test].map(|half| match &experience.classes {
                Some(classes) => rows_of(half, classes),
                None => Ok(all_rows(half)),
            });
            let [train, test] = rows;
            let [train_half, test_half] = halves;
            let parts = [(train_half, train?), (test_half, test?)];
            let labels = labelling.labels(at, experience, &classes);
            let cut = cut.experience(at as u32, labels, parts);
            experiences.push(cut.of_task(labelling.tasks[at]));
        }
        labelling.check_alike(self, &mut experiences)?;
        let names = self.experience.iter().map(|e| e.name.clone()).collect();
        Ok(cut.stream(sets.title(), names, experiences))
    }
}

/// The rows of these classes, ascending.
fn rows_of(data: &Dataset, classes: &[u32]) -> Result<Vec<u32>, StreamError> {
    let rows = (0..).zip(labels(data)?);
    Ok(rows
        .filter(|(_, label)| classes.contains(label))
        .map(|(row, _)| row)
        .collect())
}

register!(
    stream,
    Experiences,
    "experiences",
    summary = "a list of experiences, each with a name and a data set",
    citation = "this project",
);

#[cfg(test)]
mod tests;

//! The tasks of experiences and the labels of their rows.

use super::sets::Sets;
use super::{Experiences, NamedExperience};
use crate::data::LabelledData;
use crate::error::StreamError;
use crate::stream::{Experience, labels};
use dentate_core::{DataId, Dataset, Scenario, Targets, TaskId};
use std::collections::BTreeSet;

/// The labelling rule of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Guise {
    /// The class's number plus this.
    From(u32),
    /// The class's position among these.
    Among(Vec<u32>),
}

/// The tasks and labels of a stream's experiences.
pub(super) struct Labelling {
    scenario: Scenario,
    /// The task of each experience.
    pub(super) tasks: Vec<TaskId>,
    /// The data set of each experience.
    sets: Vec<usize>,
    /// The label of class 0 of each data set.
    first: Vec<u32>,
    /// The total number of labels, where data sets have theirs one after another.
    total: u32,
    /// The labelled data: the data set, its labelling rule, and the views of its halves.
    seen: Vec<(usize, Guise, [Dataset; 2])>,
}

impl Labelling {
    /// `declared` is the number of classes of each data set.
    pub(super) fn new(stream: &Experiences, sets: &Sets<'_>, declared: &[u32]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut tasks = Vec::new();
        for experience in &stream.experience {
            let name = experience.task();
            let known = names.iter().position(|other| *other == name);
            tasks.push(TaskId(known.unwrap_or(names.len()) as u32));
            if known.is_none() {
                names.push(name);
            }
        }
        let follow = !stream.shared_labels && stream.scenario != Scenario::DomainIncremental;
        let (mut first, mut total) = (Vec::new(), 0_u32);
        for classes in declared {
            first.push(if follow { total } else { 0 });
            total = if follow {
                total.saturating_add(*classes)
            } else {
                total.max(*classes)
            };
        }
        Self {
            scenario: stream.scenario,
            tasks,
            sets: sets.index.clone(),
            first,
            total,
            seen: Vec::new(),
        }
    }

    fn guise(&self, at: usize, experience: &NamedExperience) -> Guise {
        match (self.scenario, &experience.classes) {
            (Scenario::DomainIncremental, Some(classes)) => Guise::Among(classes.clone()),
            _ => Guise::From(self.first[self.sets[at]]),
        }
    }

    /// The labels of these classes of an experience.
    pub(super) fn labels(&self, at: usize, experience: &NamedExperience, classes: &[u32]) -> Vec<u32> {
        match self.guise(at, experience) {
            Guise::Among(_) => (0..classes.len() as u32).collect(),
            Guise::From(first) => classes.iter().map(|class| first.saturating_add(*class)).collect(),
        }
    }

    /// The labelled halves of an experience's data. Data with the same labelling as before is the same data.
    pub(super) fn halves(
        &mut self,
        at: usize,
        experience: &NamedExperience,
        data: &LabelledData,
        classes: &[u32],
    ) -> Result<[Dataset; 2], StreamError> {
        let (set, guise) = (self.sets[at], self.guise(at, experience));
        let known = self.seen.iter().find(|(of, by, _)| *of == set && *by == guise);
        if let Some((.., halves)) = known {
            return Ok(halves.clone());
        }
        let id = 2 * self.seen.len() as u64;
        let view = |half: &Dataset, id: u64| match &guise {
            Guise::From(first) => Ok(half.shifted(DataId(id), *first, self.total)?),
            Guise::Among(_) => by_position(half, DataId(id), classes),
        };
        let halves = [view(&data.train, id)?, view(&data.test, id + 1)?];
        self.seen.push((set, guise, halves.clone()));
        Ok(halves)
    }

    /// Refuses experiences of one task that list other classes than an earlier one, or use data with other classes.
    pub(super) fn check_listed(&self, stream: &Experiences) -> Result<(), StreamError> {
        for (at, experience) in stream.experience.iter().enumerate() {
            let labels = |at: usize| {
                let experience = &stream.experience[at];
                let listed = experience.classes.as_ref()?;
                Some(self.labels(at, experience, listed))
            };
            let earlier = (0..at).find(|earlier| self.tasks[*earlier] == self.tasks[at]);
            if let Some(earlier) = earlier
                && let (Some(expected), Some(found)) = (labels(earlier), labels(at))
            {
                self.alike(experience, &stream.experience[earlier], &expected, &found)?;
            }
        }
        Ok(())
    }

    /// Refuses experiences of one task with different labels; those that agree get them in the order of the first.
    pub(super) fn check_alike(
        &self,
        stream: &Experiences,
        experiences: &mut [Experience],
    ) -> Result<(), StreamError> {
        for at in 0..experiences.len() {
            let earlier = (0..at).find(|earlier| self.tasks[*earlier] == self.tasks[at]);
            let Some(earlier) = earlier else { continue };
            let tasks = experiences[earlier].info.tasks.clone();
            let labels = |tasks: &[dentate_core::TaskInfo]| -> Vec<u32> {
                tasks.iter().flat_map(|task| task.classes.clone()).collect()
            };
            let (expected, found) = (labels(&tasks), labels(&experiences[at].info.tasks));
            let [first, second] = [earlier, at].map(|at| &stream.experience[at]);
            self.alike(second, first, &expected, &found)?;
            experiences[at].info.tasks = tasks;
        }
        Ok(())
    }

    fn alike(
        &self,
        experience: &NamedExperience,
        earlier: &NamedExperience,
        expected: &[u32],
        found: &[u32],
    ) -> Result<(), StreamError> {
        let distinct = |labels: &[u32]| labels.iter().copied().collect::<BTreeSet<u32>>();
        let (expected, found) = (distinct(expected), distinct(found));
        if expected == found {
            return Ok(());
        }
        Err(StreamError::TaskLabels {
            task: earlier.task().into(),
            first: earlier.name.clone(),
            second: experience.name.clone(),
            expected: expected.into_iter().collect(),
            found: found.into_iter().collect(),
        })
    }
}

/// The same rows, labelled by their class's position among `classes`. Rows of other classes get an arbitrary label, which is unused.
fn by_position(data: &Dataset, id: DataId, classes: &[u32]) -> Result<Dataset, StreamError> {
    let position = |label: &u32| classes.iter().position(|class| class == label).unwrap_or(0) as u32;
    let labels = labels(data)?.iter().map(position).collect();
    let classes = classes.len() as u32;
    Ok(data.relabelled(id, Targets::Classes { labels, classes })?)
}

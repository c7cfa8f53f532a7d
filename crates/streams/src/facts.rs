//! The facts about a stream, before its data is loaded and once it is built.

use crate::data::DataSpec;
use crate::stream::{Cut, Drawn, Stream};
use dentate_core::{Access, ExperienceFacts, StreamFacts, TargetKind};

impl Stream {
    /// The facts that a learner may check before a run. Nothing is missing.
    #[must_use]
    pub fn facts(&self) -> StreamFacts {
        let once = self.experiences.iter().any(|e| e.info.access == Access::Once);
        let of = |e: &crate::stream::Experience| ExperienceFacts {
            tasks: e.info.tasks.clone(),
            train: Some(e.shown()),
            test: Some(e.test.len()),
        };
        StreamFacts {
            scenario: self.info.scenario,
            access: if once { Access::Once } else { Access::Revisitable },
            target: self.info.target,
            shape: Some(self.info.shape.clone()),
            experiences: self.experiences.iter().map(of).collect(),
        }
    }
}

impl Cut {
    /// A stream of labelled tasks cut from `data`: the classes of each task, and its rows in each half where they are known.
    pub(crate) fn facts(&self, data: &dyn DataSpec, tasks: Vec<(Vec<u32>, [Option<u64>; 2])>) -> StreamFacts {
        let experience = |(task, (classes, [train, test])): (u32, (Vec<u32>, [Option<u64>; 2]))| {
            // The number of held-out rows and their classes are known only from the data.
            let train = train.filter(|_| self.validation == 0.0);
            let rows = [train, test].map(|n| n.and_then(|n| usize::try_from(n).ok()));
            ExperienceFacts::of(task, classes, rows)
        };
        StreamFacts {
            scenario: self.scenario,
            access: if self.online {
                Access::Once
            } else {
                Access::Revisitable
            },
            target: TargetKind::Classes,
            shape: data.facts().shape,
            experiences: (0..).zip(tasks).map(experience).collect(),
        }
    }

    /// The facts of a stream in which each of `tasks` tasks has all classes of `data`, and all rows or the drawn number.
    pub(crate) fn guise_facts(&self, data: &dyn DataSpec, tasks: u32, drawn: Drawn) -> StreamFacts {
        let (classes, rows) = (data.facts().classes, data.rows_by_class());
        let all = |half: usize| rows.as_ref().map(|halves| halves[half].iter().sum());
        let number = |drawn: Option<u32>, half| drawn.map(u64::from).or_else(|| all(half));
        let rows = [number(drawn.train, 0), number(drawn.test, 1)];
        let each: Vec<u32> = (0..classes).collect();
        let one = |task| (self.guise_labels(task, classes, &each), rows);
        self.facts(data, (0..tasks).map(one).collect())
    }
}

/// The number of rows of each of `classes` classes among `rows` rows whose classes alternate.
pub(crate) fn in_turns(rows: u32, classes: u32) -> Vec<u64> {
    let (each, more) = (rows / classes.max(1), rows % classes.max(1));
    (0..classes)
        .map(|class| u64::from(each + u32::from(class < more)))
        .collect()
}

#[cfg(test)]
mod tests;

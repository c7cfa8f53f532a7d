//! A toy stream: classes are well-separated blobs in five dimensions, which small learners of any kind can separate.

#![allow(
    clippy::unwrap_used,
    reason = "a test's own stream: a wrong step has to fail it"
)]

use crate::Pool;
use dentate_core::{
    Access, DataId, Dataset, ExperienceInfo, Learner, Predictions, Samples, Scenario, Seed, TargetKind,
    Targets, TaskId, TaskInfo,
};
use rand::Rng;

/// Rows of each class.
pub const PER_CLASS: usize = 30;
/// Features of a row.
pub const FEATURES: usize = 5;

/// The stream.
#[derive(Debug)]
pub struct Toy {
    /// All rows, class by class.
    pub data: Dataset,
    /// True if rows may be visited again.
    pub access: Access,
    scenario: Scenario,
}

impl Toy {
    /// `tasks` tasks of two classes each.
    #[must_use]
    pub fn new(scenario: Scenario, tasks: usize) -> Self {
        let mut random = Seed(11).random();
        let classes = 2 * tasks;
        let centres: Vec<[f32; FEATURES]> = (0..classes)
            .map(|_| std::array::from_fn(|_| random.random_range(-2.0..2.0)))
            .collect();
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for (class, centre) in centres.iter().enumerate() {
            for _ in 0..PER_CLASS {
                values.extend(centre.map(|c| c + random.random_range(-0.3..0.3)));
                let label = if scenario == Scenario::DomainIncremental {
                    class % 2
                } else {
                    class
                };
                labels.push(label as u32);
            }
        }
        let targets = Targets::Classes {
            labels,
            classes: classes as u32,
        };
        let data = Dataset::new(DataId(0), Samples::Floats(values), vec![FEATURES], targets).unwrap();
        Self {
            data,
            access: Access::Revisitable,
            scenario,
        }
    }

    fn rows(&self, index: usize) -> Vec<u32> {
        let start = (2 * index * PER_CLASS) as u32;
        (start..start + 2 * PER_CLASS as u32).collect()
    }

    /// The description of experience `index` that a learner is given.
    #[must_use]
    pub fn info(&self, index: usize) -> ExperienceInfo {
        let first = if self.scenario == Scenario::DomainIncremental {
            0
        } else {
            2 * index as u32
        };
        ExperienceInfo {
            index,
            scenario: self.scenario,
            tasks: vec![TaskInfo {
                id: TaskId(index as u32),
                classes: vec![first, first + 1],
            }],
            target: TargetKind::Classes,
            features: FEATURES,
            access: self.access,
        }
    }

    /// The rows of experience `index`, in an order that depends on the pass.
    #[must_use]
    pub fn source(&self, index: usize) -> Pool {
        Pool::new(
            self.data.clone(),
            TaskId(index as u32),
            self.rows(index),
            self.access,
            Seed(0),
        )
    }

    /// The accuracy of a learner on all rows.
    pub fn accuracy(&self, learner: &mut dyn Learner) -> f64 {
        let rows: Vec<u32> = (0..self.data.len() as u32).collect();
        let Predictions::Scores(scores) = learner.predict(&self.data, &rows, None).unwrap() else {
            return 0.0;
        };
        let right = rows.iter().filter(|&&r| {
            let best = Predictions::best(scores.row(r as usize));
            best.is_some() && best == self.data.label(r)
        });
        right.count() as f64 / rows.len() as f64
    }
}

//! A toy stream: classes are well-separated blobs in five dimensions, which small learners of any kind tell apart.

#![allow(
    clippy::unwrap_used,
    reason = "a test's own stream: a wrong step has to fail it"
)]

use dentate_core::{
    Access, DataId, Dataset, ExperienceInfo, Learner, Predictions, Refused, Rows, Samples, Scenario, Seed,
    Source, TargetKind, Targets, TaskId, TaskInfo,
};
use rand::Rng;
use rand::seq::SliceRandom;

/// Rows of each class.
pub const PER_CLASS: usize = 30;
/// Features of a row.
pub const FEATURES: usize = 5;

/// The stream.
#[derive(Debug)]
pub struct Toy {
    /// All rows, class by class.
    pub data: Dataset,
    /// Whether rows may be visited again.
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

    /// What a learner is told of experience `index`.
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
        let mut pool = Pool {
            data: vec![self.data.clone()],
            task: TaskId(index as u32),
            rows: self.rows(index),
            order: Vec::new(),
            next: 0,
            access: self.access,
            counted: true,
        };
        pool.shuffle(0);
        pool
    }

    /// The share of all rows that a learner is right about.
    pub fn accuracy(&self, learner: &mut dyn Learner) -> f64 {
        let rows: Vec<u32> = (0..self.data.len() as u32).collect();
        let Predictions::Scores(scores) = learner.predict(&self.data, &rows, None).unwrap() else {
            return 0.0;
        };
        let right = rows.iter().filter(|&&r| {
            let row = scores.row(r as usize);
            let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
            self.data.label(r) == Some(best as u32)
        });
        right.count() as f64 / rows.len() as f64
    }
}

/// The rows of an experience.
#[derive(Debug)]
pub struct Pool {
    data: Vec<Dataset>,
    task: TaskId,
    rows: Vec<u32>,
    order: Vec<u32>,
    next: usize,
    access: Access,
    counted: bool,
}

impl Pool {
    /// The first so many of its rows alone.
    #[must_use]
    pub fn first(mut self, rows: usize) -> Self {
        self.rows.truncate(rows);
        self.shuffle(0);
        self
    }

    /// The same rows from a source that does not say how many there are.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.counted = false;
        self
    }

    fn shuffle(&mut self, pass: u64) {
        self.order = self.rows.clone();
        self.order.shuffle(&mut Seed(pass).random());
        self.next = 0;
    }
}

impl Source for Pool {
    fn access(&self) -> Access {
        self.access
    }
    fn len(&self) -> Option<usize> {
        self.counted.then_some(self.rows.len())
    }
    fn datasets(&self) -> &[Dataset] {
        &self.data
    }
    fn next(&mut self, n: usize) -> Option<Rows> {
        let end = (self.next + n).min(self.order.len());
        let rows = self.order[self.next..end].to_vec();
        self.next = end;
        (!rows.is_empty()).then(|| Rows::of(self.data[0].id(), self.task, rows))
    }
    fn rewind(&mut self, pass: u64) -> Result<(), Refused> {
        if self.access == Access::Once && pass > 0 {
            return Err(Refused::SinglePass);
        }
        self.shuffle(pass);
        Ok(())
    }
    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused> {
        if self.access == Access::Once {
            return Err(Refused::SinglePass);
        }
        let len = self.rows.len();
        let row = |&p: &u32| {
            self.rows
                .get(p as usize)
                .copied()
                .ok_or(Refused::Position { position: p, len })
        };
        let rows = positions.iter().map(row).collect::<Result<_, _>>()?;
        Ok(Rows::of(self.data[0].id(), self.task, rows))
    }
}

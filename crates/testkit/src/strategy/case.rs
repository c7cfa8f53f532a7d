//! Small streams for strategies to grow on, with the settings of the learner.

use crate::Pool;
use dentate_continual::{Budget, ExperienceReplay, Gradient, MechanismSpec};
use dentate_core::{
    Access, Activation, DataId, Dataset, ExperienceInfo, Optimizer, Samples, Scenario, Seed, TargetKind,
    Targets, TaskId, TaskInfo,
};
use dentate_growth::Growth;
use ndarray::Array2;
use proptest::prelude::*;
use rand::Rng;

/// The kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// Blobs, one for each class.
    Plain,
    /// Every feature of every row is the same.
    Constant,
    /// Every row has the first class of its task.
    OneClass,
    /// Features of a hundred million.
    Huge,
    /// Features too small to square.
    Tiny,
    /// One row, repeated.
    Repeated,
    /// No row in the last experience.
    Empty,
    /// Blobs whose features change their sign and grow twentyfold with each experience, so that the loss jumps. For hand-made
    /// cases only.
    Drifting,
}

impl Data {
    /// All kinds that may do harm.
    pub const DEGENERATE: [Self; 6] = [
        Self::Constant,
        Self::OneClass,
        Self::Huge,
        Self::Tiny,
        Self::Repeated,
        Self::Empty,
    ];
}

/// A stream, and the learner's settings on it. Its `Debug` form is the expression that constructs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The scenario of the stream.
    pub scenario: Scenario,
    /// Experiences, of two classes each.
    pub experiences: usize,
    /// Rows of an experience.
    pub rows: usize,
    /// Features of a row.
    pub features: usize,
    /// The kind of its rows.
    pub data: Data,
    /// Hidden widths at the start.
    pub hidden: Vec<usize>,
    /// The hidden layers' activation.
    pub activation: Activation,
    /// Rows per update.
    pub batch: usize,
    /// Passes over an experience.
    pub epochs: u64,
    /// True if the optimizer is Adam; otherwise gradient descent with momentum.
    pub adam: bool,
    /// True if earlier rows are replayed.
    pub rehearsal: bool,
    /// The seed of everything.
    pub seed: u64,
}

const SCENARIOS: [Scenario; 4] = [
    Scenario::TaskIncremental,
    Scenario::ClassIncremental,
    Scenario::DomainIncremental,
    Scenario::Single,
];

/// The size of a case's rows and layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// A few features and units, so that many cases can be tried.
    Narrow,
    /// As wide as images and networks for them.
    Wide,
}

impl Size {
    fn features(self) -> BoxedStrategy<usize> {
        match self {
            Self::Narrow => (1usize..5).boxed(),
            Self::Wide => prop_oneof![Just(784), 64usize..1025].boxed(),
        }
    }

    /// Wide cases have narrow layers too, so that a strategy with a low cap has something to widen.
    fn width(self) -> BoxedStrategy<usize> {
        match self {
            Self::Narrow => (1usize..6).boxed(),
            Self::Wide => prop_oneof![1usize..6, 64usize..301].boxed(),
        }
    }

    /// The maximum of experiences, rows, passes and rows per update.
    fn most(self) -> (usize, usize, u64, usize) {
        match self {
            Self::Narrow => (3, 20, 6, 9),
            Self::Wide => (2, 9, 3, 5),
        }
    }
}

const ACTIVATIONS: [Activation; 6] = [
    Activation::Relu,
    Activation::ReluLiveAtZero,
    Activation::LeakyRelu,
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Softplus,
];

/// Any case whose rows are of a kind in `data`, after `provoke`.
pub(super) fn cases(
    data: &'static [Data],
    size: Size,
    provoke: Option<fn(&mut Case)>,
) -> impl Strategy<Value = Case> {
    let (experiences, rows, epochs, batch) = size.most();
    let stream = (
        prop::sample::select(&SCENARIOS[..]),
        1..=experiences,
        4..rows,
        size.features(),
        prop::sample::select(data),
    );
    let learner = (
        prop::collection::vec(size.width(), 1..3),
        // ReLU as often as all others together, since strategies may refuse these.
        prop_oneof![Just(Activation::Relu), prop::sample::select(&ACTIVATIONS[..])],
        1..batch,
        1..epochs,
        any::<bool>(),
        any::<bool>(),
        0u64..1000,
    );
    (stream, learner).prop_map(move |(stream, learner)| {
        let (scenario, experiences, rows, features, data) = stream;
        let (hidden, activation, batch, epochs, adam, rehearsal, seed) = learner;
        let mut case = Case {
            scenario,
            experiences: if scenario == Scenario::Single {
                1
            } else {
                experiences
            },
            rows,
            features,
            data,
            hidden,
            activation,
            batch,
            epochs,
            adam,
            rehearsal,
            seed,
        };
        if let Some(provoke) = provoke {
            provoke(&mut case);
        }
        case
    })
}

impl Case {
    pub(super) fn config(&self, strategy: Box<dyn Growth>) -> Gradient {
        // Wide rows are long, and a step size for short ones would make training diverge.
        let widest = self.hidden.iter().copied().fold(self.features, usize::max);
        let calm = (8.0 / widest as f32).min(1.0);
        Gradient {
            hidden: self.hidden.clone(),
            activation: self.activation,
            optimizer: if self.adam {
                Optimizer::adam(0.01 * calm)
            } else {
                Optimizer::Sgd {
                    learning_rate: 0.05 * calm,
                    momentum: 0.9,
                    weight_decay: 1e-3,
                }
            },
            batch: self.batch,
            budget: Budget::Epochs(self.epochs),
            mechanisms: self.replay(),
            strategy,
            ..Gradient::default()
        }
    }

    fn replay(&self) -> Vec<Box<dyn MechanismSpec>> {
        let replay = ExperienceReplay {
            capacity: 10,
            ..ExperienceReplay::default()
        };
        if self.rehearsal {
            vec![Box::new(replay)]
        } else {
            Vec::new()
        }
    }

    pub(super) fn info(&self, index: usize) -> ExperienceInfo {
        let first = if self.scenario == Scenario::DomainIncremental {
            0
        } else {
            2 * index as u32
        };
        let values = self.scenario == Scenario::Single;
        ExperienceInfo {
            index,
            scenario: self.scenario,
            tasks: vec![TaskInfo {
                id: TaskId(index as u32),
                classes: if values {
                    Vec::new()
                } else {
                    vec![first, first + 1]
                },
            }],
            target: if values {
                TargetKind::Values(2)
            } else {
                TargetKind::Classes
            },
            features: self.features,
            access: Access::Revisitable,
        }
    }

    /// The rows of an experience. Every experience is a data set of its own.
    pub(super) fn rows_of(&self, index: usize) -> Pool {
        let mut random = Seed(self.seed).derive(&format!("rows/{index}")).random();
        let count = if self.data == Data::Empty && index + 1 == self.experiences {
            0
        } else {
            self.rows
        };
        let first = self.info(index).tasks[0].classes.first().copied();
        let scale = match self.data {
            Data::Huge => 1e8,
            Data::Tiny => 1e-30,
            _ => 1.0,
        };
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for row in 0..count {
            let class = if self.data == Data::OneClass {
                0
            } else {
                (row % 2) as u32
            };
            labels.push(first.unwrap_or(0) + class);
            for feature in 0..self.features {
                let blob = if (feature as u32 + class).is_multiple_of(2) {
                    1.0
                } else {
                    -0.5
                };
                let value = match self.data {
                    Data::Constant => 0.5,
                    Data::Repeated if row > 0 => values[feature],
                    Data::Drifting => (-20f32).powi(index as i32) * (blob + random.random_range(-0.3..0.3)),
                    _ => scale * (blob + random.random_range(-0.3..0.3) + 0.2 * index as f32),
                };
                values.push(value);
            }
        }
        let targets = match first {
            None => Targets::Values(Array2::from_shape_fn((count, 2), |(i, j)| {
                ((i + j) % 3) as f32 * 0.4
            })),
            Some(_) => Targets::Classes {
                labels,
                classes: 2 * self.experiences as u32,
            },
        };
        let id = DataId(index as u64);
        let data = Dataset::new(id, Samples::Floats(values), vec![self.features], targets);
        Pool::new(
            data.expect("a row for each target"),
            TaskId(index as u32),
            (0..count as u32).collect(),
            Access::Revisitable,
            Seed(self.seed).derive(&format!("order/{index}")),
        )
    }
}

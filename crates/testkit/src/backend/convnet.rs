//! A small convolutional network that grows while it trains, on images of three channels: the purpose of growing, in one test.

use super::compare::{Outcome, close, fine};
use super::law::Make;
use crate::naive::{Network, run, values};
use dentate_core::{
    Activation, Active, Backend, ConnectionId, DataId, Dataset, Graph, Grid, Head, Init, LayerId, Link, Loss,
    Moment, NewLayer, Normalisation, Objective, Optimizer, Parameter, Plan, PlanBuilder, Pool, Route, Rows,
    Samples, Seed, Slot, Tally, Target, Targets, TaskId, Term, Window,
};
use ndarray::Array2;
use proptest::test_runner::TestCaseError;
use rand::Rng;

const SIDE: usize = 8;
const CLASSES: usize = 4;
const PICTURES: usize = 32;
/// The largest change of outputs, as a share of the largest output, when a network grows without changing its function:
/// additions are zeros or copies, so that only the order of sums of some tens of terms changes, by a rounding (6e-8) each.
pub const KEPT: f32 = 1e-5;

/// A network in a backend: two convolutions, the first with batch norm and pooling, and a head.
pub struct Convnet {
    /// The backend under test.
    pub backend: Box<dyn Backend>,
    graph: Graph,
    data: Dataset,
    rows: Rows,
    first: LayerId,
    between: ConnectionId,
    head: LayerId,
}

/// Images with a bright quarter, which is their class.
fn pictures() -> Dataset {
    let mut random = Seed(3).derive("pictures").random();
    let mut samples = Vec::with_capacity(PICTURES * 3 * SIDE * SIDE);
    for row in 0..PICTURES {
        for place in 0..3 * SIDE * SIDE {
            let (y, x) = (place / SIDE % SIDE, place % SIDE);
            let quarter = 2 * (2 * y / SIDE) + 2 * x / SIDE;
            let bright = if quarter == row % CLASSES { 0.5 } else { 0.0 };
            samples.push(bright + random.random::<f32>() - 0.5);
        }
    }
    let targets = Targets::Classes {
        labels: (0..PICTURES).map(|row| (row % CLASSES) as u32).collect(),
        classes: CLASSES as u32,
    };
    Dataset::new(DataId(5), Samples::Floats(samples), vec![3, SIDE, SIDE], targets)
        .expect("as many labels as rows")
}

impl Convnet {
    /// Build it in an empty backend.
    ///
    /// # Errors
    /// If the backend refuses it.
    pub fn new(mut backend: Box<dyn Backend>) -> Result<Self, TestCaseError> {
        let data = pictures();
        fine(backend.load(&data))?;
        let (grid, half) = (Grid::new(SIDE, SIDE), Grid::new(SIDE / 2, SIDE / 2));
        let link = Link::convolution(Window::square(3, 1, 1));
        let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
        let input = plan.layer(NewLayer::image(3, grid));
        let first = plan.layer(NewLayer {
            pool: Pool::Max(Window::square(2, 2, 0)),
            normalisation: Normalisation::BatchNorm,
            ..NewLayer::hidden("first", 6, Activation::Relu).on(grid)
        });
        plan.link(input, first, link, Init::He);
        let second = plan.layer(NewLayer {
            pool: Pool::Average(Window::square(2, 2, 0)),
            dropout: 0.1,
            ..NewLayer::hidden("second", 8, Activation::Relu).on(half)
        });
        let between = plan.link(first, second, link, Init::He);
        let classes = Head {
            task: None,
            classes: (0..CLASSES as u32).collect(),
        };
        let head = plan.layer(NewLayer::head("head", CLASSES, Activation::Identity, classes));
        plan.connect(second, head, Init::FanIn);
        let rows = Rows::of(data.id(), TaskId(0), (0..PICTURES as u32).collect());
        let mut this = Self {
            backend,
            graph: Graph::empty(),
            data,
            rows,
            first,
            between,
            head,
        };
        this.grow(&plan.finish())?;
        Ok(this)
    }

    /// The current graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    fn grow(&mut self, plan: &Plan) -> Outcome {
        super::fixture::grow(&mut *self.backend, &mut self.graph, plan, Moment::default())
    }

    /// Widen the first convolution by two units that nothing reads yet.
    ///
    /// # Errors
    /// If the backend refuses it.
    pub fn widen(&mut self) -> Outcome {
        let mut plan = PlanBuilder::new(&self.graph, "widen", Seed(11));
        plan.widen(self.first, 2, Init::He, Init::Zero);
        self.grow(&plan.finish())
    }

    /// Insert a convolution that computes the identity between the two.
    ///
    /// # Errors
    /// If the backend refuses it.
    pub fn deepen(&mut self) -> Outcome {
        let mut plan = PlanBuilder::new(&self.graph, "deepen", Seed(12));
        plan.insert_identity(self.between, "inserted", Activation::Relu);
        self.grow(&plan.finish())
    }

    /// Train, and return the mean loss.
    ///
    /// # Errors
    /// If the backend refuses it.
    pub fn train(&mut self, steps: usize) -> Result<f64, TestCaseError> {
        let objective = Objective {
            terms: vec![Term {
                rows: None,
                layer: self.head,
                active: Active::All,
                loss: Loss::CrossEntropy,
                target: Target::Labels {
                    unit_of: (0..CLASSES as u32).map(Some).collect(),
                },
                weight: 1.0,
                tally: Tally::None,
            }],
            penalties: Vec::new(),
            keep: None,
        };
        // An ε of that size keeps Adam from following the sign of a rounding error.
        let optimizer = Optimizer::Adam {
            learning_rate: 0.01,
            beta1: 0.9,
            beta2: 0.99,
            epsilon: 1e-3,
            weight_decay: 0.0,
        };
        self.backend.drain();
        for _ in 0..steps {
            fine(
                self.backend
                    .step(&self.rows, &Route::default(), &objective, &optimizer),
            )?;
        }
        let stats = self.backend.drain();
        Ok(stats.loss / stats.updates.max(1) as f64)
    }

    /// The outputs of the head for the images.
    ///
    /// # Errors
    /// If the backend refuses it.
    pub fn outputs(&mut self) -> Result<Array2<f32>, TestCaseError> {
        let outputs = self.backend.forward(&self.rows, &Route::default(), &[self.head]);
        Ok(fine(outputs)?.remove(0))
    }

    /// The weights between the two convolutions, or out of the inserted one.
    fn weights(&mut self) -> Array2<f32> {
        let weights = self.backend.snapshot().slots.remove(&Slot::WEIGHT);
        let between = weights.and_then(|mut weights| weights.remove(&Parameter::Weight(self.between)));
        between.unwrap_or_default()
    }

    /// Check some of the outputs against the naive model.
    fn right(&mut self) -> Outcome {
        let weights = self
            .backend
            .snapshot()
            .slots
            .remove(&Slot::WEIGHT)
            .unwrap_or_default();
        let outputs = self.outputs()?;
        let mut naive = Network::of(&self.graph);
        naive.set(Slot::WEIGHT, &weights);
        let mut row = vec![0.0; self.data.features()];
        for picture in 0..CLASSES {
            let read = self.data.read(picture as u32, &mut row);
            fine(read.map_err(Into::into))?;
            let wanted = run::<f64>(&naive, &values(&weights), &row, &Route::default());
            for (unit, wanted) in wanted.after[&self.head].iter().enumerate() {
                let found = f64::from(outputs[(picture, unit)]);
                close("an output", found, *wanted, 1e-4 * (1.0 + wanted.abs()))?;
            }
        }
        Ok(())
    }
}

/// Check that outputs differ by at most a share of the largest.
///
/// # Errors
/// With the difference.
pub fn alike(what: &str, a: &Array2<f32>, b: &Array2<f32>, share: f32) -> Outcome {
    let most = a.iter().chain(b).fold(1e-3f32, |most, v| most.max(v.abs()));
    for (a, b) in a.iter().zip(b) {
        close(what, f64::from(*b), f64::from(*a), f64::from(share * most))?;
    }
    Ok(())
}

/// A convolutional network that is widened and deepened between training steps has the same outputs before and after, new units
/// learn, and the network keeps learning.
pub fn a_convnet_keeps_its_function_as_it_grows(make: Make) {
    let grows = || -> Outcome {
        let mut net = Convnet::new(make.backend())?;
        let start = net.train(10)?;
        let before = net.outputs()?;
        net.widen()?;
        alike("an output of the widened network", &before, &net.outputs()?, KEPT)?;
        net.right()?;
        let old = net.weights().ncols() - 2 * 9;
        net.train(10)?;
        let fresh = net.weights().slice(ndarray::s![.., old..]).to_owned();
        if fresh.iter().all(|w| *w == 0.0) {
            return Err(TestCaseError::fail("nothing has learned to read the new units"));
        }
        let before = net.outputs()?;
        net.deepen()?;
        alike(
            "an output of the deepened network",
            &before,
            &net.outputs()?,
            KEPT,
        )?;
        net.right()?;
        net.train(40)?;
        net.right()?;
        let end = net.train(10)?;
        if end >= 0.5 * start {
            return Err(TestCaseError::fail(format!("a loss of {start} has become {end}")));
        }
        Ok(())
    };
    if let Err(broken) = grows() {
        panic!("a_convnet_keeps_its_function_as_it_grows does not hold: {broken}");
    }
}

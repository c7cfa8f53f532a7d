//! Native and libtorch agree: outputs, gradients and 200 training steps, before and after growth; and each
//! reads the snapshots of the other.
//!
//! Tolerances, relative to the largest number compared. Outputs and gradients of a network of a few layers differ by the order
//! of sums alone: 1e-4 is some hundred roundings. Training lets such a difference grow with every step; 200 small steps of a
//! smooth loss, with an Adam whose ε keeps it from taking the sign of noise for a gradient, multiply it by less than a hundred,
//! and weights that a wrong rule has moved would be off by a multiple of the learning rate: 1e-2 lies between. Networks on grids
//! need no more: a convolution's sums are as long as a dense layer's of tens of units, kernels' gradients add up over positions
//! as over rows, and what dropout drops is the same on both.
//!
//! The growing convolutional network has kinks, where a rounding may turn a rectifier or choose another largest value; such a
//! one among thousands moves a gradient by less than a thousandth. Its outputs after 20 steps agree to 1e-2 too.

use super::on_processor;
use dentate_backends::Native;
use dentate_core::{
    Activation, Active, Backend, Dataset, Graph, Grid, Groups, Head, Init, Layer, LayerId, Loss, Moment,
    Normalisation, Objective, Optimizer, Parameter, Plan, PlanBuilder, Pool, Purpose, Route, Rows, Seed,
    Slot, StepStats, Tally, Target, TaskId, Term, Window,
};
use dentate_testkit::backend::{Convnet, KEPT, Make, alike, check_law};
use dentate_testkit::generators::{
    Intent, MapShape, Rowset, Shape, SpaceShape, Temper, block, intents, plan, smooth_shapes,
};
use ndarray::Array2;
use proptest::prelude::*;
use std::collections::BTreeMap;

type Outcome = Result<(), TestCaseError>;

/// Both backends with the same network.
struct Pair {
    backends: [Box<dyn Backend>; 2],
    graph: Graph,
    data: Dataset,
    rows: Rows,
}

fn make() -> Box<dyn Backend> {
    Box::new(on_processor())
}

fn both<T: PartialEq + std::fmt::Debug>(
    backends: &mut [Box<dyn Backend>; 2],
    mut ask: impl FnMut(&mut dyn Backend) -> T,
) -> [T; 2] {
    backends.each_mut().map(|backend| ask(&mut **backend))
}

/// Returns whether all numbers of two arrays differ by a share of the largest, or of `least`, at most.
fn near(what: &str, a: &Array2<f32>, b: &Array2<f32>, share: f32, least: f32) -> Outcome {
    prop_assert_eq!(a.dim(), b.dim(), "{}", what);
    let most = a.iter().chain(b).fold(least, |most, v| most.max(v.abs()));
    for (place, a) in a.indexed_iter() {
        let off = (a - b[place]).abs();
        prop_assert!(
            off <= share * most,
            "{} at {:?}: {} and {}, of {}",
            what,
            place,
            a,
            b[place],
            most
        );
    }
    Ok(())
}

fn all_near(what: &str, both: [BTreeMap<Parameter, Array2<f32>>; 2], share: f32) -> Outcome {
    let [a, b] = both;
    prop_assert!(a.keys().eq(b.keys()));
    // Sums that cancel out are as wrong as their terms are large. These are of the size of other blocks' sums, and at least of a
    // tenth: a probability is up to 1 whatever is left of it beside its target, and ten of its roundings are 1e-6.
    let largest = a.values().flatten().fold(1e-1_f32, |most, v| most.max(v.abs()));
    for (parameter, a) in &a {
        near(
            &format!("{what} of {parameter}"),
            a,
            &b[parameter],
            share,
            0.1 * largest,
        )?;
    }
    Ok(())
}

impl Pair {
    fn new(shape: &Shape, seed: u64) -> Result<Self, TestCaseError> {
        Self::of([Box::new(Native::new()), make()], shape, seed)
    }

    fn of(backends: [Box<dyn Backend>; 2], shape: &Shape, seed: u64) -> Result<Self, TestCaseError> {
        let mut pair = Self {
            backends,
            graph: Graph::empty(),
            data: Rowset {
                temper: Temper::Plain,
                rows: 1,
                seed,
            }
            .values(0, 1, 1),
            rows: Rows::default(),
        };
        pair.apply(&shape.plan())?;
        let features = pair.graph.input().map_or(1, Layer::features);
        let (temper, rows) = (Temper::Plain, 12);
        pair.data = Rowset { temper, rows, seed }.values(1, features, 1);
        pair.rows = Rows::of(pair.data.id(), TaskId(0), (0..rows as u32).collect());
        for backend in &mut pair.backends {
            backend.load(&pair.data).expect("data can always be loaded");
        }
        Ok(pair)
    }

    fn apply(&mut self, plan: &Plan) -> Outcome {
        let applied = self.graph.apply(plan, Moment::default());
        let (graph, receipt) = applied.map_err(|e| TestCaseError::fail(e.to_string()))?;
        let done = both(&mut self.backends, |b| b.apply(&graph, &receipt));
        prop_assert_eq!(done, [Ok(()), Ok(())]);
        self.graph = graph;
        Ok(())
    }

    /// Values for one half of the heads and softened targets for the other.
    fn objective(&self) -> Objective {
        let heads: Vec<(&Layer, &Head)> = self.graph.heads().collect();
        let term = |(k, (layer, _)): (usize, &(&Layer, &Head))| Term {
            rows: None,
            layer: layer.id,
            active: Active::All,
            loss: match k % 2 {
                0 => Loss::MeanSquared,
                _ => Loss::Distillation { temperature: 2.0 },
            },
            target: Target::Given(block((self.rows.len(), layer.width()), Seed(k as u64))),
            weight: 1.0,
            tally: Tally::None,
        };
        Objective {
            terms: heads.iter().enumerate().map(term).collect(),
            penalties: Vec::new(),
            keep: None,
        }
    }

    fn slot(&mut self, slot: Slot) -> [BTreeMap<Parameter, Array2<f32>>; 2] {
        both(&mut self.backends, |b| {
            b.snapshot().slots.remove(&slot).unwrap_or_default()
        })
    }

    fn outputs_agree(&mut self) -> Outcome {
        self.outputs_within(1e-4)
    }

    fn outputs_within(&mut self, share: f32) -> Outcome {
        let layers: Vec<LayerId> = self.graph.heads().map(|(layer, _)| layer.id).collect();
        let outputs = both(&mut self.backends, |b| {
            b.forward(&self.rows, &Route::default(), &layers)
        });
        let [Ok(a), Ok(b)] = outputs else {
            return Err(TestCaseError::fail(format!("{outputs:?}")));
        };
        for ((layer, a), b) in layers.iter().zip(&a).zip(&b) {
            near(&format!("outputs of {layer}"), a, b, share, 1e-3)?;
        }
        Ok(())
    }

    fn gradients_agree(&mut self) -> Outcome {
        let (objective, route) = (self.objective(), Route::default());
        let values = both(&mut self.backends, |b| {
            b.gradient(&self.rows, &route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
        });
        let [Ok(a), Ok(b)] = values else {
            return Err(TestCaseError::fail(format!("{values:?}")));
        };
        prop_assert!((a - b).abs() <= 1e-4 * (1.0 + a.abs()), "values {} and {}", a, b);
        all_near("the gradient", self.slot(Slot::GRADIENT), 1e-4)
    }

    fn training_agrees(&mut self, optimizer: &Optimizer) -> Outcome {
        let (objective, route) = (self.objective(), Route::default());
        for _ in 0..200 {
            let done = both(&mut self.backends, |b| {
                b.step(&self.rows, &route, &objective, optimizer)
            });
            prop_assert_eq!(done, [Ok(()), Ok(())]);
        }
        let [a, b] = both(&mut self.backends, |b| b.drain());
        prop_assert_eq!(
            (a.updates, a.rows, a.multiply_adds),
            (b.updates, b.rows, b.multiply_adds)
        );
        prop_assert!(
            (a.loss - b.loss).abs() <= 1e-3 * (1.0 + a.loss),
            "losses {} and {}",
            a.loss,
            b.loss
        );
        all_near("weights", self.slot(Slot::WEIGHT), 1e-2)?;
        let [a, b] = both(&mut self.backends, |b| b.snapshot());
        prop_assert_eq!(a.clocks, b.clocks);
        Ok(())
    }
}

/// Networks, a third of them on grids, without a normalisation, which may multiply a difference by any number where what it
/// normalises is nearly equal. The laws hold it to the naive model's bounds.
fn tame(shape: &Shape) -> bool {
    let applied = Graph::empty().apply(&shape.plan(), Moment::default());
    applied.is_ok_and(|(graph, _)| graph.layers().all(|l| l.normalisation == Normalisation::None))
}

fn lives() -> impl Strategy<Value = (Shape, Vec<Vec<Intent>>, u64)> {
    let shapes = smooth_shapes().prop_filter("no normalisation", tame);
    (shapes, prop::collection::vec(intents(4), 1..4), any::<u64>())
}

fn optimizers() -> [Optimizer; 2] {
    [
        Optimizer::Sgd {
            learning_rate: 0.005,
            momentum: 0.9,
            weight_decay: 0.01,
        },
        Optimizer::AdamW {
            learning_rate: 0.002,
            beta1: 0.9,
            beta2: 0.99,
            epsilon: 1e-2,
            weight_decay: 0.01,
        },
    ]
}

#[test]
fn native_and_libtorch_agree_before_and_after_growth() {
    let strategy = (lives(), prop::sample::select(optimizers().to_vec()));
    let make = Make { make, file: file!() };
    check_law(
        make,
        "native_and_libtorch_agree",
        24,
        strategy,
        |((shape, plans, seed), optimizer)| {
            let mut pair = Pair::new(&shape, seed)?;
            pair.outputs_agree()?;
            pair.gradients_agree()?;
            pair.training_agrees(&optimizer)?;
            for (k, intents) in plans.iter().enumerate() {
                let grown = plan(&pair.graph, intents, Seed(k as u64));
                pair.apply(&grown)?;
                if pair
                    .graph
                    .layers()
                    .any(|l| l.normalisation != Normalisation::None)
                {
                    return Ok(());
                }
                // From the same weights again, so that no growth is blamed for what training had let drift.
                let snapshot = pair.backends[0].snapshot();
                let taken = pair.backends[1].restore(&pair.graph, &snapshot);
                prop_assert_eq!(taken, Ok(()));
                pair.outputs_agree()?;
                pair.gradients_agree()?;
                pair.training_agrees(&optimizer)?;
            }
            Ok(())
        },
    );
}

#[test]
fn growth_after_training_agrees_without_a_common_snapshot() {
    let make = Make { make, file: file!() };
    check_law(make, "growth_agrees", 24, lives(), |(shape, plans, seed)| {
        let mut pair = Pair::new(&shape, seed)?;
        for (k, intents) in plans.iter().enumerate() {
            let grown = plan(&pair.graph, intents, Seed(k as u64));
            pair.apply(&grown)?;
            // Not trained, so what they hold is what growth has made of the same bits; means are folded in another order.
            all_near("weights", pair.slot(Slot::WEIGHT), 1e-6)?;
        }
        Ok(())
    });
}

#[test]
fn what_one_has_saved_the_other_reads() {
    let make = Make { make, file: file!() };
    check_law(make, "snapshots_cross", 24, lives(), |(shape, plans, seed)| {
        let mut pair = Pair::new(&shape, seed)?;
        let (objective, route) = (pair.objective(), Route::default());
        for backend in &mut pair.backends {
            let stepped = backend.step(&pair.rows, &route, &objective, &Optimizer::adam(0.01));
            prop_assert_eq!(stepped, Ok(()));
        }
        if let Some(intents) = plans.first() {
            let grown = plan(&pair.graph, intents, Seed(9));
            pair.apply(&grown)?;
        }
        for (from, to) in [(0, 1), (1, 0)] {
            let saved = pair.backends[from].snapshot();
            prop_assert_eq!(pair.backends[to].restore(&pair.graph, &saved), Ok(()));
            let again = pair.backends[to].snapshot();
            prop_assert_eq!(saved, again);
        }
        Ok(())
    });
}

/// A residual network on a grid with a normalisation everywhere, whose units' sums have a spread of their own.
fn normalised(normalisation: Normalisation) -> Shape {
    let map = |residual| MapShape {
        width: 6,
        activation: Activation::Tanh,
        window: Window::square(3, 1, 1),
        groups: Groups::One,
        normalisation,
        pool: Pool::None,
        dropout: 0.0,
        residual,
    };
    let pooled = MapShape {
        pool: Pool::Average(Window::square(2, 2, 0)),
        ..map(false)
    };
    Shape {
        space: Some(SpaceShape {
            grid: Grid::new(4, 4),
            channels: 2,
            maps: vec![map(false), map(false), map(true), pooled],
        }),
        features: 32,
        columns: Vec::new(),
        classes: 3,
        outputs: 2,
        seed: 4,
    }
}

/// Random networks may normalise what is nearly equal; this one does not, and grows by random weights.
#[test]
fn a_normalised_network_agrees_before_and_after_growth() {
    let optimizers = optimizers();
    let agree = |normalisation, optimizer: &Optimizer| -> Outcome {
        let mut pair = Pair::new(&normalised(normalisation), 11)?;
        for growth in 0..2 {
            if growth > 0 {
                let mut plan = PlanBuilder::new(&pair.graph, "widen", Seed(growth));
                let first = pair.graph.layers().nth(1).map(|l| l.id);
                for layer in first.into_iter().flat_map(|first| pair.graph.together(first)) {
                    plan.widen(layer, 2, Init::He, Init::He);
                }
                pair.apply(&plan.finish())?;
                let snapshot = pair.backends[0].snapshot();
                prop_assert_eq!(pair.backends[1].restore(&pair.graph, &snapshot), Ok(()));
            }
            pair.outputs_agree()?;
            pair.gradients_agree()?;
            pair.training_agrees(optimizer)?;
            pair.outputs_within(1e-2)?;
        }
        Ok(())
    };
    for normalisation in [
        Normalisation::LayerNorm,
        Normalisation::GroupNorm(2),
        Normalisation::BatchNorm,
    ] {
        for optimizer in &optimizers {
            if let Err(broken) = agree(normalisation, optimizer) {
                panic!("{normalisation:?}, {optimizer:?}: {broken}");
            }
        }
    }
}

/// Training in step, each growing as the other does.
#[test]
fn a_growing_convnet_agrees() {
    let make = || Convnet::new(self::make());
    let grows = || -> Outcome {
        let mut native = Convnet::new(Box::new(Native::new()))?;
        let mut libtorch = make()?;
        for growth in [Convnet::widen, Convnet::deepen] {
            let losses = (native.train(20)?, libtorch.train(20)?);
            prop_assert!((losses.0 - losses.1).abs() < 1e-3 * losses.0, "{:?}", losses);
            let before = (native.outputs()?, libtorch.outputs()?);
            alike("an output after training", &before.0, &before.1, 1e-2)?;
            growth(&mut native)?;
            growth(&mut libtorch)?;
            let after = (native.outputs()?, libtorch.outputs()?);
            alike("a grown output of native", &before.0, &after.0, KEPT)?;
            alike("a grown output of libtorch", &before.1, &after.1, KEPT)?;
            // From the same weights again; then nothing but the order of sums is between them.
            let snapshot = native.backend.snapshot();
            let taken = libtorch.backend.restore(native.graph(), &snapshot);
            prop_assert_eq!(taken, Ok(()));
            alike("an output", &native.outputs()?, &libtorch.outputs()?, 1e-4)?;
        }
        let ends = (native.train(20)?, libtorch.train(20)?);
        prop_assert!((ends.0 - ends.1).abs() < 1e-3 * (0.1 + ends.0), "{:?}", ends);
        alike(
            "an output in the end",
            &native.outputs()?,
            &libtorch.outputs()?,
            1e-2,
        )
    };
    if let Err(broken) = grows() {
        panic!("{broken}");
    }
}

/// libtorch pads by half a window at most.
#[test]
fn pools_that_stand_out_by_more_than_half_a_window_agree() {
    let window = Window {
        kernel: [3, 2],
        stride: [2, 1],
        padding: [2, 1],
    };
    for pool in [
        Pool::Max(window),
        Pool::Average(window),
        Pool::Max(Window::square(4, 3, 3)),
    ] {
        let map = MapShape {
            width: 3,
            activation: Activation::Tanh,
            window: Window::square(3, 1, 2),
            groups: Groups::One,
            normalisation: Normalisation::None,
            pool,
            dropout: 0.0,
            residual: false,
        };
        let shape = Shape {
            space: Some(SpaceShape {
                grid: Grid::new(4, 5),
                channels: 2,
                maps: vec![map.clone(), map],
            }),
            features: 40,
            columns: Vec::new(),
            classes: 2,
            outputs: 2,
            seed: 1,
        };
        let agree = || -> Outcome {
            let mut pair = Pair::new(&shape, 7)?;
            pair.outputs_agree()?;
            pair.gradients_agree()
        };
        if let Err(broken) = agree() {
            panic!("{pool:?}: {broken}");
        }
    }
}

/// Asynchronous updates after a loss that is not finite leave the same state and counters as synchronous ones once the statistics are read;
/// updates in between have no effect.
#[test]
fn running_ahead_of_a_loss_that_is_not_finite_is_taken_back() {
    let make = Make { make, file: file!() };
    check_law(make, "running_ahead", 24, lives(), |(shape, _, seed)| {
        let backends: [Box<dyn Backend>; 2] = [self::make(), Box::new(on_processor().running_ahead())];
        let mut pair = Pair::of(backends, &shape, seed)?;
        let good = pair.objective();
        let mut bad = good.clone();
        if let Target::Given(values) = &mut bad.terms[0].target {
            values.fill(f32::INFINITY);
        }
        let (rows, route, optimizer) = (pair.rows.clone(), Route::default(), Optimizer::adam(0.01));
        let [in_step, ahead] = &mut pair.backends;
        for (backend, objectives) in [
            (in_step, vec![&good, &good, &bad]),
            (ahead, vec![&good, &good, &bad, &good, &bad]),
        ] {
            for objective in objectives {
                prop_assert_eq!(backend.step(&rows, &route, objective, &optimizer), Ok(()));
            }
        }
        let counted = |s: StepStats| (s.updates, s.rows, s.loss.to_bits(), s.diverged);
        let [a, b] = both(&mut pair.backends, |b| counted(b.drain()));
        prop_assert_eq!(a, b);
        prop_assert!(a.3);
        for _ in 0..2 {
            let done = both(&mut pair.backends, |b| b.step(&rows, &route, &good, &optimizer));
            prop_assert_eq!(done, [Ok(()), Ok(())]);
        }
        let [a, b] = both(&mut pair.backends, |b| b.snapshot());
        prop_assert_eq!(a, b);
        Ok(())
    });
}

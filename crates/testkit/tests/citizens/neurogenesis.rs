//! One level of neurogenesis deep learning (Draelos et al. 2016): a mirrored autoencoder closed at level 1 by a route,
//! outliers by reconstruction error, growth with the old encoder frozen and the decoder at a hundredth, and intrinsic
//! replay through the code layer.

use dentate_backends::Native;
use dentate_core::{
    Activation, Active, Architecture, Backend, DataId, Dataset, Edit, Head, Init, LayerId, Loss, LrScaleOf,
    Moment, NewLayer, Objective, Optimizer, Parameter, PlanBuilder, Request, Route, Rows, Samples, Seed,
    Slot, Tally, Target, Targets, TaskId, Term, UnitId,
};
use ndarray::{Array1, Array2, Axis};
use rand::Rng;
use rand_distr::StandardNormal;

const FEATURES: usize = 16;
const PATTERNS: [u32; 3] = [
    0b1111_0000_1111_0000,
    0b0000_1111_0000_1111,
    0b1100_1100_0011_0011,
];

/// Noisy copies of some of the patterns, labelled with their number.
fn samples(id: DataId, classes: &[u32], each: usize, seed: u64) -> Dataset {
    let mut random = Seed(seed).random();
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for &class in classes {
        for _ in 0..each {
            labels.push(class);
            for bit in 0..FEATURES {
                let on = PATTERNS[class as usize] >> bit & 1 == 1;
                let noise = random.random::<f32>() * 0.1;
                values.push(if on { 0.95 - noise } else { 0.05 + noise });
            }
        }
    }
    let targets = Targets::Classes { labels, classes: 3 };
    Dataset::new(id, Samples::Floats(values), vec![FEATURES], targets).unwrap()
}

struct Ndl {
    backend: Native,
    architecture: Architecture,
    /// Encoder's first and second (code) layer, decoder's first, output.
    encoder: LayerId,
    code: LayerId,
    decoder: LayerId,
    output: LayerId,
    first: Parameter,
    step: u64,
}

impl Ndl {
    fn new() -> Self {
        let mut plan = PlanBuilder::new(&dentate_core::Graph::empty(), "initial", Seed(1));
        let input = plan.layer(NewLayer::input(FEATURES));
        let tied = |name: &str| NewLayer {
            width_group: Some(1),
            ..NewLayer::hidden(name, 2, Activation::Sigmoid)
        };
        let encoder = plan.layer(tied("encoder-1"));
        let code = plan.layer(NewLayer::hidden("code", 2, Activation::Identity));
        let decoder = plan.layer(tied("decoder-1"));
        let head = Head {
            task: None,
            classes: Vec::new(),
        };
        let output = plan.layer(NewLayer::head("output", FEATURES, Activation::Sigmoid, head));
        let first = plan.connect(input, encoder, Init::FanIn);
        plan.connect(encoder, code, Init::FanIn);
        plan.connect(code, decoder, Init::FanIn);
        plan.connect(decoder, output, Init::FanIn);
        let mut architecture = Architecture::empty();
        let receipt = architecture.apply(&plan.finish(), Moment::default()).unwrap();
        let mut backend = Native::new();
        backend.apply(architecture.graph(), &receipt).unwrap();
        Self {
            backend,
            architecture,
            encoder,
            code,
            decoder,
            output,
            first: Parameter::Weight(first),
            step: 0,
        }
    }

    /// The way through level 1 only: the decoder's first layer is the encoder's.
    fn level(&self) -> Route {
        Route {
            substitute: vec![(self.decoder, self.encoder)],
            ..Route::default()
        }
    }

    fn train(&mut self, rows: &Rows, route: &Route, steps: usize, learning_rate: f32) {
        let objective = Objective {
            terms: vec![Term {
                rows: None,
                layer: self.output,
                active: Active::All,
                loss: Loss::MeanSquared,
                target: Target::Inputs,
                weight: 1.0,
                tally: Tally::None,
            }],
            penalties: Vec::new(),
            keep: None,
        };
        for _ in 0..steps {
            // A corruption of its own for each step.
            let route = Route {
                seed: self.step,
                corruption: 0.1,
                ..route.clone()
            };
            self.backend
                .step(rows, &route, &objective, &Optimizer::adam(learning_rate))
                .unwrap();
            self.step += 1;
        }
        assert!(!self.backend.drain().diverged);
    }

    /// A reconstruction error for each row.
    fn errors(&mut self, rows: &Rows, route: &Route) -> Vec<f32> {
        let measured = self
            .backend
            .measure(&Request::ReconstructionErrors(self.output), rows, route)
            .unwrap();
        measured.arrays[0].column(0).to_vec()
    }

    fn apply(&mut self, plan: PlanBuilder) {
        let moment = Moment {
            experience: 1,
            step: self.step,
        };
        let receipt = self.architecture.apply(&plan.finish(), moment).unwrap();
        self.backend.apply(self.architecture.graph(), &receipt).unwrap();
    }

    fn plan(&self, cause: &str) -> PlanBuilder {
        PlanBuilder::new(self.architecture.graph(), cause, Seed(self.step))
    }

    /// Forget all rates: everything learns normally.
    fn thaw(&mut self) {
        let mut plan = self.plan("thaw");
        for layer in [self.encoder, self.code, self.decoder, self.output] {
            plan.lr_scale(LrScaleOf::Incoming(layer, Vec::new()), 1.0);
            plan.lr_scale(LrScaleOf::Outgoing(layer, Vec::new()), 0.0);
        }
        self.apply(plan);
    }

    fn parameter(&mut self, parameter: Parameter) -> Array2<f32> {
        self.backend.snapshot().slots[&Slot::WEIGHT][&parameter].clone()
    }
}

fn rows(data: &Dataset) -> Rows {
    Rows::of(data.id(), TaskId(0), (0..data.len() as u32).collect())
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}

/// L with L Lᵀ = the matrix.
fn cholesky(matrix: &Array2<f32>) -> Array2<f32> {
    let n = matrix.nrows();
    let mut l = Array2::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let sum: f32 = (0..j).map(|k| l[(i, k)] * l[(j, k)]).sum();
            l[(i, j)] = if i == j {
                (matrix[(i, i)] - sum).max(0.0).sqrt()
            } else {
                (matrix[(i, j)] - sum) / l[(j, j)]
            };
        }
    }
    l
}

#[test]
fn a_level_grows_for_outliers_and_replays_what_it_knew() {
    let (base, new) = (
        samples(DataId(0), &[0, 1], 20, 5),
        samples(DataId(1), &[2], 20, 6),
    );
    let mut ndl = Ndl::new();
    ndl.backend.load(&base).unwrap();
    ndl.backend.load(&new).unwrap();
    let (level, whole) = (ndl.level(), Route::default());
    ndl.train(&rows(&base), &level, 400, 0.02);
    ndl.train(&rows(&base), &whole, 600, 0.02);
    ndl.train(&rows(&base), &level, 100, 0.005);

    // The level's way leaves out what lies above: the decoder's first layer is the encoder's, and nothing above learned.
    let between = ndl
        .backend
        .forward(&rows(&base), &level, &[ndl.encoder, ndl.decoder])
        .unwrap();
    assert_eq!(between[0], between[1]);
    let above = ndl.parameter(Parameter::Bias(ndl.code));
    ndl.train(&rows(&base), &level, 10, 0.005);
    assert_eq!(ndl.parameter(Parameter::Bias(ndl.code)), above);

    // Outliers of the new class: what the base classes' errors leave above all of them.
    let known = ndl.errors(&rows(&base), &level);
    let threshold = known.iter().copied().fold(0.0, f32::max);
    let found = ndl.errors(&rows(&new), &level);
    let outliers: Vec<u32> = (0..new.len() as u32)
        .filter(|&r| found[r as usize] > threshold)
        .collect();
    assert!(
        outliers.len() > 15,
        "{} outliers above {threshold}",
        outliers.len()
    );
    let outliers = Rows::of(new.id(), TaskId(1), outliers);
    let before = mean(&ndl.errors(&outliers, &level));

    // What it knew, as mean and Cholesky factor of each class's codes, taken before it grows.
    let codes = |ndl: &mut Ndl, class: u32| {
        let of: Vec<u32> = (0..base.len() as u32)
            .filter(|&r| base.label(r) == Some(class))
            .collect();
        let rows = Rows::of(base.id(), TaskId(0), of);
        let measured = ndl
            .backend
            .measure(&Request::Activations(vec![ndl.code]), &rows, &Route::default());
        measured.unwrap().arrays.remove(0)
    };
    let remembered: Vec<(Array1<f32>, Array2<f32>)> = (0..2)
        .map(|class| {
            let codes = codes(&mut ndl, class);
            let mean = codes.mean_axis(Axis(0)).unwrap();
            let off = &codes - &mean;
            (mean, cholesky(&(off.t().dot(&off) / codes.nrows() as f32)))
        })
        .collect();

    // Plasticity: new units in the level and its mirror; only what leads into the new encoder units learns at full rate.
    let old: Vec<UnitId> = ndl
        .architecture
        .graph()
        .layer(ndl.encoder)
        .unwrap()
        .units
        .iter()
        .map(|u| u.id)
        .collect();
    let mut plan = ndl.plan("ndl-level-1");
    for layer in [ndl.encoder, ndl.decoder] {
        plan.edit(Edit::Widen {
            layer,
            count: 2,
            incoming: Init::FanIn.into(),
            outgoing: Init::Normal(0.5).into(),
            bias: 0.0,
            classes: Vec::new(),
        });
    }
    plan.lr_scale(LrScaleOf::Incoming(ndl.encoder, old.clone()), 0.0);
    plan.lr_scale(LrScaleOf::Incoming(ndl.output, Vec::new()), 0.01);
    ndl.apply(plan);
    assert_eq!(ndl.architecture.graph().layer(ndl.decoder).unwrap().width(), 4);
    let (weights, biases) = (
        ndl.parameter(ndl.first),
        ndl.parameter(Parameter::Bias(ndl.encoder)),
    );
    let grown = mean(&ndl.errors(&outliers, &level));
    ndl.train(&outliers, &level, 300, 0.05);
    let now = mean(&ndl.errors(&outliers, &level));
    assert!(
        now < 0.9 * grown && now < before,
        "outliers' error {now}, {grown} when grown, {before} before"
    );
    let (after, biases_after) = (
        ndl.parameter(ndl.first),
        ndl.parameter(Parameter::Bias(ndl.encoder)),
    );
    for i in 0..4 {
        let same = (0..FEATURES).all(|j| weights[(i, j)].to_bits() == after[(i, j)].to_bits());
        let same = same && biases[(0, i)].to_bits() == biases_after[(0, i)].to_bits();
        assert_eq!(same, i < 2, "unit {i} of the encoder");
    }

    // Intrinsic replay: codes drawn from what is remembered, decoded by the network as it is.
    let mut random = Seed(7).random();
    let mut drawn = Vec::new();
    for (mean, factor) in &remembered {
        for _ in 0..10 {
            let z = Array1::from_shape_simple_fn(2, || random.sample::<f32, _>(StandardNormal));
            drawn.extend((mean + &factor.dot(&z)).to_vec());
        }
    }
    let imagined = Dataset::new(DataId::scratch(0), Samples::Floats(drawn), vec![2], Targets::None).unwrap();
    ndl.backend.load(&imagined).unwrap();
    let entry = Route {
        entry: Some(ndl.code),
        ..Route::default()
    };
    let decoded = ndl
        .backend
        .forward(&rows(&imagined), &entry, &[ndl.output])
        .unwrap()
        .remove(0);
    let decoded = Samples::Floats(decoded.iter().copied().collect());
    let replay = Dataset::new(DataId::scratch(1), decoded, vec![FEATURES], Targets::None).unwrap();
    ndl.backend.load(&replay).unwrap();

    // Stability: the whole level at a hundredth, on the new class and on what was replayed, in one batch.
    ndl.thaw();
    let mut mixed = rows(&new);
    mixed.extend(Rows {
        segments: rows(&replay)
            .segments
            .into_iter()
            .map(|s| dentate_core::Segment { task: TaskId(0), ..s })
            .collect(),
    });
    ndl.train(&mixed, &level, 600, 0.01);
    let both = (
        mean(&ndl.errors(&rows(&new), &level)),
        mean(&ndl.errors(&rows(&base), &level)),
    );
    assert!(both.0 < before, "the new class's error {} after {before}", both.0);
    assert!(
        both.1 < before,
        "the base classes' error {} though they were replayed",
        both.1
    );
    ndl.backend.unload(imagined.id());
    ndl.backend.unload(replay.id());
}

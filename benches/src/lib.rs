//! What the benchmarks share: a network of the usual size, and rows that look like images.

use dentate_backends::Native;
use dentate_core::{
    Activation, Active, Backend, DataId, Dataset, Graph, Head, Init, LayerId, Loss, Moment, NewLayer,
    Objective, PlanBuilder, Rows, Samples, Seed, Target, Targets, TaskId, Term,
};

/// The data set of [`images`].
pub const IMAGES: DataId = DataId(0);

/// Rows in it.
pub const COUNT: u32 = 4096;

/// Rows of `features` bytes of which one in `one_in` is not 0 (in handwritten digits about one in five), with ten labels.
///
/// # Panics
/// Never: the lengths agree.
#[must_use]
pub fn images(features: usize, one_in: u32) -> Dataset {
    let mut state = 1u32;
    let mut draw = || {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        state >> 8
    };
    let mut pixel = || {
        if draw() % one_in == 0 {
            (draw() % 255) as u8 + 1
        } else {
            0
        }
    };
    let values = (0..COUNT as usize * features).map(|_| pixel()).collect();
    let (scale, offset) = (1.0 / 255.0, 0.0);
    let samples = Samples::Bytes {
        values,
        scale,
        offset,
    };
    let labels = (0..COUNT).map(|i| i % 10).collect();
    Dataset::new(
        IMAGES,
        samples,
        vec![features],
        Targets::Classes { labels, classes: 10 },
    )
    .expect("as many labels as rows")
}

/// A multilayer perceptron of rectified units with a head of ten classes, in a native backend that knows `data`.
///
/// # Panics
/// Never: the plan suits the empty graph.
#[must_use]
pub fn perceptron(hidden: &[usize], data: &Dataset) -> (Native, LayerId) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let mut below = plan.layer(NewLayer::input(data.features()));
    for (i, &width) in hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer::hidden(
            format!("hidden-{}", i + 1),
            width,
            Activation::Relu,
        ));
        plan.connect(below, layer, Init::He);
        below = layer;
    }
    let head = Head {
        task: None,
        classes: (0..10).collect(),
    };
    let head = plan.layer(NewLayer::head("head", 10, Activation::Identity, head));
    plan.connect(below, head, Init::FanIn);
    let (graph, receipt) = Graph::empty()
        .apply(&plan.finish(), Moment::default())
        .expect("a plan for the empty graph");
    let mut native = Native::new();
    native.apply(&graph, &receipt).expect("a receipt of that graph");
    native.load(data).expect("data can always be loaded");
    (native, head)
}

/// Cross-entropy over all ten classes.
#[must_use]
pub fn classify(head: LayerId) -> Objective {
    Objective {
        terms: vec![Term {
            rows: None,
            layer: head,
            active: Active::All,
            loss: Loss::CrossEntropy,
            target: Target::Labels {
                unit_of: (0..10).map(Some).collect(),
            },
            weight: 1.0,
        }],
        penalties: Vec::new(),
    }
}

/// The `n`-th batch, going round.
#[must_use]
pub fn batch(n: usize, size: usize) -> Rows {
    let row = |i: usize| ((n * size + i) % COUNT as usize) as u32;
    Rows::of(IMAGES, TaskId(0), (0..size).map(row).collect())
}

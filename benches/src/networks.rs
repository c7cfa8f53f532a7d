//! Networks of the usual sizes in a backend.

use crate::images::{COUNT, IMAGES, shown};
use dentate_core::{
    Activation, Active, Backend, Graph, Head, Init, LayerId, Loss, Moment, NewLayer, Objective, PlanBuilder,
    Rows, Seed, Target, TaskId, Term,
};

/// Build a multilayer perceptron of rectified units with a head of ten classes in an empty backend, which then knows the images.
///
/// # Panics
/// If the backend is not empty.
pub fn perceptron(backend: &mut dyn Backend, hidden: &[usize], pixels: &[u8], labels: &[u8]) -> LayerId {
    let data = shown(pixels, labels);
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
    backend.apply(&graph, &receipt).expect("a receipt of that graph");
    backend.load(&data).expect("data can always be loaded");
    head
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

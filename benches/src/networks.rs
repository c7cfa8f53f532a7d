//! Networks of the usual sizes in a backend.

use crate::images::{COUNT, IMAGES, shown};
use dentate_core::{
    Activation, Active, Backend, Graph, Grid, Head, Init, LayerId, Link, Loss, Moment, NewLayer, Objective,
    PlanBuilder, Pool, Rows, Seed, Tally, Target, TaskId, Term, Window,
};

/// Build a multilayer perceptron of rectified units with a head of ten classes in an empty backend, which then knows the images.
///
/// # Panics
/// If the backend is not empty.
pub fn perceptron(backend: &mut dyn Backend, hidden: &[usize], pixels: &[u8], labels: &[u8]) -> LayerId {
    let features = pixels.len() / labels.len();
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let mut below = plan.layer(NewLayer::input(features));
    for (i, &width) in hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer::hidden(
            format!("hidden-{}", i + 1),
            width,
            Activation::Relu,
        ));
        plan.connect(below, layer, Init::He);
        below = layer;
    }
    finish(backend, plan, below, pixels, labels)
}

/// A convolutional network of rectified units with kernels of 3 × 3.
#[derive(Clone, Copy, Debug)]
pub struct Convnet<'a> {
    /// Its name in tables and for the peer; one word.
    pub name: &'a str,
    /// Channels and side of its pictures.
    pub pictures: (usize, usize),
    /// Maps, side and pool of each layer.
    pub layers: &'a [(usize, usize, Pool)],
}

const HALVED: Pool = Pool::Max(Window::square(2, 2, 0));

/// 32 maps and 64 maps with the largest of 2 × 2 taken, and 64 maps with the mean of all.
pub const USUAL: Convnet<'_> = Convnet {
    name: "convnet",
    pictures: (3, 32),
    layers: &[(32, 32, HALVED), (64, 16, HALVED), (64, 8, Pool::GlobalAverage)],
};

/// The end of a deeper one, where maps are many and small.
pub const LATE: Convnet<'_> = Convnet {
    name: "late-maps",
    pictures: (64, 4),
    layers: &[(128, 4, HALVED), (256, 2, Pool::GlobalAverage)],
};

/// Build a convolutional network with a head of ten classes in an empty backend, which then knows the pictures.
///
/// # Panics
/// If the backend is not empty.
pub fn convnet(backend: &mut dyn Backend, shape: &Convnet<'_>, pixels: &[u8], labels: &[u8]) -> LayerId {
    let link = Link::convolution(Window::square(3, 1, 1));
    let (channels, side) = shape.pictures;
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let mut below = plan.layer(NewLayer::image(channels, Grid::new(side, side)));
    for &(maps, side, pool) in shape.layers {
        let new = NewLayer::hidden(format!("maps-{side}"), maps, Activation::Relu);
        let layer = plan.layer(NewLayer {
            pool,
            ..new.on(Grid::new(side, side))
        });
        plan.link(below, layer, link, Init::He);
        below = layer;
    }
    finish(backend, plan, below, pixels, labels)
}

/// Put a head on top, and build it.
fn finish(
    backend: &mut dyn Backend,
    mut plan: PlanBuilder,
    top: LayerId,
    pixels: &[u8],
    labels: &[u8],
) -> LayerId {
    let head = Head {
        task: None,
        classes: (0..10).collect(),
    };
    let head = plan.layer(NewLayer::head("head", 10, Activation::Identity, head));
    plan.connect(top, head, Init::FanIn);
    let (graph, receipt) = Graph::empty()
        .apply(&plan.finish(), Moment::default())
        .expect("a plan for the empty graph");
    backend.apply(&graph, &receipt).expect("a receipt of that graph");
    backend
        .load(&shown(pixels, labels))
        .expect("data can always be loaded");
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
            tally: Tally::None,
        }],
        penalties: Vec::new(),
        keep: None,
    }
}

/// The `n`-th batch, going round.
#[must_use]
pub fn batch(n: usize, size: usize) -> Rows {
    let row = |i: usize| ((n * size + i) % COUNT as usize) as u32;
    Rows::of(IMAGES, TaskId(0), (0..size).map(row).collect())
}

//! The cost of growth: a hidden layer widened one unit at a time, against the same units allocated at once, and one widening
//! against the same at half the width.
//!
//! `cargo bench -p dentate-benches --bench growth`. With optimizer moments in place: everything shaped like the parameters
//! grows along.

use criterion::Criterion;
use dentate_backends::Native;
use dentate_benches::{Contest, batch, classify, grey, measuring, shown};
use dentate_core::{
    Activation, Backend, Graph, Head, Init, LayerId, Moment, NewLayer, Optimizer, PlanBuilder, Route, Seed,
};
use std::time::Duration;

/// 784-1-10 after one step of Adam.
fn seedling(pixels: &[u8], labels: &[u8]) -> (Graph, Native, LayerId) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(784));
    let hidden = plan.layer(NewLayer::hidden("hidden", 1, Activation::Relu));
    let head = Head {
        task: None,
        classes: (0..10).collect(),
    };
    let head = plan.layer(NewLayer::head("head", 10, Activation::Identity, head));
    plan.connect(input, hidden, Init::He);
    plan.connect(hidden, head, Init::FanIn);
    let (graph, receipt) = Graph::empty()
        .apply(&plan.finish(), Moment::default())
        .expect("a plan for the empty graph");
    let mut native = Native::new();
    native.apply(&graph, &receipt).expect("a receipt of that graph");
    native.load(&shown(pixels, labels)).expect("data can be loaded");
    let (rows, route) = (batch(0, 16), Route::default());
    native
        .step(&rows, &route, &classify(head), &Optimizer::adam(1e-3))
        .expect("a good batch");
    (graph, native, hidden)
}

fn widen(graph: &mut Graph, native: &mut Native, layer: LayerId, by: usize) {
    let mut plan = PlanBuilder::new(graph, "widen", Seed(graph.next_unit().0));
    plan.widen(layer, by, Init::He, Init::Zero);
    let (after, receipt) = graph
        .apply(&plan.finish(), Moment::default())
        .expect("a layer can be widened");
    native.apply(&after, &receipt).expect("a receipt of that graph");
    *graph = after;
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let (pixels, labels) = grey(784, 5);
    let most = if measuring() { 4096 } else { 8 };

    let grow = |steps: usize, by: usize| {
        let (mut graph, mut native, layer) = seedling(&pixels, &labels);
        (0..steps).for_each(|_| widen(&mut graph, &mut native, layer, by));
        graph.parameter_count()
    };
    let mut contest = Contest::default();
    contest.here("at once", |_| {
        grow(1, most - 1);
    });
    contest.here("one by one", |_| {
        grow(most - 1, 1);
    });
    contest.here("sixteen at a time", |_| {
        grow(most / 16, 16);
    });
    contest.hold(&mut c, "widen 1 to 4096");
    contest.report("widen 1 to 4096");

    // One unit more at width n, on a copy that is dropped again.
    let widths = if measuring() {
        vec![512, 1024, 2048, 4096]
    } else {
        vec![8]
    };
    let mut grown: Vec<_> = widths
        .iter()
        .map(|&n| {
            let (mut graph, mut native, layer) = seedling(&pixels, &labels);
            widen(&mut graph, &mut native, layer, n - 1);
            (n, graph, native, layer)
        })
        .collect();
    let mut contest = Contest::default();
    for (n, graph, native, layer) in &mut grown {
        contest.here(&format!("at width {n}"), |_| widen(graph, native, *layer, 1));
    }
    contest.hold(&mut c, "one unit more");
    contest.report("one unit more, amortised");
    c.final_summary();
}

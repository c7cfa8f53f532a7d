//! The cost of arithmetic on slots ([`Backend::map`]), against a copy that moves as many bytes: a million entries, in matrices of
//! the usual shape and in narrow ones.
//!
//! `cargo bench -p dentate-benches --bench slots`.

use criterion::Criterion;
use dentate_backends::Native;
use dentate_benches::{Contest, measuring};
use dentate_core::{
    Activation, Backend, Expr, Graph, Head, Init, Moment, NewLayer, Over, PlanBuilder, Seed, Slot, SlotKind,
};
use std::hint::black_box;
use std::time::Duration;

const A: Slot = Slot::new(SlotKind::Statistic, 1);
const B: Slot = Slot::new(SlotKind::Importance, 1);
const OUT: Slot = Slot::new(SlotKind::Statistic, 2);

/// A head over an input of so many features, with two slots.
fn matrix(features: usize, units: usize) -> Native {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(features));
    let head = Head {
        task: None,
        classes: (0..units as u32).collect(),
    };
    let head = plan.layer(NewLayer::head("head", units, Activation::Identity, head));
    plan.connect(input, head, Init::FanIn);
    let (graph, receipt) = Graph::empty()
        .apply(&plan.finish(), Moment::default())
        .expect("a plan for the empty graph");
    let mut native = Native::new();
    native.apply(&graph, &receipt).expect("a receipt of that graph");
    native.map(A, &Expr::noise(1)).expect("a small expression");
    native.map(B, &Expr::noise(2).abs()).expect("a small expression");
    native
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let side = if measuring() { 1024 } else { 16 };
    let (a, b, w) = (|| Expr::slot(A), || Expr::slot(B), || Expr::slot(Slot::WEIGHT));
    // Each with the slots that it reads.
    let cases = [
        ("0.9 a + b", 0.9 * a() + b(), 2),
        ("|a| b - w", a().abs() * b() - w(), 3),
        ("a / (√b + ε)", a() / (b().sqrt() + 1e-8), 2),
        ("sigmoid a · b", a().sigmoid() * b(), 2),
        (
            "a clipped at the norm of all",
            a() / a().norm(Over::All).max(1.0),
            2,
        ),
        ("w + noise", w() + 0.01 * Expr::noise(3), 1),
    ];
    for (shape, features, units) in [("wide", side, side), ("narrow", side * side / 10, 10)] {
        for (name, expr, reads) in &cases {
            let mut native = matrix(features, units);
            let half = (reads + 1) * features * units / 2;
            let (from, mut to) = (vec![1.0f32; half], vec![0.0f32; half]);
            let mut contest = Contest::default();
            contest.here("a copy of as many bytes", |_| {
                black_box(&mut to).copy_from_slice(black_box(&from));
            });
            contest.here("the expression", |_| {
                native.map(OUT, expr).expect("a small expression");
            });
            let title = format!("{shape}: {name}");
            contest.hold(&mut c, &title);
            contest.report(&title);
        }
    }
    c.final_summary();
}

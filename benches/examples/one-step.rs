//! One training step, over and over, for a profiler to look at:
//!
//! `perf record -g cargo run --release -p dentate-benches --example one-step -- 784-256-256-10 64 adam 10000`
//!
//! Prints microseconds a step: the lower decile and the median.

use dentate_backends::Native;
use dentate_benches::{COUNT, batch, classify, handwritten, perceptron};
use dentate_core::{Backend, Optimizer, Route};
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [shape, size, optimizer, steps] = &arguments[..] else {
        eprintln!("usage: one-step <784-…-10> <batch> <adam|sgd> <steps>");
        std::process::exit(2);
    };
    let number = |text: &str| -> usize { text.parse().expect("a number") };
    let widths: Vec<usize> = shape.split('-').map(number).collect();
    let (size, steps) = (number(size), number(steps));
    let optimizer = match optimizer.as_str() {
        "adam" => Optimizer::adam(1e-4),
        _ => Optimizer::sgd(1e-3),
    };
    let (_, pixels, labels) = handwritten();
    let mut native = Native::new();
    let head = perceptron(&mut native, &widths[1..widths.len() - 1], &pixels, &labels);
    let (objective, route) = (classify(head), Route::default());
    let count = COUNT as usize / size;
    let batches: Vec<_> = (0..count).map(|n| batch(n, size)).collect();
    let mut times = Vec::with_capacity(steps);
    for n in 0..steps {
        let start = Instant::now();
        native
            .step(&batches[n % count], &route, &objective, &optimizer)
            .expect("a good batch");
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!("{:.2} {:.2}", times[steps / 10], times[steps / 2]);
}

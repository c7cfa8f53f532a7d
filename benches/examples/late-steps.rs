//! Measures whether steps stay fast as training goes on: a network on images without a pixel that is 0, until moments have died away.
//!
//! `cargo run --release -p dentate-benches --example late-steps -- 784-64-64-10 100000`
//!
//! For batches of 1, 16 and 64 it prints the median microseconds of a step early (the second two hundred), at the slowest two
//! hundred and late (the last), and the ratios of the latter two to the first. `benches/flush-to-zero` in front of the program
//! runs it with subnormal numbers flushed by the processor: what its figures are to be compared with.

use dentate_backends::Native;
use dentate_benches::{COUNT, batch, classify, grey, perceptron};
use dentate_core::{Backend, Optimizer, Route};
use std::time::Instant;

/// Steps of which a median is taken.
const WINDOW: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (shape, steps) = match &arguments[..] {
        [] => ("784-64-64-10", "100000"),
        [shape, steps] => (shape.as_str(), steps.as_str()),
        _ => {
            eprintln!("usage: late-steps [<784-…-10> <steps>]");
            std::process::exit(2);
        }
    };
    let number = |text: &str| -> usize { text.parse().expect("a number") };
    let widths: Vec<usize> = shape.split('-').map(number).collect();
    let steps = number(steps).max(3 * WINDOW);
    println!("batch   early  slowest     late   slowest/early  late/early");
    for size in [1, 16, 64] {
        let (early, slowest, late) = train(&widths[1..widths.len() - 1], size, steps);
        println!(
            "{size:5} {early:7.1} {slowest:8.1} {late:8.1} {:15.2} {:11.2}",
            slowest / early,
            late / early
        );
    }
}

/// Median microseconds of a step: in the second window, in the slowest of the later ones, and in the last.
fn train(hidden: &[usize], size: usize, steps: usize) -> (f64, f64, f64) {
    let (pixels, labels) = grey(784, 1);
    let mut native = Native::new();
    let head = perceptron(&mut native, hidden, &pixels, &labels);
    let (objective, route, optimizer) = (classify(head), Route::default(), Optimizer::adam(1e-3));
    // Few images, which are soon known by heart: what is left of their gradients dies away.
    let count = (COUNT as usize / 50).div_ceil(size);
    let batches: Vec<_> = (0..count).map(|n| batch(n, size)).collect();
    let mut medians = Vec::with_capacity(steps / WINDOW);
    let mut times = Vec::with_capacity(WINDOW);
    for n in 0..steps {
        let start = Instant::now();
        native
            .step(&batches[n % count], &route, &objective, &optimizer)
            .expect("a good batch");
        times.push(start.elapsed().as_secs_f64() * 1e6);
        if times.len() == WINDOW {
            times.sort_by(f64::total_cmp);
            medians.push(times[WINDOW / 2]);
            times.clear();
        }
    }
    let slowest = medians[2..].iter().copied().fold(0.0, f64::max);
    (medians[1], slowest, medians[medians.len() - 1])
}

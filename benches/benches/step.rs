//! A training step of the native backend, and the matrix product by itself: what share of its peak does a step reach?
//!
//! `cargo bench -p dentate-benches`. Times are the shortest of all samples, because the machine has other work.

use criterion::Criterion;
use dentate_backends::{MatrixProduct, Turned};
use dentate_benches::{batch, classify, images, perceptron};
use dentate_core::{Backend, Optimizer, Route};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Shortest seconds per iteration of each benchmark.
type Shortest = BTreeMap<String, f64>;

/// Time `run` by criterion, keeping the shortest sample.
fn time(c: &mut Criterion, shortest: &mut Shortest, name: &str, mut run: impl FnMut(u64)) {
    let mut best = f64::INFINITY;
    c.bench_function(name, |b| {
        b.iter_custom(|iterations| {
            let start = Instant::now();
            for i in 0..iterations {
                run(i);
            }
            let taken = start.elapsed();
            best = best.min(taken.as_secs_f64() / iterations.max(1) as f64);
            taken
        });
    });
    if best.is_finite() {
        shortest.insert(name.into(), best);
    }
}

fn step(
    c: &mut Criterion,
    shortest: &mut Shortest,
    name: &str,
    (hidden, one_in, size): (&[usize], u32, usize),
    optimizer: Optimizer,
) {
    let (mut native, head) = perceptron(hidden, &images(784, one_in));
    let objective = classify(head);
    let batches: Vec<_> = (0..64).map(|n| batch(n, size)).collect();
    let route = Route::default();
    time(c, shortest, name, |i| {
        let rows = &batches[i as usize % batches.len()];
        native
            .step(rows, &route, &objective, &optimizer)
            .expect("a good batch");
    });
    assert!(!native.drain().diverged, "{name} diverged");
}

/// The matrix products of one step of 784-256-256-10: all forward, all gradients, errors to the hidden layers.
fn products(size: usize) -> Vec<MatrixProduct> {
    let widths = [784, 256, 256, 10];
    let mut products = Vec::new();
    for (i, w) in widths.windows(2).enumerate() {
        products.push(MatrixProduct::new(size, w[0], w[1], Turned::Neither));
        products.push(MatrixProduct::new(w[0], size, w[1], Turned::Left));
        if i > 0 {
            products.push(MatrixProduct::new(size, w[1], w[0], Turned::Right));
        }
    }
    products
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut shortest = Shortest::new();
    let side = 1024;
    let mut square = MatrixProduct::new(side, side, side, Turned::Neither);
    time(&mut c, &mut shortest, "product 1024", |_| square.run());
    let mut own = products(64);
    time(&mut c, &mut shortest, "products of a step of 64", |_| {
        own.iter_mut().for_each(MatrixProduct::run)
    });
    let (small, usual): (&[usize], &[usize]) = (&[100, 100], &[256, 256]);
    let sgd = Optimizer::sgd(0.001);
    let adam = Optimizer::adam(0.0001);
    step(&mut c, &mut shortest, "784-100-100-10 sgd 1", (small, 5, 1), sgd);
    step(&mut c, &mut shortest, "784-256-256-10 sgd 1", (usual, 5, 1), sgd);
    step(
        &mut c,
        &mut shortest,
        "784-256-256-10 adam 1",
        (usual, 5, 1),
        adam,
    );
    step(
        &mut c,
        &mut shortest,
        "784-256-256-10 sgd 64",
        (usual, 5, 64),
        sgd,
    );
    step(
        &mut c,
        &mut shortest,
        "784-256-256-10 adam 64",
        (usual, 5, 64),
        adam,
    );
    step(
        &mut c,
        &mut shortest,
        "784-256-256-10 adam 64 dense",
        (usual, 1, 64),
        adam,
    );
    c.final_summary();
    let own_work: u64 = own.iter().map(MatrixProduct::multiply_adds).sum();
    report(&shortest, square.multiply_adds(), own_work);
}

/// Rates are in multiply-adds as if no input were 0, over those of the large square product.
fn report(shortest: &Shortest, peak_work: u64, own_work: u64) {
    let Some(peak) = shortest.get("product 1024").map(|t| peak_work as f64 / t) else {
        return;
    };
    println!("large square product: {:.1} Gflop/s", 2e-9 * peak);
    for (name, seconds) in shortest {
        let work = match name.trim_end_matches(" dense") {
            name if name.ends_with(" 64") => Some(own_work as f64),
            name if name.starts_with("784-256") => Some(own_work as f64 / 64.0),
            _ => None,
        };
        let share = work.map(|work| work / seconds / peak);
        let share = share.map_or_else(String::new, |s| format!("  {:5.1} % of the peak", 100.0 * s));
        println!("{name:32} {:9.1} µs{share}", 1e6 * seconds);
    }
}

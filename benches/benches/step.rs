//! A training step of the native backend, and the matrix product by itself: what share of its peak does a step reach?
//!
//! `cargo bench -p dentate-benches`. Times in the table at the end are lower deciles over single iterations: on a
//! machine that has other work, means say more about that work.

use criterion::Criterion;
use dentate_backends::{MatrixProduct, Turned};
use dentate_benches::{batch, classify, images, perceptron};
use dentate_core::{Backend, Optimizer, Route};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Seconds of an undisturbed iteration of each benchmark.
type Times = BTreeMap<String, f64>;

/// Time `run` by criterion, and keep the lower decile of its iterations.
fn time(c: &mut Criterion, times: &mut Times, name: &str, mut run: impl FnMut(u64)) {
    let mut each = Vec::new();
    c.bench_function(name, |b| {
        b.iter_custom(|iterations| {
            let mut whole = Duration::ZERO;
            for i in 0..iterations {
                let start = Instant::now();
                run(i);
                let taken = start.elapsed();
                whole += taken;
                each.push(taken.as_secs_f64());
            }
            whole
        });
    });
    each.sort_by(f64::total_cmp);
    // A single run, as the tests make it, says nothing.
    if each.len() >= 20 {
        times.insert(name.into(), each[each.len() / 10]);
    }
}

fn step(
    c: &mut Criterion,
    times: &mut Times,
    name: &str,
    (hidden, one_in, size): (&[usize], u32, usize),
    optimizer: Optimizer,
) {
    let (mut native, head) = perceptron(hidden, &images(784, one_in));
    let objective = classify(head);
    let batches: Vec<_> = (0..64).map(|n| batch(n, size)).collect();
    let route = Route::default();
    time(c, times, name, |i| {
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
    let mut times = Times::new();
    let side = 1024;
    let mut square = MatrixProduct::new(side, side, side, Turned::Neither);
    time(&mut c, &mut times, "product 1024", |_| square.run());
    let mut own = products(64);
    time(&mut c, &mut times, "products of a step of 64", |_| {
        own.iter_mut().for_each(MatrixProduct::run)
    });
    let (small, usual): (&[usize], &[usize]) = (&[100, 100], &[256, 256]);
    let sgd = Optimizer::sgd(0.001);
    let adam = Optimizer::adam(0.0001);
    step(&mut c, &mut times, "784-100-100-10 sgd 1", (small, 5, 1), sgd);
    step(&mut c, &mut times, "784-256-256-10 sgd 1", (usual, 5, 1), sgd);
    step(&mut c, &mut times, "784-256-256-10 adam 1", (usual, 5, 1), adam);
    step(&mut c, &mut times, "784-256-256-10 sgd 64", (usual, 5, 64), sgd);
    step(&mut c, &mut times, "784-256-256-10 adam 64", (usual, 5, 64), adam);
    step(
        &mut c,
        &mut times,
        "784-256-256-10 adam 64 dense",
        (usual, 1, 64),
        adam,
    );
    c.final_summary();
    let own_work: u64 = own.iter().map(MatrixProduct::multiply_adds).sum();
    report(&times, square.multiply_adds(), own_work);
}

/// Rates are in multiply-adds as if no input were 0, over those of the large square product.
fn report(times: &Times, peak_work: u64, own_work: u64) {
    let Some(peak) = times.get("product 1024").map(|t| peak_work as f64 / t) else {
        return;
    };
    println!("large square product: {:.1} Gflop/s", 2e-9 * peak);
    for (name, seconds) in times {
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

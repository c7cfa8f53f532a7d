//! A growing neural gas of 500 units in 784 dimensions: what a signal costs, beside a loop that copies the prototypes once.
//!
//! `cargo bench -p dentate-benches --bench maps`. A signal has to look at every prototype, so the time to pass over them is
//! what it could cost at least; distances that are given up early can make it less. Two kinds of data: blobs, where they
//! are, and even noise, where every unit is about as far as any other and hardly any is. The peer is `peers/gas.py`.

use criterion::Criterion;
use dentate_learners::maps::{Fitted, GrowingNeuralGas};
use ndarray::Array2;
use std::hint::black_box;
use std::time::{Duration, Instant};

const UNITS: usize = 500;
const FEATURES: usize = 784;
const ROWS: usize = 2000;

/// Numbers in [0, 1) by a linear congruence: what they are matters less than that the peer can draw alike.
fn noise(state: &mut u64) -> f32 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 40) as f32 / (1u64 << 24) as f32
}

/// Rows around `centres` points; even noise where there are none.
fn rows(centres: usize) -> Array2<f32> {
    let mut state = 1;
    let centre: Vec<f32> = (0..centres * FEATURES).map(|_| noise(&mut state)).collect();
    Array2::from_shape_fn((ROWS, FEATURES), |(i, j)| {
        let drawn = noise(&mut state);
        match i.checked_rem(centres) {
            None => drawn,
            Some(c) => centre[c * FEATURES + j] + 0.2 * (drawn - 0.5),
        }
    })
}

/// A gas that has grown to its full size.
fn grown(rows: &Array2<f32>) -> Fitted<GrowingNeuralGas> {
    let gas = GrowingNeuralGas::builder()
        .max_units(UNITS)
        .insert_every(4)
        .max_age(1000);
    gas.epochs(3).fit(rows.view()).expect("good rows")
}

/// Seconds a row, as the lower decile of passes over all.
fn time(c: &mut Criterion, name: &str, per: usize, mut run: impl FnMut()) -> f64 {
    let mut each = Vec::new();
    c.bench_function(name, |b| {
        b.iter_custom(|iterations| {
            let mut whole = Duration::ZERO;
            for _ in 0..iterations {
                let start = Instant::now();
                run();
                let taken = start.elapsed();
                whole += taken;
                each.push(taken.as_secs_f64() / per as f64);
            }
            whole
        });
    });
    each.sort_by(f64::total_cmp);
    each[each.len() / 10]
}

fn main() {
    let mut c = Criterion::default().sample_size(10).configure_from_args();
    let prototypes = vec![0.5f32; UNITS * FEATURES];
    let mut copy = vec![0.0f32; UNITS * FEATURES];
    let copying = time(&mut c, "maps/copy-of-the-prototypes", 100, || {
        for _ in 0..100 {
            copy.copy_from_slice(black_box(&prototypes));
            black_box(&mut copy);
        }
    });
    for (name, centres) in [("blobs", 50), ("noise", 0)] {
        let rows = rows(centres);
        let mut gas = grown(&rows);
        let signal = time(&mut c, &format!("maps/signal-{name}"), ROWS, || {
            gas.partial_fit(black_box(rows.view())).expect("good rows");
        });
        println!(
            "{name}: {} units, {:.1} µs a signal, {:.2} s for 10,000, {:.2} times a copy of the prototypes ({:.1} µs)",
            gas.len(),
            signal * 1e6,
            signal * 1e4,
            signal / copying,
            copying * 1e6,
        );
    }
    c.final_summary();
}

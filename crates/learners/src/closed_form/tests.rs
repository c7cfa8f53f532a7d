//! Read-outs against computations of another kind, and the laws of their statistics.

use super::readout::ReadOut;
use super::rule::Rule;
use super::*;
use dentate_core::Seed;
use ndarray::{Array2, Axis, array};
use rand::Rng;
use rand::seq::SliceRandom;

mod independent;
mod laws;

/// Rows of blobs that are correlated and far from the origin, with their labels.
fn blobs(seed: u64, rows: usize, features: usize, classes: u32) -> (Array2<f64>, Vec<u32>) {
    let mut random = Seed(seed).random();
    let mixing = Array2::from_shape_simple_fn((features, features), || random.random_range(-1.0..1.0));
    let centres =
        Array2::from_shape_simple_fn((classes as usize, features), || random.random_range(-2.0..2.0));
    // Labels with a gap, and not as many rows of each.
    let labels: Vec<u32> = (0..rows).map(|i| (i * i + i / 3) as u32 % classes * 2).collect();
    let noise = Array2::from_shape_simple_fn((rows, features), || random.random_range(-1.0..1.0));
    let mut all: Array2<f64> = noise.dot(&mixing) + 3.0;
    for (mut row, label) in all.rows_mut().into_iter().zip(&labels) {
        row += &centres.row(*label as usize / 2);
    }
    // Single precision, as data have.
    (all.mapv(|v| f64::from(v as f32)), labels)
}

/// The read-out of a rule that learned rows in batches that end at these rows.
fn learned<R: Rule>(rule: &R, rows: &Array2<f64>, labels: &[u32], ends: &[usize]) -> ReadOut {
    let mut statistics = R::Statistics::default();
    let mut from = 0;
    for &to in ends.iter().chain([&rows.nrows()]) {
        let places: Vec<usize> = (from..to).collect();
        rule.learn(&mut statistics, &rows.select(Axis(0), &places), &labels[from..to]);
        from = to;
    }
    assert!(R::fits(&statistics, rows.ncols()) && !R::fits(&statistics, rows.ncols() + 1));
    rule.readout(&mut statistics, rows.ncols()).unwrap()
}

/// Scores in double precision, less those of the first class: what all classes share has no meaning.
fn scores(readout: &ReadOut, rows: &Array2<f64>) -> Array2<f64> {
    let all = (rows - &readout.origin).dot(&readout.weights) + &readout.bias;
    let first = all.column(0).to_owned().insert_axis(Axis(1));
    all - first
}

/// The greatest difference, relative to the greatest entry.
fn apart(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    assert_eq!(a.dim(), b.dim());
    let most = b.iter().fold(1.0, |most: f64, v| most.max(v.abs()));
    a.iter()
        .zip(b)
        .fold(0.0, |far: f64, (a, b)| far.max((a - b).abs()))
        / most
}

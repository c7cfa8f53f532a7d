//! Plasticity: measures of hidden units on some rows that indicate how well a network can still learn.
//!
//! - dead: a unit whose output is the same on all rows; no error passes through a rectified one (Dohare et al. 2024, Nature 632,
//!   768-774, count those with output 0);
//! - dormant: a unit whose mean |output| is at most 0.025 of its layer's mean (Sokar et al. 2023, arXiv:2302.12902);
//! - effective rank exp(−Σ p ln p), p = σ / Σσ over the singular values of the outputs `[rows, units]` (Roy & Vetterli 2007),
//!   as a share of the units. It cannot exceed the number of rows;
//! - weight magnitude: mean |w| over the weights into a layer;
//! - deviation from isometry: ‖G − I‖²_F / n for a block of weights W, with G = WᵀW or W Wᵀ, whichever is smaller, and n its side. 0 for
//!   weights that keep lengths and angles, or orthonormal ones; after the penalty of AdamO (Rosseau et al. 2026, arXiv:2606.09762).

use crate::learner::Examined;
use crate::record::metric;
use crate::spectrum::effective_rank;
use ndarray::{ArrayView2, Axis};

/// The maximum share of its layer's mean at which a unit is dormant.
const DORMANT: f64 = 0.025;

/// The five measures of a layer, each under the name it is recorded by.
#[must_use]
pub fn of_layer(layer: &Examined) -> [(&'static str, f64); 5] {
    let outputs = layer.outputs.view();
    let units = outputs.ncols().max(1) as f64;
    [
        (metric::DEAD_UNITS, dead(outputs)),
        (metric::DORMANT_UNITS, dormant(outputs)),
        (metric::EFFECTIVE_RANK, effective_rank(outputs) / units),
        (metric::WEIGHT_MAGNITUDE, layer.weight),
        (metric::ISOMETRY, layer.isometry),
    ]
}

/// The deviation of a block of weights `[units, inputs]` from isometry on its shorter side, `‖G − I‖²_F / n`; 0 for an empty block. A
/// convolution's block has a column for each tap of each input channel.
#[must_use]
pub fn deviation(weights: ArrayView2<'_, f32>) -> f64 {
    let wide = weights.mapv(f64::from);
    let wide = if wide.nrows() > wide.ncols() {
        wide.reversed_axes()
    } else {
        wide
    };
    let side = wide.nrows();
    let mut gram = wide.dot(&wide.t());
    gram.diag_mut().mapv_inplace(|x| x - 1.0);
    let square: f64 = gram.iter().map(|x| x * x).sum();
    square / side.max(1) as f64
}

/// The share of columns whose entries are all the same.
fn dead(outputs: ArrayView2<'_, f32>) -> f64 {
    let same = |column: &ndarray::ArrayView1<'_, f32>| column.iter().all(|x| *x == column[0]);
    let count = outputs.columns().into_iter().filter(same).count();
    count as f64 / outputs.ncols().max(1) as f64
}

/// The share of columns whose mean magnitude is small for the layer.
fn dormant(outputs: ArrayView2<'_, f32>) -> f64 {
    let Some(means) = outputs.mapv(|x| f64::from(x.abs())).mean_axis(Axis(0)) else {
        return 0.0;
    };
    let floor = DORMANT * means.mean().unwrap_or(0.0);
    means.iter().filter(|m| **m <= floor).count() as f64 / means.len().max(1) as f64
}

#[cfg(test)]
mod tests;

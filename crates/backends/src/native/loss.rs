//! Losses of one row, for outputs z, targets t and the units that are active (others see no loss and no gradient):
//!
//! - cross-entropy: `−log softmax(z)_label`, gradient `softmax(z) − onehot(label)`; with values t for targets
//!   `−Σ t_i log softmax(z)_i`, gradient `softmax(z) Σ t − t`;
//! - mean squared: `Σ (z_i − t_i)² / n`, gradient `2 (z − t) / n`;
//! - distillation (Hinton, Vinyals & Dean 2015, arXiv:1503.02531): `−T² Σ softmax(t/T)_i log softmax(z/T)_i`, gradient
//!   `T (softmax(z/T) − softmax(t/T))`.
//!
//! Probabilities and gradients below the smallest normal number are 0.

use super::settle::{exp, settled};
use dentate_core::Loss;

/// The target of one row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim<'a> {
    /// The position of the correct unit among the active ones.
    Label(usize),
    /// A value for each active unit.
    Values(&'a [f32]),
}

/// The loss of one row; its gradient goes to `gradient`, and `softened` is a buffer.
pub(super) fn row_loss(
    loss: Loss,
    z: &[f32],
    aim: Aim<'_>,
    gradient: &mut Vec<f32>,
    softened: &mut Vec<f32>,
) -> f64 {
    let value = match loss {
        Loss::CrossEntropy => cross_entropy(z, aim, gradient),
        Loss::MeanSquared => mean_squared(z, aim, gradient),
        Loss::Distillation { temperature } => distillation(temperature, z, aim, gradient, softened),
    };
    gradient.iter_mut().for_each(|g| *g = settled(*g));
    value
}

fn cross_entropy(z: &[f32], aim: Aim<'_>, gradient: &mut Vec<f32>) -> f64 {
    let log_sum = softmax(z, 1.0, gradient);
    match aim {
        Aim::Label(right) => {
            gradient[right] -= 1.0;
            log_sum - f64::from(z[right])
        }
        Aim::Values(t) => {
            let mass: f32 = t.iter().sum();
            let mut loss = 0.0;
            for ((g, &z), &t) in gradient.iter_mut().zip(z).zip(t) {
                *g = *g * mass - t;
                loss += f64::from(t) * (log_sum - f64::from(z));
            }
            loss
        }
    }
}

fn mean_squared(z: &[f32], aim: Aim<'_>, gradient: &mut Vec<f32>) -> f64 {
    let target = |i: usize| match aim {
        Aim::Label(right) => f32::from(u8::from(i == right)),
        Aim::Values(t) => t[i],
    };
    let n = z.len() as f32;
    gradient.clear();
    let mut sum = 0.0;
    for (i, &z) in z.iter().enumerate() {
        let off = z - target(i);
        gradient.push(2.0 * off / n);
        sum += f64::from(off) * f64::from(off);
    }
    sum / f64::from(n)
}

fn distillation(
    temperature: f32,
    z: &[f32],
    aim: Aim<'_>,
    gradient: &mut Vec<f32>,
    wanted: &mut Vec<f32>,
) -> f64 {
    let Aim::Values(t) = aim else { return f64::NAN };
    let log_sum = softmax(z, temperature, gradient);
    softmax(t, temperature, wanted);
    let mut loss = 0.0;
    for ((g, &z), &p) in gradient.iter_mut().zip(z).zip(&*wanted) {
        *g = temperature * (*g - p);
        loss += f64::from(p) * (log_sum - f64::from(z / temperature));
    }
    loss * f64::from(temperature) * f64::from(temperature)
}

/// `softmax(z / T)` into `out`; returns `log Σ exp(z / T)`. The largest is subtracted first, so nothing overflows.
fn softmax(z: &[f32], temperature: f32, out: &mut Vec<f32>) -> f64 {
    out.clear();
    out.extend(z.iter().map(|z| z / temperature));
    let top = out.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0f64;
    for p in out.iter_mut() {
        *p = exp(*p - top);
        sum += f64::from(*p);
    }
    for p in out.iter_mut() {
        *p = settled((f64::from(*p) / sum) as f32);
    }
    sum.ln() + f64::from(top)
}

#[cfg(test)]
mod tests;

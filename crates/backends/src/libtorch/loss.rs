//! Losses of a batch, for outputs z `[rows, units]` that are active and targets t:
//!
//! - cross-entropy: `−log softmax(z)_label`, gradient `softmax(z) − onehot(label)`; with values t for targets
//!   `−Σ t_i log softmax(z)_i`, gradient `softmax(z) Σ t − t`;
//! - mean squared: `Σ (z_i − t_i)² / n`, gradient `2 (z − t) / n`;
//! - distillation (Hinton, Vinyals & Dean 2015, arXiv:1503.02531): `−T² Σ softmax(t/T)_i log softmax(z/T)_i`, gradient
//!   `T (softmax(z/T) − softmax(t/T))`.

use super::tensors::settled;
use dentate_core::Loss;
use tch::{Kind, Tensor};

/// The targets of a batch.
#[derive(Debug)]
pub(super) enum Aim {
    /// The position of the correct unit among the active ones, `[rows, 1]`.
    Labels(Tensor),
    /// A value for each active unit.
    Values(Tensor),
}

/// The sum of the rows' losses, in double precision, and the gradient of each row's loss by z, 0 where it would be subnormal.
pub(super) fn losses(loss: Loss, z: &Tensor, aim: &Aim) -> (Tensor, Tensor) {
    let (value, gradient) = raw(loss, z, aim);
    (value, settled(&gradient))
}

fn raw(loss: Loss, z: &Tensor, aim: &Aim) -> (Tensor, Tensor) {
    match (loss, aim) {
        (Loss::CrossEntropy, Aim::Labels(labels)) => {
            let mut gradient = z.softmax(-1, Kind::Float);
            let one = Tensor::full(labels.size(), -1.0, (Kind::Float, z.device()));
            let _ = gradient.scatter_add_(1, labels, &one);
            let right = z.log_softmax(-1, Kind::Float).gather(1, labels, false);
            (right.sum(Kind::Double).neg(), gradient)
        }
        (Loss::CrossEntropy, Aim::Values(t)) => {
            let mass = t.sum_dim_intlist([-1i64].as_slice(), true, Kind::Float);
            let gradient = z.softmax(-1, Kind::Float) * mass - t;
            let value = (t * z.log_softmax(-1, Kind::Float)).sum(Kind::Double).neg();
            (value, gradient)
        }
        (Loss::MeanSquared, aim) => {
            let off = match aim {
                Aim::Values(t) => z - t,
                Aim::Labels(labels) => {
                    let one = Tensor::full(labels.size(), -1.0, (Kind::Float, z.device()));
                    z.scatter_add(1, labels, &one)
                }
            };
            let n = z.size()[1] as f64;
            let value = off.square().sum(Kind::Double) / n;
            (value, off * (2.0 / n))
        }
        // Labels for a distillation were refused before.
        (Loss::Distillation { temperature }, Aim::Labels(t) | Aim::Values(t)) => {
            let temperature = f64::from(temperature);
            let z = z / temperature;
            let wanted = (t / temperature).softmax(-1, Kind::Float);
            let value = (&wanted * z.log_softmax(-1, Kind::Float)).sum(Kind::Double);
            let gradient = (z.softmax(-1, Kind::Float) - wanted) * temperature;
            (value * (-temperature * temperature), gradient)
        }
    }
}

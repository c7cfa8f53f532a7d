//! The read-out: linear discriminant analysis on the codes, from the stored statistics.
//!
//! A class's score is `−½ (z − μ_c)ᵀ Σ⁻¹ (z − μ_c)`, with Σ the mean of the classes' covariances and a ridge of `jitter`
//! times its mean variance: the log-density of a normal distribution up to terms shared by all classes (Fisher 1936). With
//! `Σ = C Cᵀ` this is `−½ ‖C⁻¹z − C⁻¹μ_c‖²`.

use super::class_stats::ClassStats;
use dentate_core::linear_algebra::{cholesky, whiten};
use ndarray::Array2;

/// Precomputed quantities for the scores, for given statistics.
#[derive(Clone, Debug)]
pub(super) struct ReadOut {
    width: usize,
    factor: Vec<f64>,
    /// C⁻¹μ of each concept.
    means: Vec<Vec<f64>>,
}

impl ReadOut {
    /// Builds the read-out for these concepts, whose statistics have the same width; `None` without any.
    pub(super) fn new(concepts: &[ClassStats], jitter: f64) -> Option<Self> {
        let width = concepts.first()?.mean.ncols();
        let mut pooled = vec![0.0; width * width];
        for concept in concepts {
            let factor = concept.factor.mapv(f64::from);
            let covariance = factor.dot(&factor.t());
            for (sum, value) in pooled.iter_mut().zip(&covariance) {
                *sum += value / concepts.len() as f64;
            }
        }
        let mean = (0..width).map(|i| pooled[i * width + i]).sum::<f64>() / width.max(1) as f64;
        // Without any variance distances are Euclidean.
        let ridge = if mean > 0.0 { jitter * mean } else { 1.0 };
        for i in 0..width {
            pooled[i * width + i] += ridge;
        }
        let factor = cholesky(&pooled, width)?;
        let means = concepts.iter().map(|concept| {
            let mut mean: Vec<f64> = concept.mean.iter().map(|&v| f64::from(v)).collect();
            whiten(&factor, width, &mut mean);
            mean
        });
        let means = means.collect();
        Some(Self { width, factor, means })
    }

    /// The score of each concept for each row of codes. Codes may have more units than the statistics: while a class is
    /// being learned, the new units are ignored.
    pub(super) fn scores(&self, codes: &Array2<f32>) -> Array2<f32> {
        let mut scores = Array2::zeros((codes.nrows(), self.means.len()));
        for (code, mut scores) in codes.rows().into_iter().zip(scores.rows_mut()) {
            let mut code: Vec<f64> = code.iter().take(self.width).map(|&v| f64::from(v)).collect();
            whiten(&self.factor, self.width, &mut code);
            for (score, mean) in scores.iter_mut().zip(&self.means) {
                let apart = code.iter().zip(mean).map(|(z, m)| (z - m) * (z - m));
                *score = (-0.5 * apart.sum::<f64>()) as f32;
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests;

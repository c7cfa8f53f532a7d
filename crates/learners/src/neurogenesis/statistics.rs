//! Means and covariances of codes.
//!
//! Batches are combined by the update of Chan, Golub & LeVeque (1979): with means m, scatters S and counts n, `S ← S_a +
//! S_b + (m_b − m_a)(m_b − m_a)ᵀ n_a n_b / (n_a + n_b)`. A covariance is S / n.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Count, mean and scatter of rows seen so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Moments {
    count: u64,
    mean: Vec<f64>,
    /// The scatter matrix, row-major `[width, width]`.
    scatter: Vec<f64>,
}

impl Moments {
    /// Number of rows seen.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds rows.
    pub(super) fn add(&mut self, rows: &Array2<f32>) {
        let (n, width) = rows.dim();
        if n == 0 {
            return;
        }
        let rows = rows.mapv(f64::from);
        let mean: Vec<f64> = rows.columns().into_iter().map(|c| c.sum() / n as f64).collect();
        let off = Array2::from_shape_fn((n, width), |(i, j)| rows[(i, j)] - mean[j]);
        let scatter = off.t().dot(&off);
        if self.count == 0 {
            self.mean = vec![0.0; width];
            self.scatter = vec![0.0; width * width];
        }
        let (a, b) = (self.count as f64, n as f64);
        let apart: Vec<f64> = mean.iter().zip(&self.mean).map(|(new, old)| new - old).collect();
        for i in 0..width {
            for j in 0..width {
                let between = apart[i] * apart[j] * a * b / (a + b);
                self.scatter[i * width + j] += scatter[(i, j)] + between;
            }
            self.mean[i] += apart[i] * b / (a + b);
        }
        self.count += n as u64;
    }

    /// The mean of all rows.
    pub(super) fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The covariance of all rows, row-major.
    pub(super) fn covariance(&self) -> Vec<f64> {
        let n = self.count.max(1) as f64;
        self.scatter.iter().map(|s| s / n).collect()
    }
}

#[cfg(test)]
mod tests;

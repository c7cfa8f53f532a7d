//! Sums of products of pairs of features over rows, in double precision.

use dentate_core::linear_algebra::factor;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, s};
use serde::{Deserialize, Serialize};

/// Columns whose products are added at a time: what lies above the diagonal is left out by as much.
const BLOCK: usize = 128;

/// Added to the diagonal of a matrix that rounding has left without a Cholesky factor, × its mean.
const JITTER: f64 = 1e-12;

/// The lower triangle of `Σ z zᵀ` over rows z, `[features, features]`; empty before the first row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gram {
    sums: Array2<f64>,
}

impl Gram {
    /// The number of its entries.
    pub(crate) fn numbers(&self) -> usize {
        self.sums.len()
    }

    /// Adds rows `[rows, features]`.
    pub(crate) fn add(&mut self, rows: &Array2<f64>) {
        let features = rows.ncols();
        if self.sums.is_empty() {
            self.sums = Array2::zeros((features, features));
        }
        for from in (0..features).step_by(BLOCK) {
            let to = (from + BLOCK).min(features);
            let (below, block) = (rows.slice(s![.., from..]), rows.slice(s![.., from..to]));
            let mut sums = self.sums.slice_mut(s![from.., from..to]);
            general_mat_mul(1.0, &below.t(), &block, 1.0, &mut sums);
        }
    }

    /// Adds the sums over other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.sums.is_empty() {
            self.sums.clone_from(&other.sums);
        } else if !other.sums.is_empty() {
            self.sums += &other.sums;
        }
    }

    /// The whole matrix.
    pub(crate) fn whole(&self) -> Array2<f64> {
        let sums = &self.sums;
        Array2::from_shape_fn(sums.dim(), |(i, j)| sums[(i.max(j), i.min(j))])
    }

    /// Returns whether it is of so many features, or empty.
    pub(crate) fn fits(&self, features: usize) -> bool {
        self.sums.is_empty() || self.sums.dim() == (features, features)
    }

    /// The Cholesky factor of `scale · G + ridge · I`; where rounding leaves it none, of one with more on the diagonal. `None` if it
    /// is not finite.
    pub(crate) fn factor(&self, scale: f64, ridge: f64) -> Option<Vec<f64>> {
        let features = self.sums.nrows();
        let mut matrix = &self.sums * scale;
        matrix.diag_mut().mapv_inplace(|v| v + ridge);
        factor(matrix.as_slice()?, features, JITTER)
    }
}

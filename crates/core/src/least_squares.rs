//! Regularised least squares for growth decisions, in double precision.

use crate::linear_algebra::{factor, solve};
use ndarray::{Array2, ArrayView2};

/// Added to a diagonal that has no factor, relative to its mean.
const JITTER: f64 = 1e-12;

/// The coefficients C that minimise `‖X C − Y‖² + λ ‖C‖²`, λ being `ridge` times the mean of the diagonal of XᵀX (Hoerl & Kennard
/// 1970), for X `[rows, inputs]` and Y `[rows, outputs]`. With a ridge that is small but not 0 this is the solution of least norm up to
/// the ridge where X does not determine one. It costs about `rows · inputs · min(rows, inputs)` multiply-adds and a Cholesky
/// factorisation of the smaller side.
///
/// Zeros if X has no rows or is 0; values that are not finite give some that are not.
#[must_use]
pub fn least_squares(x: &Array2<f64>, y: &Array2<f64>, ridge: f64) -> Array2<f64> {
    let (rows, inputs) = x.dim();
    let size = x.iter().map(|v| v * v).sum::<f64>() / inputs.max(1) as f64;
    if size == 0.0 {
        return Array2::zeros((inputs, y.ncols()));
    }
    // Rounding makes a singular matrix indefinite by about its size times ε.
    let lambda = size * ridge.max(1e-12);
    if rows < inputs {
        let mut gram = x.dot(&x.t());
        gram.diag_mut().mapv_inplace(|v| v + lambda);
        x.t().dot(&solve_positive(&gram, y.view()))
    } else {
        let mut gram = x.t().dot(x);
        gram.diag_mut().mapv_inplace(|v| v + lambda);
        solve_positive(&gram, x.t().dot(y).view())
    }
}

/// Solves A Z = B for a symmetric positive definite A, of which the lower half is read. Where rounding leaves A without a Cholesky factor, that of one
/// with more on the diagonal is taken. NaN if A is not finite.
#[must_use]
pub fn solve_positive(a: &Array2<f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    let width = a.nrows();
    let matrix = a.as_standard_layout();
    let found = matrix.as_slice().and_then(|a| factor(a, width, JITTER));
    found.map_or_else(|| Array2::from_elem(b.dim(), f64::NAN), |c| solve(&c, width, b))
}

#[cfg(test)]
mod tests;

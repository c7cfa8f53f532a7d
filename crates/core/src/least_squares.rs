//! Regularised least squares for growth decisions, in double precision.

use ndarray::{Array2, Axis};

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
        x.t().dot(&solve_positive(gram, y.clone()))
    } else {
        let mut gram = x.t().dot(x);
        gram.diag_mut().mapv_inplace(|v| v + lambda);
        solve_positive(gram, x.t().dot(y))
    }
}

/// Solves A Z = B for a symmetric positive definite A, of which the lower half is read, by Cholesky factorisation (Golub & Van Loan, *Matrix Computations*, §4.2).
#[must_use]
pub fn solve_positive(mut a: Array2<f64>, mut b: Array2<f64>) -> Array2<f64> {
    let n = a.nrows();
    for i in 0..n {
        for j in 0..=i {
            let (row, other) = (a.row(i), a.row(j));
            let sum = dot(
                &row.as_slice().unwrap_or(&[])[..j],
                &other.as_slice().unwrap_or(&[])[..j],
            );
            let left = a[(i, j)] - sum;
            a[(i, j)] = if i == j {
                left.max(f64::MIN_POSITIVE).sqrt()
            } else {
                left / a[(j, j)]
            };
        }
    }
    // Row by row, for all columns of B together.
    for i in 0..n {
        let (solved, mut rest) = b.view_mut().split_at(Axis(0), i);
        let mut row = rest.row_mut(0);
        for (k, above) in solved.rows().into_iter().enumerate() {
            row.scaled_add(-a[(i, k)], &above);
        }
        row /= a[(i, i)];
    }
    for i in (0..n).rev() {
        let (mut rest, mut solved) = b.view_mut().split_at(Axis(0), i);
        let mut row = solved.row_mut(0);
        row /= a[(i, i)];
        for (k, mut above) in rest.rows_mut().into_iter().enumerate() {
            above.scaled_add(-a[(i, k)], &row);
        }
    }
    b
}

/// The inner product, in eight sums so that it is computed in vectors.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (left, right) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = left
        .remainder()
        .iter()
        .zip(right.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in left.zip(right) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    rest + sums.iter().sum::<f64>()
}

#[cfg(test)]
mod tests;

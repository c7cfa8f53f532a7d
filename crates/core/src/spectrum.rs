//! Linear algebra for growth decisions and metrics, on plain arrays, in double precision.
//!
//! Decisions are rare and matrices small (units of a layer), so the methods are the simplest that are stable: cyclic Jacobi
//! rotations for all eigenvalues of a symmetric matrix (Golub & Van Loan, *Matrix Computations*, §8.5), and orthogonal
//! iteration for its first few eigenvectors (§8.2.4).

use crate::seed::Seed;
use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng;

/// The number of sweeps, after which any matrix of doubles has converged.
const SWEEPS: usize = 30;

/// Singular values, largest first: the roots of the eigenvalues of the smaller of AᵀA and AAᵀ.
#[must_use]
pub fn singular_values(matrix: ArrayView2<'_, f32>) -> Vec<f64> {
    let wide = matrix.ncols() > matrix.nrows();
    let matrix = matrix.mapv(f64::from);
    let gram = if wide {
        matrix.dot(&matrix.t())
    } else {
        matrix.t().dot(&matrix)
    };
    let mut values: Vec<f64> = eigenvalues(gram).into_iter().map(|v| v.max(0.0).sqrt()).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Eigenvalues of a symmetric matrix, in arbitrary order.
fn eigenvalues(mut a: Array2<f64>) -> Vec<f64> {
    let n = a.nrows();
    let size = a.iter().map(|v| v * v).sum::<f64>();
    for _ in 0..SWEEPS {
        let off: f64 = a
            .indexed_iter()
            .filter(|((i, j), _)| i != j)
            .map(|(_, v)| v * v)
            .sum();
        if off <= 1e-24 * size || !off.is_finite() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, p, q);
            }
        }
    }
    a.diag().to_vec()
}

/// Makes the entry (p, q) zero by a rotation in that plane.
fn rotate(a: &mut Array2<f64>, p: usize, q: usize) {
    let apq = a[(p, q)];
    if apq == 0.0 {
        return;
    }
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..a.nrows() {
        let (kp, kq) = (a[(k, p)], a[(k, q)]);
        a[(k, p)] = c * kp - s * kq;
        a[(k, q)] = s * kp + c * kq;
    }
    for k in 0..a.nrows() {
        let (pk, qk) = (a[(p, k)], a[(q, k)]);
        a[(p, k)] = c * pk - s * qk;
        a[(q, k)] = s * pk + c * qk;
    }
}

/// The effective rank exp(−Σ p ln p), p = σ / Σσ (Roy & Vetterli 2007); 0 for a matrix of zeros.
#[must_use]
pub fn effective_rank(matrix: ArrayView2<'_, f32>) -> f64 {
    let values = singular_values(matrix);
    let sum: f64 = values.iter().sum();
    if !(sum > 0.0 && sum.is_finite()) {
        return 0.0;
    }
    let entropy = values
        .iter()
        .map(|v| v / sum)
        .filter(|p| *p > 0.0)
        .map(|p| -p * p.ln());
    entropy.sum::<f64>().exp()
}

/// The number of singular values of the outputs `[rows, units]` over √rows that lie above `floor` (Maile et al. 2022).
#[must_use]
pub fn rank_above(outputs: ArrayView2<'_, f32>, floor: f64) -> usize {
    let root = (outputs.nrows().max(1) as f64).sqrt();
    singular_values(outputs)
        .iter()
        .filter(|v| **v / root > floor)
        .count()
}

/// The first `k` left singular vectors of a matrix, as columns, by orthogonal iteration from a random start. There are at most
/// as many as the matrix has rows; beyond its rank, they are arbitrary unit vectors orthogonal to the others.
#[must_use]
pub fn left_singular_vectors(matrix: ArrayView2<'_, f32>, k: usize, seed: Seed) -> Array2<f64> {
    let matrix = matrix.mapv(f64::from);
    let (n, k) = (matrix.nrows(), k.min(matrix.nrows()));
    let mut random = seed.random();
    let mut vectors = Array2::from_shape_simple_fn((n, k), || random.random::<f64>() - 0.5);
    orthonormalise(&mut vectors);
    for _ in 0..100 {
        let pulled = matrix.t().dot(&vectors);
        let mut next = matrix.dot(&pulled);
        // A direction in the null space of the matrix is unchanged.
        for (mut column, old) in next.axis_iter_mut(Axis(1)).zip(vectors.axis_iter(Axis(1))) {
            if column.iter().all(|v| v.abs() < f64::MIN_POSITIVE) || column.iter().any(|v| !v.is_finite()) {
                column.assign(&old);
            }
        }
        orthonormalise(&mut next);
        vectors = next;
    }
    vectors
}

/// Orthonormalises the columns by Gram–Schmidt, twice for each. A column in the span of those before it is replaced by a
/// coordinate direction outside it.
pub fn orthonormalise(vectors: &mut Array2<f64>) {
    let (n, k) = vectors.dim();
    for j in 0..k {
        let mut spare = 0;
        loop {
            for _ in 0..2 {
                for i in 0..j {
                    let along = vectors.column(i).dot(&vectors.column(j));
                    let step = vectors.column(i).mapv(|v| v * along);
                    let mut column = vectors.column_mut(j);
                    column -= &step;
                }
            }
            let norm = vectors.column(j).dot(&vectors.column(j)).sqrt();
            if norm > 1e-12 || spare == n {
                vectors
                    .column_mut(j)
                    .mapv_inplace(|v| v / norm.max(f64::MIN_POSITIVE));
                break;
            }
            vectors.column_mut(j).fill(0.0);
            vectors[(spare, j)] = 1.0;
            spare += 1;
        }
    }
}

#[cfg(test)]
mod tests;

//! Linear algebra for growth decisions and metrics, on plain arrays, in double precision.
//!
//! Decisions are rare and matrices small (units of a layer), so the methods are the simplest that are stable: cyclic Jacobi
//! rotations for all eigenvalues of a symmetric matrix (Golub & Van Loan, *Matrix Computations*, §8.5), a tridiagonal form where they
//! are only counted, and orthogonal iteration for its first few eigenvectors (§8.2.4).

use crate::seed::Seed;
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::Rng;

/// The number of sweeps, after which any matrix of doubles has converged.
const SWEEPS: usize = 30;

/// Singular values, largest first: the roots of the eigenvalues of the smaller of AᵀA and AAᵀ.
#[must_use]
pub fn singular_values(matrix: ArrayView2<'_, f32>) -> Vec<f64> {
    let mut values: Vec<f64> = eigenvalues(gram(matrix))
        .into_iter()
        .map(|v| v.max(0.0).sqrt())
        .collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Eigenvalues of a symmetric matrix, in arbitrary order.
fn eigenvalues(a: Array2<f64>) -> Vec<f64> {
    rotated(a, None).diag().to_vec()
}

/// Eigenvalues of a symmetric matrix, in arbitrary order, and their eigenvectors as columns.
fn eigenpairs(a: Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let mut vectors = Array2::eye(a.nrows());
    let diagonal = rotated(a, Some(&mut vectors));
    (diagonal.diag().to_vec(), vectors)
}

/// A symmetric matrix made diagonal by rotations, which the columns of `vectors` follow.
fn rotated(mut a: Array2<f64>, mut vectors: Option<&mut Array2<f64>>) -> Array2<f64> {
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
                rotate(&mut a, vectors.as_deref_mut(), p, q);
            }
        }
    }
    a
}

/// Makes the entry (p, q) zero by a rotation in that plane.
fn rotate(a: &mut Array2<f64>, vectors: Option<&mut Array2<f64>>, p: usize, q: usize) {
    let apq = a[(p, q)];
    if apq == 0.0 {
        return;
    }
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    turn_columns(a, (p, q), (c, s));
    for k in 0..a.nrows() {
        let (pk, qk) = (a[(p, k)], a[(q, k)]);
        a[(p, k)] = c * pk - s * qk;
        a[(q, k)] = s * pk + c * qk;
    }
    if let Some(vectors) = vectors {
        turn_columns(vectors, (p, q), (c, s));
    }
}

/// Rotates two columns.
fn turn_columns(a: &mut Array2<f64>, (p, q): (usize, usize), (c, s): (f64, f64)) {
    for k in 0..a.nrows() {
        let (kp, kq) = (a[(k, p)], a[(k, q)]);
        a[(k, p)] = c * kp - s * kq;
        a[(k, q)] = s * kp + c * kq;
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
///
/// None of them is computed: those of AᵀA above a bound are counted (Sylvester's law of inertia) in the tridiagonal form that Householder
/// reflections give it (Golub & Van Loan, §8.3 and §8.4), which costs about 4/3 · units³ multiply-adds.
#[must_use]
pub fn rank_above(outputs: ArrayView2<'_, f32>, floor: f64) -> usize {
    let rows = outputs.nrows().max(1) as f64;
    let (diagonal, beside) = tridiagonal(gram(outputs));
    let bound = floor * floor * rows;
    let size = diagonal
        .iter()
        .chain(&beside)
        .fold(0.0f64, |most, v| most.max(v.abs()));
    let mut above = 0;
    let mut pivot = 1.0;
    for (i, d) in diagonal.iter().enumerate() {
        let left = if i == 0 {
            0.0
        } else {
            beside[i - 1] * beside[i - 1] / pivot
        };
        pivot = d - bound - left;
        if pivot == 0.0 {
            // An eigenvalue of the bound itself is not above it.
            pivot = -f64::EPSILON * (size + bound).max(f64::MIN_POSITIVE);
        }
        above += usize::from(pivot > 0.0);
    }
    above
}

/// The smaller of AᵀA and AAᵀ.
fn gram(matrix: ArrayView2<'_, f32>) -> Array2<f64> {
    let matrix = matrix.mapv(f64::from);
    if matrix.ncols() > matrix.nrows() {
        matrix.dot(&matrix.t())
    } else {
        matrix.t().dot(&matrix)
    }
}

/// The diagonal of a symmetric matrix in tridiagonal form, and the entries beside it.
fn tridiagonal(mut a: Array2<f64>) -> (Vec<f64>, Vec<f64>) {
    let n = a.nrows();
    let mut beside = Vec::with_capacity(n);
    for k in 0..n.saturating_sub(1) {
        let mut v = a.slice(s![k + 1.., k]).to_owned();
        let size = v.dot(&v).sqrt();
        let target = if v[0] > 0.0 { -size } else { size };
        beside.push(target);
        v[0] -= target;
        let square = v.dot(&v);
        if square == 0.0 || k + 2 == n {
            beside[k] = a[(k + 1, k)];
            continue;
        }
        // A ← H A H with H = 1 − 2 v vᵀ / vᵀv, as a change of rank two.
        let mut rest = a.slice_mut(s![k + 1.., k + 1..]);
        let p = rest.dot(&v) * (2.0 / square);
        let w = &p - &(&v * (p.dot(&v) / square));
        for (i, mut row) in rest.rows_mut().into_iter().enumerate() {
            row.scaled_add(-v[i], &w);
            row.scaled_add(-w[i], &v);
        }
    }
    (a.diag().to_vec(), beside)
}

/// The first `k` left singular vectors of a matrix, as columns, by orthogonal iteration from a random start. There are at most
/// as many as the matrix has rows; beyond its rank, they are arbitrary unit vectors orthogonal to the others.
#[must_use]
pub fn left_singular_vectors(matrix: ArrayView2<'_, f32>, k: usize, seed: Seed) -> Array2<f64> {
    leading(&matrix.mapv(f64::from), k, seed)
}

/// The same in double precision. For a symmetric positive semidefinite matrix these are eigenvectors, those of the largest
/// eigenvalues first.
#[must_use]
pub fn leading(matrix: &Array2<f64>, k: usize, seed: Seed) -> Array2<f64> {
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

/// The smallest eigenvalue of a symmetric matrix, given by its product with a vector, and a unit eigenvector: by Lanczos iteration with
/// full orthogonalisation (Golub & Van Loan, §10.1), exact once the Krylov space of `start` is used up. 0 for the zero matrix.
#[must_use]
pub fn smallest_eigenpair(
    times: impl Fn(&Array1<f64>) -> Array1<f64>,
    start: Array1<f64>,
    steps: usize,
) -> (f64, Array1<f64>) {
    let norm = |v: &Array1<f64>| v.dot(v).sqrt();
    let (mut basis, mut products) = (Vec::new(), Vec::new());
    let size = norm(&start).max(f64::MIN_POSITIVE);
    let mut next = start / size;
    for _ in 0..steps {
        let product = times(&next);
        let whole = norm(&product);
        basis.push(next);
        next = product.clone();
        products.push(product);
        for _ in 0..2 {
            for vector in &basis {
                let along = next.dot(vector);
                next.scaled_add(-along, vector);
            }
        }
        let left = norm(&next);
        if left.is_nan() || left <= 1e-10 * whole {
            break;
        }
        next /= left;
    }
    let n = basis.len();
    let small = Array2::from_shape_fn((n, n), |(i, j)| {
        0.5 * (basis[i].dot(&products[j]) + basis[j].dot(&products[i]))
    });
    let finite = small.iter().all(|v| v.is_finite());
    let (values, vectors) = eigenpairs(small);
    let least = (0..n).fold(None, |least: Option<usize>, i| match least {
        Some(l) if values[l] <= values[i] => Some(l),
        _ => Some(i),
    });
    let Some(least) = least.filter(|_| finite) else {
        return (f64::NAN, basis.swap_remove(0));
    };
    let mut vector = Array1::zeros(basis[0].len());
    for (i, of) in basis.iter().enumerate() {
        vector.scaled_add(vectors[(i, least)], of);
    }
    (values[least], vector)
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

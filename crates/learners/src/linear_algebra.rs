//! Cholesky factors of symmetric matrices and their linear systems, in double precision (Golub & Van Loan, *Matrix
//! Computations*, §4.2). Matrices are row-major slices `[width, width]`, of which the lower triangle is read.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, Axis, s};

/// Columns that are factored at a time: what stands left of them is subtracted by a product of matrices.
const PANEL: usize = 64;

/// The lower triangle C with `C Cᵀ = matrix`; `None` if there is none: the matrix is not positive definite beyond rounding,
/// or not finite.
pub(crate) fn cholesky(matrix: &[f64], width: usize) -> Option<Vec<f64>> {
    let largest = (0..width).map(|i| matrix[i * width + i]).fold(0.0, f64::max);
    let mut c = Array2::from_shape_vec((width, width), matrix.to_vec()).ok()?;
    for from in (0..width).step_by(PANEL) {
        let to = (from + PANEL).min(width);
        let (left, mut right) = c.view_mut().split_at(Axis(1), from);
        let mut place = right.slice_mut(s![from.., ..to - from]);
        let mut panel = place.to_owned();
        if from > 0 {
            let (below, beside) = (left.slice(s![from.., ..]), left.slice(s![from..to, ..]));
            general_mat_mul(-1.0, &below, &beside.t(), 1.0, &mut panel);
        }
        factor_panel(panel.as_slice_mut()?, to - from, 1e-12 * largest)?;
        place.assign(&panel);
        right.slice_mut(s![..from, ..to - from]).fill(0.0);
    }
    Some(c.into_raw_vec_and_offset().0)
}

/// Factors the rows of a panel in place, from the diagonal downwards; `None` for a pivot that is not above `least`.
fn factor_panel(panel: &mut [f64], width: usize, least: f64) -> Option<()> {
    for i in 0..panel.len() / width {
        let (above, rest) = panel.split_at_mut(i * width);
        let row = &mut rest[..width];
        for j in 0..width.min(i) {
            let (done, now) = row.split_at_mut(j);
            let other = &above[j * width..][..=j];
            now[0] = (now[0] - dot(done, &other[..j])) / other[j];
        }
        if i < width {
            let (done, now) = row.split_at_mut(i);
            let pivot = now[0] - dot(done, done);
            if !(pivot > least && pivot.is_finite()) {
                return None;
            }
            now[0] = pivot.sqrt();
            now[1..].fill(0.0);
        }
    }
    Some(())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// As `cholesky`, with jitter if needed: `jitter` times the mean of the diagonal, added to it and multiplied by ten until there is
/// a factor. Zeros for a matrix of zeros; `None` if it is not finite.
pub(crate) fn factor(matrix: &[f64], width: usize, jitter: f64) -> Option<Vec<f64>> {
    if !matrix.iter().all(|v| v.is_finite()) {
        return None;
    }
    let mean = (0..width).map(|i| matrix[i * width + i]).sum::<f64>() / width.max(1) as f64;
    if mean <= 0.0 {
        return Some(vec![0.0; width * width]);
    }
    if let Some(found) = cholesky(matrix, width) {
        return Some(found);
    }
    let mut added = jitter * mean;
    // With more than the largest eigenvalue added, which is at most the trace, any symmetric matrix has a factor.
    while added <= 1e3 * width as f64 * mean {
        let mut ridged = matrix.to_vec();
        for i in 0..width {
            ridged[i * width + i] += added;
        }
        if let Some(found) = cholesky(&ridged, width) {
            return Some(found);
        }
        added *= 10.0;
    }
    None
}

/// C⁻¹x by forward substitution, in place of x.
pub(crate) fn whiten(factor: &[f64], width: usize, x: &mut [f64]) {
    for i in 0..width.min(x.len()) {
        let (done, now) = x.split_at_mut(i);
        now[0] = (now[0] - dot(&factor[i * width..][..i], done)) / factor[i * width + i];
    }
}

/// (C Cᵀ)⁻¹ times each column of `columns`.
pub(crate) fn solve(factor: &[f64], width: usize, columns: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut solved = Array2::zeros(columns.dim());
    for (column, mut place) in columns.columns().into_iter().zip(solved.columns_mut()) {
        let mut x = column.to_vec();
        whiten(factor, width, &mut x);
        for i in (0..width).rev() {
            let (rest, now) = x.split_at_mut(i);
            now[0] /= factor[i * width + i];
            for (x, c) in rest.iter_mut().zip(&factor[i * width..][..i]) {
                *x -= c * now[0];
            }
        }
        place.iter_mut().zip(x).for_each(|(to, x)| *to = x);
    }
    solved
}

#[cfg(test)]
mod tests;

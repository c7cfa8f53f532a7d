//! Cholesky factors of symmetric matrices and their linear systems, in double precision (Golub & Van Loan, *Matrix
//! Computations*, §4.2). Matrices are row-major slices `[width, width]`, of which the lower triangle is read.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, Axis, s};

/// Columns that are factored at a time: what stands left of them is subtracted by a product of matrices.
const PANEL: usize = 64;

/// The lower triangle C with `C Cᵀ = matrix`; `None` if there is none: the matrix is not positive definite beyond rounding,
/// or not finite.
#[must_use]
pub fn cholesky(matrix: &[f64], width: usize) -> Option<Vec<f64>> {
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

/// As `cholesky`, with jitter if needed: `jitter` times the mean of the diagonal, added to it and multiplied by ten until there is
/// a factor. Zeros for a matrix of zeros; `None` if it is not finite.
#[must_use]
pub fn factor(matrix: &[f64], width: usize, jitter: f64) -> Option<Vec<f64>> {
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
pub fn whiten(factor: &[f64], width: usize, x: &mut [f64]) {
    for i in 0..width.min(x.len()) {
        let (done, now) = x.split_at_mut(i);
        now[0] = (now[0] - dot(&factor[i * width..][..i], done)) / factor[i * width + i];
    }
}

/// (C Cᵀ)⁻¹ times each column of `columns` `[width, columns]`, by substitution forwards and backwards, a panel of rows at a time.
#[must_use]
pub fn solve(factor: &[f64], width: usize, columns: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut x = columns.as_standard_layout().into_owned();
    let Ok(c) = ArrayView2::from_shape((width, width), factor) else {
        return Array2::from_elem(columns.dim(), f64::NAN);
    };
    let panels = || {
        (0..width)
            .step_by(PANEL)
            .map(|from| (from, (from + PANEL).min(width)))
    };
    for (from, to) in panels() {
        let (done, mut rest) = x.view_mut().split_at(Axis(0), from);
        let mut own = rest.slice_mut(s![..to - from, ..]);
        general_mat_mul(-1.0, &c.slice(s![from..to, ..from]), &done, 1.0, &mut own);
        for i in from..to {
            let (above, mut below) = own.view_mut().split_at(Axis(0), i - from);
            let mut row = below.row_mut(0);
            for (k, above) in above.rows().into_iter().enumerate() {
                row.scaled_add(-c[(i, from + k)], &above);
            }
            row /= c[(i, i)];
        }
    }
    for (from, to) in panels().rev() {
        let (mut rest, done) = x.view_mut().split_at(Axis(0), to);
        let mut own = rest.slice_mut(s![from.., ..]);
        general_mat_mul(-1.0, &c.slice(s![to.., from..to]).t(), &done, 1.0, &mut own);
        for i in (from..to).rev() {
            let (mut above, mut below) = own.view_mut().split_at(Axis(0), i - from);
            let mut row = below.row_mut(0);
            row /= c[(i, i)];
            for (k, mut above) in above.rows_mut().into_iter().enumerate() {
                above.scaled_add(-c[(i, from + k)], &row);
            }
        }
    }
    x
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

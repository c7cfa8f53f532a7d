//! Subspaces, by orthonormal bases that are extended vector by vector.

use super::surroundings::norm;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2};

/// A vector counts as within a span if its share outside is below this.
const WITHIN: f64 = 1e-6;

/// An orthonormal basis that can be extended.
#[derive(Debug, Default)]
pub(super) struct Span(pub(super) Vec<Array1<f64>>);

impl Span {
    /// The component of a vector outside the span, by Gram–Schmidt applied twice.
    pub(super) fn outside(&self, vector: &Array1<f64>) -> Array1<f64> {
        let mut left = vector.clone();
        for _ in 0..2 {
            for direction in &self.0 {
                let along = direction.dot(&left);
                left.scaled_add(-along, direction);
            }
        }
        left
    }

    /// The components outside the span of the rows of a matrix.
    pub(super) fn outside_of_rows(&self, matrix: &Array2<f64>) -> Array2<f64> {
        let mut basis = Array2::zeros((self.0.len(), matrix.ncols()));
        for (direction, mut row) in self.0.iter().zip(basis.rows_mut()) {
            row.assign(direction);
        }
        let mut left = matrix.clone();
        for _ in 0..2 {
            let along = left.dot(&basis.t());
            general_mat_mul(-1.0, &along, &basis, 1.0, &mut left);
        }
        left
    }

    /// Extends the span by a vector, and returns the new direction unless it is within.
    pub(super) fn take(&mut self, vector: &Array1<f64>) -> Option<&Array1<f64>> {
        let left = self.outside(vector);
        let size = norm(left.view());
        if size <= WITHIN * norm(vector.view()) {
            return None;
        }
        self.0.push(left / size);
        self.0.last()
    }

    /// The span of a matrix's columns.
    pub(super) fn of_columns(matrix: ArrayView2<'_, f64>) -> Self {
        let mut span = Self::default();
        for column in matrix.columns() {
            span.take(&column.to_owned());
        }
        span
    }
}

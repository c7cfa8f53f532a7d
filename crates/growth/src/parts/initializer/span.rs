//! Subspaces, by orthonormal bases that are extended vector by vector.

use super::surroundings::norm;
use ndarray::{Array1, ArrayView2};

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

    /// The share of a vector that lies outside the span, in `[0, 1]`; 0 for the zero vector.
    pub(super) fn score(&self, vector: &Array1<f64>) -> f64 {
        let whole = norm(vector.view());
        if whole > 0.0 {
            norm(self.outside(vector).view()) / whole
        } else {
            0.0
        }
    }

    pub(super) fn take(&mut self, vector: &Array1<f64>) {
        let left = self.outside(vector);
        let size = norm(left.view());
        if size > WITHIN * norm(vector.view()) {
            self.0.push(left / size);
        }
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

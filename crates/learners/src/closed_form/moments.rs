//! Sums over rows that a ridge regression on classes is made of.

use super::gram::Gram;
use dentate_core::linear_algebra::solve;
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `G = Σ φ φᵀ` and `C = Σ φ yᵀ`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moments {
    gram: Gram,
    /// A column of C for each class, by its label.
    classes: BTreeMap<u32, Array1<f64>>,
}

impl Moments {
    /// Adds rows `[rows, features]`, with a label each.
    pub(crate) fn add(&mut self, rows: &Array2<f64>, labels: &[u32]) {
        if labels.is_empty() {
            return;
        }
        self.gram.add(rows);
        for (row, label) in rows.rows().into_iter().zip(labels) {
            let class = self.classes.entry(*label);
            *class.or_insert_with(|| Array1::zeros(rows.ncols())) += &row;
        }
    }

    /// Adds the sums over other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.gram.merge(&other.gram);
        for (label, sum) in &other.classes {
            let class = self.classes.entry(*label);
            *class.or_insert_with(|| Array1::zeros(sum.len())) += sum;
        }
    }

    /// Returns whether no row was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The number of entries.
    pub(crate) fn numbers(&self) -> usize {
        self.gram.numbers() + self.classes.values().map(Array1::len).sum::<usize>()
    }

    /// Returns whether all are of so many features.
    pub(crate) fn fits(&self, features: usize) -> bool {
        self.gram.fits(features) && self.classes.values().all(|sum| sum.len() == features)
    }

    /// The classes.
    pub(crate) fn labels(&self) -> Vec<u32> {
        self.classes.keys().copied().collect()
    }

    /// C, with a column for each of these classes.
    fn columns(&self, labels: &[u32], features: usize) -> Array2<f64> {
        let mut columns = Array2::zeros((features, labels.len()));
        for (label, mut place) in labels.iter().zip(columns.columns_mut()) {
            if let Some(sum) = self.classes.get(label) {
                place.assign(sum);
            }
        }
        columns
    }

    /// `(G + λ I)⁻¹ C`, with a column for each of these classes; `None` if it is not finite.
    pub(crate) fn ridge(&self, ridge: f64, labels: &[u32], features: usize) -> Option<Array2<f64>> {
        let factor = self.gram.factor(1.0, ridge)?;
        Some(solve(&factor, features, self.columns(labels, features).view()))
    }

    /// The sum of squared errors of a read-out on these rows, less their number: `Σ (φᵀW − y)² − 1`.
    pub(crate) fn error(&self, weights: &Array2<f64>, labels: &[u32]) -> f64 {
        let columns = self.columns(labels, weights.nrows());
        let fitted = self.gram.whole().dot(weights);
        (weights * &(fitted - 2.0 * columns)).sum()
    }
}

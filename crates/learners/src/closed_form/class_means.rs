//! The running mean of each class, and the contribution of rows to the scatter within classes.
//!
//! Rows are added a batch at a time (Chan, Golub & LeVeque 1979): with n rows of a class before and mean m, and k new ones with mean
//! q, `m ← m + (q − m) k / (n + k)`, and the scatter of the class grows by that of the new rows about q and by `(q − m)(q −
//! m)ᵀ n k / (n + k)`.

use super::readout::Means;
use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The mean of each class by its label.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClassMeans {
    of: BTreeMap<u32, ClassMean>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ClassMean {
    rows: u64,
    mean: Array1<f64>,
}

impl ClassMeans {
    /// The number of its entries: each mean with its count of rows.
    pub(crate) fn numbers(&self) -> usize {
        self.of.values().map(|class| class.mean.len() + 1).sum()
    }

    /// Adds rows `[rows, features]` with a label each. Returns rows Z for which ZᵀZ is what the scatter within classes grows by.
    pub(crate) fn add(&mut self, rows: &Array2<f64>, labels: &[u32]) -> Array2<f64> {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, label) in labels.iter().enumerate() {
            groups.entry(*label).or_default().push(row);
        }
        let mut apart = Array2::zeros((rows.nrows() + groups.len(), rows.ncols()));
        let mut places = apart.rows_mut().into_iter();
        for (label, members) in groups {
            let members = rows.select(Axis(0), &members);
            let Some(mean) = members.mean_axis(Axis(0)) else {
                continue;
            };
            for (row, mut place) in members.rows().into_iter().zip(&mut places) {
                place.assign(&(&row - &mean));
            }
            let fresh = || ClassMean {
                rows: 0,
                mean: Array1::zeros(rows.ncols()),
            };
            let class = self.of.entry(label).or_insert_with(fresh);
            let (before, new) = (class.rows as f64, members.nrows() as f64);
            let step = &mean - &class.mean;
            if let Some(mut place) = places.next() {
                place.assign(&(&step * (before * new / (before + new)).sqrt()));
            }
            class.mean.scaled_add(new / (before + new), &step);
            class.rows += members.nrows() as u64;
        }
        apart
    }

    /// Number of rows of all classes.
    pub(crate) fn rows(&self) -> u64 {
        self.of.values().map(|class| class.rows).sum()
    }

    /// Returns whether all means are of so many features.
    pub(crate) fn fits(&self, features: usize) -> bool {
        self.of.values().all(|class| class.mean.len() == features)
    }

    /// The means as columns.
    pub(crate) fn columns(&self, features: usize) -> Means {
        let mut means = Array2::zeros((features, self.of.len()));
        for (class, mut place) in self.of.values().zip(means.columns_mut()) {
            place.assign(&class.mean);
        }
        Means {
            labels: self.of.keys().copied().collect(),
            columns: means,
        }
    }
}

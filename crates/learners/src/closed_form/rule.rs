//! The interface of a head in closed form.

use super::readout::ReadOut;
use dentate_core::Seed;
use ndarray::Array2;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// A head in closed form. Its rows are `[rows, features]`, the projected ones where it has a projection.
pub(crate) trait Rule: Clone + Debug + Send + 'static {
    /// The statistics that it keeps of rows.
    type Statistics: Default + Debug + Send + Serialize + DeserializeOwned;

    /// Rows taken in per call.
    fn batch(&self) -> usize;

    /// Returns whether its scores have a bias by class that does not follow from the weights.
    fn bias(&self) -> bool;

    /// A fixed matrix `[inputs, features]` that rows are multiplied with; what is negative then becomes 0.
    fn projection(&self, _inputs: usize, _seed: Seed) -> Option<Array2<f64>> {
        None
    }

    /// Multiply-adds of taking in a row of so many features.
    fn cost(&self, features: usize) -> usize;

    /// Closes the statistics of an experience when the next one begins.
    fn begin(&self, _: &mut Self::Statistics, _features: usize) {}

    /// Takes in rows, with a label each.
    fn learn(&self, statistics: &mut Self::Statistics, rows: &Array2<f64>, labels: &[u32]);

    /// The numbers that statistics are made of, in double precision.
    fn numbers(statistics: &Self::Statistics) -> usize;

    /// Returns whether statistics are of so many features.
    fn fits(statistics: &Self::Statistics, features: usize) -> bool;

    /// The read-out of so many features; `None` if statistics are not finite. What it leaves in the statistics is not saved.
    fn readout(&self, statistics: &mut Self::Statistics, features: usize) -> Option<ReadOut>;
}

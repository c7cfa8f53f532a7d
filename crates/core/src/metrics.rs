//! Metrics of continual learning: their names and formulas, and on plain numbers the accuracy matrix with the metrics derived
//! from it, the confusion matrix, and the plasticity of a network.

pub mod plasticity;

mod catalogue;
mod confusion;
mod matrix;
mod table;

pub use catalogue::{Direction, Metric, Unit};
pub use confusion::Confusion;
pub use matrix::{AccuracyMatrix, mean_matrix};

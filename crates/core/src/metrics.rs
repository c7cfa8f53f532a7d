//! Metrics of continual learning on plain numbers: the accuracy matrix and the metrics derived from it, and the plasticity
//! of a network.

pub mod plasticity;

mod matrix;
mod table;

pub use matrix::{AccuracyMatrix, mean_matrix};

//! Metrics of continual learning: their declarations, and on plain numbers the accuracy matrix with the metrics derived
//! from it, the confusion matrix, and the plasticity of a network.

pub mod plasticity;

mod catalogue;
mod confusion;
mod info;
mod matrix;
mod registered;
mod table;

pub use crate::record::{Aggregate, Direction, Unit};
pub use confusion::Confusion;
pub use info::{Metric, MetricInfo, Ranked, Step, Table};
pub use matrix::{AccuracyMatrix, mean_matrix};
pub use registered::{MetricNameError, RecordedMetric, check_registered, find_registered, registered};

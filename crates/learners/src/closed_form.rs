//! Heads in closed form, for features that do not change: outputs of a pretrained network, or plain rows.
//!
//! Each learner keeps statistics of the rows it has seen, and its linear read-out follows from these by a formula. So it
//! makes one pass, needs no step size, and has nothing to forget:
//!
//! | learner | statistics | read-out |
//! | --- | --- | --- |
//! | [`NearestClassMean`] | the mean of each class | the nearest mean |
//! | [`StreamingLinearDiscriminantAnalysis`] | and one covariance within classes | linear discriminants |
//! | [`RanPac`] | of random features: products of pairs, sums by class | ridge regression on the classes |
//!
//! Statistics are kept in double precision, and depend on the order of rows and on batches by rounding only. In every scenario
//! a class is its label. Where the task is given at prediction, only its classes compete.
//!
//! The architecture of such a learner is the network that answers: inputs, a fixed hidden layer `projection` where there is
//! one, and heads. Its parameters are what a prediction takes. Statistics beyond that are state of learning, as an optimizer's moments
//! are: the memory in bytes has them.

mod class_means;
mod gram;
mod heads;
mod learner;
mod moments;
pub mod nearest_class_mean;
pub mod ranpac;
mod readout;
mod recipe;
mod rule;
pub mod streaming_linear_discriminant_analysis;

pub use nearest_class_mean::{Distance, NearestClassMean};
pub use ranpac::RanPac;
pub use streaming_linear_discriminant_analysis::StreamingLinearDiscriminantAnalysis;

#[cfg(test)]
mod tests;

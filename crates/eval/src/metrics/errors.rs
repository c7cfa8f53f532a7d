//! Errors on tasks right after they were learned.

use super::accuracy::same;
use super::derived::derived;
use crate::frames::Frames;
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(LEARNING_ERROR, learning_error);
derived!(QUANTIZATION_ERROR, quantization_error);

/// `mean_i E[i][i]`.
fn learning_error(frames: &Frames) -> PolarsResult<DataFrame> {
    own(frames, metric::SQUARED_ERROR)
}

/// `mean_i Q[i][i]`.
pub(super) fn quantization_error(frames: &Frames) -> PolarsResult<DataFrame> {
    own(frames, metric::QUANTIZATION_ERROR)
}

/// The mean over the tasks that were evaluated when they had been learned.
fn own(frames: &Frames, name: &str) -> PolarsResult<DataFrame> {
    group::mean(
        &same(&frames.records(name)?, "experience", "task")?,
        &["run"],
        "value",
    )
}

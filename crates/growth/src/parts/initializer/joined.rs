//! What was measured of several connections, joined to one array.

use crate::strategy::StrategyError;
use ndarray::{Array2, Axis, concatenate};

/// The arrays along `axis`; refused where their forms do not go together. `what` says what was measured.
pub(super) fn joined(
    axis: Axis,
    arrays: &[Array2<f32>],
    what: &'static str,
) -> Result<Array2<f32>, StrategyError> {
    let views: Vec<_> = arrays.iter().map(|array| array.view()).collect();
    concatenate(axis, &views).map_err(|_| unlike(arrays, what))
}

/// The refusal of arrays that do not go together.
pub(super) fn unlike(arrays: &[Array2<f32>], what: &'static str) -> StrategyError {
    let shapes = arrays.iter().map(|array| array.dim()).collect();
    StrategyError::Unlike { what, shapes }
}

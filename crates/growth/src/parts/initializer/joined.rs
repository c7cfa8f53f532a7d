//! Concatenation of arrays measured on several connections.

use crate::strategy::StrategyError;
use ndarray::{Array2, Axis, concatenate};

/// Concatenates the arrays along `axis`; an error if their shapes do not match. `what` names the measured quantity.
pub(super) fn joined(
    axis: Axis,
    arrays: &[Array2<f32>],
    what: &'static str,
) -> Result<Array2<f32>, StrategyError> {
    let views: Vec<_> = arrays.iter().map(|array| array.view()).collect();
    concatenate(axis, &views).map_err(|_| unlike(arrays, what))
}

/// The error for arrays whose shapes do not match.
pub(super) fn unlike(arrays: &[Array2<f32>], what: &'static str) -> StrategyError {
    let shapes = arrays.iter().map(|array| array.dim()).collect();
    StrategyError::Unlike { what, shapes }
}

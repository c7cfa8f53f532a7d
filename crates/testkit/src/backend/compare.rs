//! Comparison of a backend's results with those of the naive model.

use crate::naive::{Arrays, Rounded, Values};
use dentate_core::{BackendError, Parameter};
use ndarray::Array2;
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;

pub(super) type Outcome = Result<(), TestCaseError>;

/// The value of a call that a backend must not refuse.
pub(super) fn fine<T>(result: Result<T, BackendError>) -> Result<T, TestCaseError> {
    result.map_err(|e| TestCaseError::fail(format!("refused: {e}")))
}

/// Check an array against its bounds.
pub(super) fn admits(what: &str, bound: &Array2<Rounded>, found: &Array2<f32>) -> Outcome {
    if bound.dim() != found.dim() {
        let text = format!("{what}: shape {:?}, but {:?} is right", found.dim(), bound.dim());
        return Err(TestCaseError::fail(text));
    }
    for (place, b) in bound.indexed_iter() {
        if !b.admits(found[place]) {
            let text = format!("{what} at {place:?}: {} against {b:?}", found[place]);
            return Err(TestCaseError::fail(text));
        }
    }
    Ok(())
}

/// Check all blocks against their bounds.
pub(super) fn all_admit(what: &str, bounds: &Values<Rounded>, found: &Arrays) -> Outcome {
    let none = Array2::zeros((0, 0));
    for (parameter, bound) in bounds {
        let found = found.get(parameter).unwrap_or(&none);
        admits(&format!("{what} of {parameter:?}"), bound, found)?;
    }
    Ok(())
}

/// Check that two sets of arrays are equal, bit for bit.
pub(super) fn same_bits(what: &str, a: &Arrays, b: &Arrays) -> Outcome {
    match crate::following::difference(a, b) {
        None => Ok(()),
        Some(text) => Err(TestCaseError::fail(format!("{what}: {text}"))),
    }
}

/// Check that two numbers are equal up to a relative tolerance.
pub(super) fn close(what: &str, found: f64, wanted: f64, tolerance: f64) -> Outcome {
    if (found - wanted).abs() <= tolerance || found == wanted || (found.is_nan() && wanted.is_nan()) {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "{what}: {found}, but {wanted} ± {tolerance} is right"
    )))
}

/// The cells of arrays, with their names.
pub(super) fn cells(arrays: &Arrays) -> BTreeMap<(Parameter, (usize, usize)), f32> {
    let all = arrays
        .iter()
        .flat_map(|(p, a)| a.indexed_iter().map(move |(at, v)| ((*p, at), *v)));
    all.collect()
}

//! Range checks shared by several edits.

use super::draft::all_finite;
use super::error::Problem;
use super::{MAX_VALUES, MAX_WIDTH};
use crate::graph::{Parameter, good};
use crate::ids::LayerId;
use crate::init::NewWeights;
use crate::space::Grid;

pub(super) fn check_values(units: usize, grid: Grid) -> Result<(), Problem> {
    let values = units.saturating_mul(grid.positions());
    if values <= MAX_VALUES {
        return Ok(());
    }
    Err(Problem::TooLarge {
        what: "values in a layer",
        asked: values,
        limit: MAX_VALUES,
    })
}

pub(super) fn check_id(given: u32, expected: u32) -> Result<(), Problem> {
    if given == expected {
        Ok(())
    } else {
        Err(Problem::Stale { given, expected })
    }
}

pub(super) fn check_width(id: LayerId, width: usize) -> Result<(), Problem> {
    match width {
        0 => Err(Problem::Empty(id)),
        w if w > MAX_WIDTH => Err(Problem::TooLarge {
            what: "units in a layer",
            asked: w,
            limit: MAX_WIDTH,
        }),
        _ => Ok(()),
    }
}

pub(super) fn check_lr_scale(rate: f32) -> Result<(), Problem> {
    if good(rate) {
        return Ok(());
    }
    Err(Problem::Range {
        what: "the rate",
        value: rate,
        range: "finite and not negative",
    })
}

pub(super) fn check_finite(what: &'static str, value: f32) -> Result<(), Problem> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Problem::Range {
            what,
            value,
            range: "finite",
        })
    }
}

pub(super) fn check_weights(weights: &NewWeights) -> Result<(), Problem> {
    check_finite("an initial weight", weights.rule.constant().unwrap_or(0.0))?;
    match weights.given.iter().find(|(_, v)| !all_finite(v)) {
        Some((id, _)) => Err(Problem::NotFinite(Parameter::Weight(*id))),
        None => Ok(()),
    }
}

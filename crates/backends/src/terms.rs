//! What every backend asks of an objective before it judges by it.

use super::network::Network;
use dentate_core::{Active, BackendError, LayerId, Objective, Target};

/// The layers that have to run for an objective, into a list that is there.
pub(super) fn needed(
    network: &Network,
    objective: &Objective,
    needed: &mut Vec<usize>,
) -> Result<(), BackendError> {
    needed.clear();
    for term in &objective.terms {
        let mut need = |id| {
            let layer = network.position(id).ok_or(BackendError::NoLayer(id))?;
            if !needed.contains(&layer) {
                needed.push(layer);
            }
            Ok(())
        };
        need(term.layer)?;
        if let Target::Layer(id) = term.target {
            need(id)?;
        }
    }
    Ok(())
}

/// Check that every term is about all rows, which one about single rows' gradients has to be.
pub(super) fn check_whole(objective: &Objective, rows: usize) -> Result<(), BackendError> {
    let mut parts = objective.terms.iter().filter_map(|t| t.rows.clone());
    match parts.find(|range| *range != (0..rows)) {
        None => Ok(()),
        Some(range) => Err(BackendError::TermRows {
            start: range.start,
            end: range.end,
            targets: range.len(),
            rows,
        }),
    }
}

/// The same objective for one of the rows alone.
pub(super) fn of_row(objective: &Objective, row: usize) -> Objective {
    let mut single = objective.clone();
    for term in &mut single.terms {
        term.rows = None;
        if let Target::Given(values) = &mut term.target {
            *values = values.slice(ndarray::s![row..=row, ..]).to_owned();
        }
    }
    single
}

/// Whether the units are there, and rise.
pub(super) fn check_active(active: &Active, layer: LayerId, width: usize) -> Result<(), BackendError> {
    let Active::Units(units) = active else {
        return Ok(());
    };
    let rising = units.windows(2).all(|w| w[0] < w[1]);
    match units.last() {
        Some(&last) if rising && (last as usize) < width => Ok(()),
        last => Err(BackendError::Width {
            what: "the list of active units",
            layer,
            found: last.map_or(0, |&last| last as usize + 1),
            expected: width,
        }),
    }
}

/// The place of a unit among the active ones.
pub(super) fn rank(active: &Active, unit: u32, width: usize) -> Option<usize> {
    match active {
        Active::All => Some(unit as usize).filter(|&u| u < width),
        Active::Units(units) => units.binary_search(&unit).ok(),
    }
}

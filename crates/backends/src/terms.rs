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

//! Checks of a route's slots and gates, the same for every backend.

use super::network::Network;
use super::rows::fits;
use dentate_core::{BackendError, Route, Slot};

/// Check that gates name existing layers, with a factor for each unit, and that the mask is not the parameters themselves.
pub(super) fn check(network: &Network, route: &Route) -> Result<(), BackendError> {
    if route.mask == Some(Slot::WEIGHT) {
        return Err(BackendError::Route("the parameters are no mask of their own"));
    }
    for (&id, factors) in &route.gates {
        let layer = network.position(id).ok_or(BackendError::NoLayer(id))?;
        fits(
            "the list of gates",
            id,
            factors.len(),
            network.nodes[layer].width(),
        )?;
    }
    Ok(())
}

/// Refuse a step through weights other than the parameters: it would have nothing to update.
pub(super) fn check_step(route: &Route) -> Result<(), BackendError> {
    match route.weights {
        None | Some(Slot::WEIGHT) => Ok(()),
        Some(_) => Err(BackendError::Route(
            "a step is about the parameters; through another slot's weights there are gradients only",
        )),
    }
}

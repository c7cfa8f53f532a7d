//! Checks of measurement requests, the same for every backend.

use super::network::Network;
use dentate_core::{BackendError, Grid};

/// Refuse layers that are laid out on a grid: a virtual gradient is defined for single units.
pub(super) fn on_points(
    backend: &'static str,
    network: &Network,
    layers: &[usize],
) -> Result<(), BackendError> {
    for &layer in layers {
        let node = &network.nodes[layer];
        if (node.grid, node.outputs) != (Grid::POINT, Grid::POINT) {
            return Err(BackendError::Unsupported {
                backend,
                what: format!("virtual gradient at {}, which is laid out on a grid", node.id),
            });
        }
    }
    Ok(())
}

/// The layers that have to run, and the additional ones, each once.
pub(super) fn beside(mut needed: Vec<usize>, also: &[usize]) -> Vec<usize> {
    for layer in also {
        if !needed.contains(layer) {
            needed.push(*layer);
        }
    }
    needed
}

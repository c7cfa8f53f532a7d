//! Outputs of layers in the last update's own forward pass.

use super::Native;
use dentate_core::{BackendError, LayerId};
use ndarray::Array2;

impl Native {
    pub(super) fn own_outputs(&self, id: LayerId) -> Result<Array2<f32>, BackendError> {
        let layer = self.network.position(id).ok_or(BackendError::NoLayer(id))?;
        let schedule = self.schedules.last().filter(|_| self.own);
        schedule
            .filter(|schedule| schedule.shows(layer))
            .map(|_| self.pass.layers[layer].out.view().to_owned())
            .ok_or(BackendError::NoOutputs(id))
    }
}

//! Outputs of layers in the last update's own forward pass.

use super::Native;
use dentate_core::{BackendError, LayerId};
use ndarray::Array2;

impl Native {
    pub(super) fn own_outputs(&self, id: LayerId) -> Result<Array2<f32>, BackendError> {
        let layer = self.network.position(id).ok_or(BackendError::NoLayer(id))?;
        let course = self.courses.last().filter(|_| self.own);
        course
            .filter(|course| course.shows(layer))
            .map(|_| self.pass.layers[layer].out.view().to_owned())
            .ok_or(BackendError::NoOutputs(id))
    }
}

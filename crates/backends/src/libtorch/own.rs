//! Outputs of layers in the last update's own forward pass.

use super::LibTorch;
use super::forward::Pass;
use super::tensors;
use dentate_core::{BackendError, LayerId};
use ndarray::Array2;

impl LibTorch {
    /// Keep the outputs of the layers of an update's own pass.
    pub(super) fn show(&mut self, pass: &Pass) {
        let Some(schedule) = self.schedules.last() else {
            return;
        };
        let out = |(layer, state): (usize, &super::forward::State)| {
            schedule.shows(layer).then(|| state.out.shallow_clone())
        };
        self.own = pass.layers.iter().enumerate().map(out).collect();
    }

    pub(super) fn own_outputs(&self, id: LayerId) -> Result<Array2<f32>, BackendError> {
        let layer = self.network.position(id).ok_or(BackendError::NoLayer(id))?;
        let out = self.own.get(layer).and_then(Option::as_ref);
        out.map(tensors::read).ok_or(BackendError::NoOutputs(id))
    }
}

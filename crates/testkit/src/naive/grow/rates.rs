//! Learning-rate scales of connections, layers and units.

use super::Growing;
use dentate_core::LrScaleOf;

impl Growing {
    pub(super) fn set_lr_scale(&mut self, of: &LrScaleOf, rate: f32) {
        match of {
            LrScaleOf::Connection(id) => {
                self.network
                    .connections
                    .get_mut(id)
                    .expect("it is there")
                    .lr_scale = rate;
            }
            LrScaleOf::Layer(id) => self.layer(*id).lr_scale = rate,
            LrScaleOf::Incoming(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.incoming_lr_scale = rate;
                    }
                }
            }
            LrScaleOf::Outgoing(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.outgoing_lr_scale = rate;
                    }
                }
            }
        }
    }
}

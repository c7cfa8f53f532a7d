//! Rates of connections, layers and units.

use super::Growing;
use dentate_core::RateOf;

impl Growing {
    pub(super) fn set_rate(&mut self, of: &RateOf, rate: f32) {
        match of {
            RateOf::Connection(id) => {
                self.network.connections.get_mut(id).expect("it is there").rate = rate;
            }
            RateOf::Layer(id) => self.layer(*id).rate = rate,
            RateOf::Incoming(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.incoming_rate = rate;
                    }
                }
            }
            RateOf::Outgoing(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.outgoing_rate = rate;
                    }
                }
            }
        }
    }
}

//! New layers and connections.

use super::Growing;
use crate::naive::network::Cell;
use dentate_core::{Connection, ConnectionId, Layer, LayerId, NewLayer, NewWeights, Origin, UnitId};
use std::collections::BTreeMap;

impl Growing {
    pub(super) fn add_layer(&mut self, id: LayerId, new: &NewLayer) {
        self.network.next_layer += 1;
        self.added.insert(id, (new.bias.unwrap_or(0.0), new.bias_init));
        let units = (0..new.width).map(|_| self.unit(Origin::Initial)).collect();
        let layer = Layer {
            id,
            name: new.name.clone(),
            role: new.role.clone(),
            activation: new.activation,
            normalisation: new.normalisation,
            bias: new.bias.is_some(),
            grid: new.grid,
            pool: new.pool,
            dropout: new.dropout,
            lr_scale: 1.0,
            width_group: new.width_group,
            units,
        };
        self.network.layers.insert(id, layer);
    }

    pub(super) fn connect(&mut self, edit: usize, connection: Connection, weights: NewWeights) {
        self.network.next_connection += 1;
        self.joined.insert(connection.id, (edit, weights));
        self.network.connections.insert(connection.id, connection);
    }

    /// Reconnect a connection to the inserted layer, unit by unit.
    pub(super) fn reroute(&mut self, connection: ConnectionId, to: LayerId) {
        let old = self.network.connections[&connection].from;
        let pairs: BTreeMap<UnitId, UnitId> = {
            let ids = |l: LayerId| self.network.layers[&l].units.iter().map(|u| u.id);
            ids(old).zip(ids(to)).collect()
        };
        let rename = |cell: Cell| match cell {
            Cell::Weight(c, target, from, k) if c == connection => {
                Cell::Weight(c, target, pairs.get(&from).copied().unwrap_or(from), k)
            }
            Cell::GainOf(c, from) if c == connection => Cell::GainOf(c, pairs[&from]),
            other => other,
        };
        for numbers in self.network.slots.values_mut() {
            *numbers = std::mem::take(numbers)
                .into_iter()
                .map(|(c, v)| (rename(c), v))
                .collect();
        }
        let shares = std::mem::take(&mut self.shares);
        self.shares = shares.into_iter().map(|(c, v)| (rename(c), v)).collect();
        if let Some(c) = self.network.connections.get_mut(&connection) {
            c.from = to;
        }
    }
}

//! Assembly of a graph from its parts, as read from a file: checked as a whole, and for sizes that no plan could have made.

use super::{Broken, Connection, Graph};
use crate::apply::{MAX_VALUES, MAX_WIDTH};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::layer::{Layer, Moment};
use crate::space::{Link, Window};
use thiserror::Error;

/// The largest id allowed in a graph from outside, which leaves room for growth.
const LAST_ID: u64 = 1 << 30;
/// The same for units, of which some methods replace millions.
const LAST_UNIT: u64 = 1 << 60;

/// The reasons for which layers and connections do not form a graph.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum AssemblyError {
    /// Two layers have the same id.
    #[error("{0} is there twice")]
    TwiceLayer(LayerId),
    /// Two connections have the same id.
    #[error("{0} is there twice")]
    TwiceConnection(ConnectionId),
    /// A counter is not above all ids in use, or is too high.
    #[error("the next {what} is said to be {found}, where {least} to {most} is needed")]
    Counter {
        /// The counted items.
        what: &'static str,
        /// The counter.
        found: u64,
        /// One above the largest id.
        least: u64,
        /// The maximum that is accepted.
        most: u64,
    },
    /// More units, positions or window places than a network may have.
    #[error("{layer} has {what} of {found}, and {most} are the most")]
    Large {
        /// The layer, or the target layer of the connection.
        layer: LayerId,
        /// The counted items.
        what: &'static str,
        /// The number.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// A dropout rate outside its range.
    #[error("{layer} drops a share of {found}, where 0 to below 1 is needed")]
    Dropout {
        /// The layer.
        layer: LayerId,
        /// Its dropout rate.
        found: f32,
    },
    /// The initial value of a gain is not a number.
    #[error("new gains of {0} start at a number that is not finite")]
    Gain(ConnectionId),
    /// An invariant of graphs is broken.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// The next ids of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextIds {
    /// The next layer.
    pub layer: LayerId,
    /// The next connection.
    pub connection: ConnectionId,
    /// The next unit.
    pub unit: UnitId,
}

impl Graph {
    /// Makes the graph of these layers and connections.
    ///
    /// # Errors
    /// [`AssemblyError`].
    pub fn assemble(
        layers: Vec<Layer>,
        connections: Vec<Connection>,
        next: NextIds,
    ) -> Result<Self, AssemblyError> {
        let ids = [
            (
                "layer",
                next.layer.0.into(),
                layers.iter().map(|l| l.id.0.into()).max(),
                LAST_ID,
            ),
            (
                "connection",
                next.connection.0.into(),
                connections.iter().map(|c| c.id.0.into()).max(),
                LAST_ID,
            ),
            (
                "unit",
                next.unit.0,
                layers.iter().flat_map(|l| l.units.iter().map(|u| u.id.0)).max(),
                LAST_UNIT,
            ),
        ];
        for (what, found, last, most) in ids {
            let least: u64 = last.map_or(0, |last: u64| last.saturating_add(1));
            if !(least..=most).contains(&found) {
                return Err(AssemblyError::Counter {
                    what,
                    found,
                    least,
                    most,
                });
            }
        }
        let mut graph = Self {
            next_layer: next.layer.0,
            next_connection: next.connection.0,
            next_unit: next.unit.0,
            ..Self::default()
        };
        for layer in layers {
            moderate(&layer)?;
            let id = layer.id;
            if graph.layers.insert(id, layer).is_some() {
                return Err(AssemblyError::TwiceLayer(id));
            }
        }
        for connection in connections {
            let id = connection.id;
            if let Link::Convolution { window, .. } = connection.link {
                sized(connection.to, window)?;
            }
            if !connection.gain_start.is_finite() {
                return Err(AssemblyError::Gain(id));
            }
            if graph.connections.insert(id, connection).is_some() {
                return Err(AssemblyError::TwiceConnection(id));
            }
        }
        graph.check()?;
        Ok(graph)
    }
}

impl Graph {
    /// Sets the birth of all units to `now`.
    pub(crate) fn bear(&mut self, now: Moment) {
        for unit in self.layers.values_mut().flat_map(|layer| &mut layer.units) {
            unit.born = now;
        }
    }
}

/// Refuses a layer whose sizes would overflow in products.
fn moderate(layer: &Layer) -> Result<(), AssemblyError> {
    let (width, positions) = (layer.width(), layer.grid.positions());
    let large = |what, found, most| AssemblyError::Large {
        layer: layer.id,
        what,
        found,
        most,
    };
    if width > MAX_WIDTH {
        return Err(large("units", width, MAX_WIDTH));
    }
    let values = width.saturating_mul(positions);
    if positions > MAX_VALUES || values > MAX_VALUES {
        return Err(large("values", values.max(positions), MAX_VALUES));
    }
    if let Some(window) = layer.pool.window(layer.grid) {
        sized(layer.id, window)?;
    }
    let outputs = layer.outputs().positions().saturating_mul(width.max(1));
    if outputs > MAX_VALUES {
        return Err(large("outputs", outputs, MAX_VALUES));
    }
    let found = layer.dropout;
    if !(0.0..1.0).contains(&found) {
        return Err(AssemblyError::Dropout {
            layer: layer.id,
            found,
        });
    }
    Ok(())
}

/// Refuses a window whose sizes would overflow in products.
fn sized(layer: LayerId, window: Window) -> Result<(), AssemblyError> {
    let all = [window.kernel, window.stride, window.padding].concat();
    let found = all.into_iter().max().unwrap_or(0).max(window.area());
    if found > MAX_VALUES {
        return Err(AssemblyError::Large {
            layer,
            what: "a window",
            found,
            most: MAX_VALUES,
        });
    }
    Ok(())
}

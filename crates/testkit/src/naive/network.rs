//! The state of the naive model.

use dentate_core::{
    Connection, ConnectionId, Gain, Graph, Groups, Layer, LayerId, Link, Normalisation, Parameter, Slot,
    UnitId,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// One number of a network, named by its owner and not by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// The weight to the first unit from the second, with its index among these: by position, or by place in a kernel. If each
    /// unit has a kernel of its own, the source is the unit itself.
    Weight(ConnectionId, UnitId, UnitId, usize),
    /// The gain of a whole connection.
    Gain(ConnectionId),
    /// The gain of a connection on one source unit.
    GainOf(ConnectionId, UnitId),
    /// A bias.
    Bias(UnitId),
    /// The scale of a normalisation.
    Scale(UnitId),
    /// The shift of a normalisation.
    Shift(UnitId),
    /// A running mean.
    Mean(UnitId),
    /// A running variance.
    Variance(UnitId),
}

/// Parameter-shaped state in the form of a backend's snapshot.
pub type Arrays = BTreeMap<Parameter, Array2<f32>>;

/// A naive network: its own graph and a map of cells for each slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Its layers.
    pub layers: BTreeMap<LayerId, Layer>,
    /// Its connections.
    pub connections: BTreeMap<ConnectionId, Connection>,
    /// The next layer's id.
    pub next_layer: u32,
    /// The next connection's id.
    pub next_connection: u32,
    /// The next unit's id.
    pub next_unit: u64,
    /// All numbers, one map for each slot.
    pub slots: BTreeMap<Slot, BTreeMap<Cell, f32>>,
}

impl Network {
    /// The structure of a graph, without numbers.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        Self {
            layers: graph.layers().map(|l| (l.id, l.clone())).collect(),
            connections: graph.connections().map(|c| (c.id, c.clone())).collect(),
            next_layer: graph.next_layer().0,
            next_connection: graph.next_connection().0,
            next_unit: graph.next_unit().0,
            slots: BTreeMap::new(),
        }
    }

    /// Returns whether a graph has this structure: layers, units with their lineage and learning-rate scales, connections,
    /// counters.
    #[must_use]
    pub fn same_structure(&self, graph: &Graph) -> bool {
        let bare = Self {
            slots: BTreeMap::new(),
            ..self.clone()
        };
        bare == Self::of(graph)
    }

    /// Every parameter block, as a grid of its cells.
    #[must_use]
    pub fn grids(&self) -> BTreeMap<Parameter, Vec<Vec<Cell>>> {
        let units = |id: LayerId| self.layers[&id].units.iter().map(|u| u.id);
        let mut all = BTreeMap::new();
        for (&id, c) in &self.connections {
            let each = self.each(c);
            let row = |(i, to)| {
                let from = self.seen(c, i).into_iter();
                from.flat_map(|from| (0..each).map(move |k| Cell::Weight(id, to, from, k)))
                    .collect()
            };
            if c.link != Link::Direct {
                all.insert(Parameter::Weight(id), units(c.to).enumerate().map(row).collect());
            }
            let gains = match c.gain {
                Gain::None => continue,
                Gain::Scalar => vec![Cell::Gain(id)],
                Gain::PerUnit => units(c.from).map(|u| Cell::GainOf(id, u)).collect(),
            };
            all.insert(Parameter::Gain(id), vec![gains]);
        }
        for (&id, layer) in &self.layers {
            if layer.bias {
                all.insert(Parameter::Bias(id), vec![units(id).map(Cell::Bias).collect()]);
            }
            if layer.normalisation != Normalisation::None {
                all.insert(Parameter::Scale(id), vec![units(id).map(Cell::Scale).collect()]);
                all.insert(Parameter::Shift(id), vec![units(id).map(Cell::Shift).collect()]);
            }
            if layer.normalisation == Normalisation::BatchNorm {
                all.insert(Parameter::Mean(id), vec![units(id).map(Cell::Mean).collect()]);
                all.insert(
                    Parameter::Variance(id),
                    vec![units(id).map(Cell::Variance).collect()],
                );
            }
        }
        all
    }

    /// The number of weights from one unit to another.
    #[must_use]
    pub fn each(&self, c: &Connection) -> usize {
        match c.link {
            Link::Dense => self.layers[&c.from].outputs().positions(),
            Link::Convolution { window, .. } => window.kernel[0] * window.kernel[1],
            Link::Direct => 0,
        }
    }

    /// The positions of the source units that the target unit at position `i` is connected to.
    #[must_use]
    pub fn sources(&self, c: &Connection, i: usize) -> Vec<usize> {
        let (from, to) = (self.layers[&c.from].width(), self.layers[&c.to].width());
        match c.link {
            Link::Direct => vec![i],
            Link::Convolution {
                groups: Groups::Depthwise,
                ..
            } => vec![i],
            Link::Convolution {
                groups: Groups::Count(n),
                ..
            } => {
                let (n, own) = (n as usize, i / (to / n as usize));
                (own * (from / n)..(own + 1) * (from / n)).collect()
            }
            Link::Dense | Link::Convolution { .. } => (0..from).collect(),
        }
    }

    /// The source units of the weights of the target unit at position `i`.
    fn seen(&self, c: &Connection, i: usize) -> Vec<UnitId> {
        let id = |layer: LayerId, i: usize| self.layers[&layer].units[i].id;
        if c.link.one_to_one() {
            return vec![id(c.to, i)];
        }
        self.sources(c, i).into_iter().map(|j| id(c.from, j)).collect()
    }

    /// Every cell there is.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        self.grids().into_values().flatten().flatten().collect()
    }

    /// Take over the numbers of a slot.
    pub fn set(&mut self, slot: Slot, arrays: &Arrays) {
        let mut cells = BTreeMap::new();
        for (parameter, grid) in self.grids() {
            let Some(array) = arrays.get(&parameter) else {
                continue;
            };
            for (row, values) in grid.iter().zip(array.rows()) {
                cells.extend(row.iter().copied().zip(values.iter().copied()));
            }
        }
        self.slots.insert(slot, cells);
    }

    /// The numbers of a slot, as arrays. A missing slot is empty.
    #[must_use]
    pub fn arrays(&self, slot: Slot) -> Arrays {
        let Some(cells) = self.slots.get(&slot) else {
            return Arrays::new();
        };
        self.grids()
            .into_iter()
            .map(|(parameter, grid)| {
                let shape = (grid.len(), grid.first().map_or(0, Vec::len));
                (
                    parameter,
                    Array2::from_shape_fn(shape, |(i, j)| cells[&grid[i][j]]),
                )
            })
            .collect()
    }

    /// The learning-rate scale of a cell. For a weight: its connection's times the larger of its target's incoming and its
    /// source's outgoing one, so that a new unit learns even if it feeds a frozen unit. For a bias, scale or shift: its layer's
    /// times its unit's incoming one. For a gain: its connection's. For a statistic: 0.
    #[must_use]
    pub fn rate(&self, cell: Cell) -> f32 {
        let unit = |id| {
            let found = self
                .layers
                .values()
                .flat_map(|l| l.units.iter().map(move |u| (l, u)));
            found.into_iter().find(|(_, u)| u.id == id)
        };
        let own = |id| unit(id).map_or(0.0, |(l, u)| l.lr_scale * u.incoming_lr_scale);
        let incoming = |id| unit(id).map_or(0.0, |(_, u)| u.incoming_lr_scale);
        let outgoing = |id| unit(id).map_or(0.0, |(_, u)| u.outgoing_lr_scale);
        match cell {
            Cell::Weight(c, to, from, _) => {
                let c = &self.connections[&c];
                let heeds = !matches!(c.link, Link::Convolution { groups, .. } if groups != Groups::One);
                c.lr_scale * incoming(to).max(if heeds { outgoing(from) } else { 0.0 })
            }
            Cell::Bias(u) | Cell::Scale(u) | Cell::Shift(u) => own(u),
            Cell::Gain(c) | Cell::GainOf(c, _) => self.connections[&c].lr_scale,
            Cell::Mean(_) | Cell::Variance(_) => 0.0,
        }
    }
}

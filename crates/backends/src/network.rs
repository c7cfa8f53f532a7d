//! The graph in the form a pass needs: layers, connections and parameter blocks as flat lists, by position instead of by id.
//! Learning-rate scales are here too.

mod edge;
mod node;

use dentate_core::{BackendError, ConnectionId, Graph, Layer, LayerId, Normalisation, Parameter, UnitId};
use edge::edge;
use node::{PerUnit, node};
use std::collections::BTreeMap;

pub(crate) use edge::Edge;
#[cfg(feature = "libtorch")]
pub(crate) use node::Norm;
pub(crate) use node::{Node, Over};

/// The part of the graph that a parameter block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Weight(usize),
    Gain(usize),
    Node(usize),
    /// A running statistic: written by training, with no gradient.
    Statistic,
}

/// A parameter block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) parameter: Parameter,
    /// Shape in the contract's orientation.
    pub(super) shape: (usize, usize),
    pub(super) owner: Owner,
}

/// A layer, and units of it with the constants they are held at.
pub(super) type Held = (usize, Vec<(usize, f32)>);

/// A graph by positions.
#[derive(Debug, Default)]
pub(super) struct Network {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    pub(super) places: Vec<Place>,
    pub(super) input: Option<usize>,
    at: BTreeMap<LayerId, usize>,
}

impl Network {
    pub(super) fn new(graph: &Graph) -> Self {
        let at: BTreeMap<_, _> = graph.layers().enumerate().map(|(i, l)| (l.id, i)).collect();
        let mut network = Self {
            nodes: graph.layers().map(node).collect(),
            input: graph.input().and_then(|l| at.get(&l.id).copied()),
            ..Self::default()
        };
        for c in graph.connections() {
            let (Some(&from), Some(&to)) = (at.get(&c.from), at.get(&c.to)) else {
                continue;
            };
            network.nodes[from].outgoing.push(network.edges.len());
            network.nodes[to].incoming.push(network.edges.len());
            let each = graph.columns_each(c);
            network.edges.push(edge(c, each, from, to));
        }
        let edge_at: BTreeMap<_, _> = network.edges.iter().enumerate().map(|(i, e)| (e.id, i)).collect();
        for (place, (parameter, shape)) in graph.parameters().into_iter().enumerate() {
            let owner = network.adopt(parameter, place, &at, &edge_at);
            network.places.extend(owner.map(|owner| Place {
                parameter,
                shape,
                owner,
            }));
        }
        network.at = at;
        network
    }

    /// Store the position of a block with its owner.
    fn adopt(
        &mut self,
        parameter: Parameter,
        place: usize,
        at: &BTreeMap<LayerId, usize>,
        edge_at: &BTreeMap<ConnectionId, usize>,
    ) -> Option<Owner> {
        match parameter {
            Parameter::Weight(id) => {
                let e = *edge_at.get(&id)?;
                self.edges[e].weight = Some(place);
                Some(Owner::Weight(e))
            }
            Parameter::Gain(id) => {
                let e = *edge_at.get(&id)?;
                self.edges[e].gains = Some(place);
                Some(Owner::Gain(e))
            }
            Parameter::Bias(id) => {
                let n = *at.get(&id)?;
                self.nodes[n].bias = Some(place);
                Some(Owner::Node(n))
            }
            Parameter::Scale(id) => {
                let n = *at.get(&id)?;
                self.nodes[n].norm.as_mut()?.scale = place;
                Some(Owner::Node(n))
            }
            Parameter::Shift(id) => {
                let n = *at.get(&id)?;
                self.nodes[n].norm.as_mut()?.shift = place;
                Some(Owner::Node(n))
            }
            Parameter::Mean(id) | Parameter::Variance(id) => {
                let n = *at.get(&id)?;
                if let Over::Batch { mean, variance } = &mut self.nodes[n].norm.as_mut()?.over {
                    *(if parameter == Parameter::Mean(id) {
                        mean
                    } else {
                        variance
                    }) = place;
                }
                Some(Owner::Statistic)
            }
        }
    }

    /// Returns whether a graph has the same layers, widths and connections.
    pub(super) fn same(&self, graph: &Graph) -> bool {
        let same_layer = |(n, l): (&Node, &Layer)| {
            n.id == l.id
                && n.width() == l.width()
                && n.activation == l.activation
                && n.bias.is_some() == l.bias
                && n.norm.is_some() == (l.normalisation != Normalisation::None)
                && n.norm.is_none_or(|norm| norm.over.is(l.normalisation, l.width()))
                && (n.grid, n.pool, n.dropout) == (l.grid, l.pool, l.dropout)
        };
        graph.layers().count() == self.nodes.len()
            && self.nodes.iter().zip(graph.layers()).all(same_layer)
            && graph.connections().count() == self.edges.len()
            && self.edges.iter().zip(graph.connections()).all(|(e, c)| {
                let ends = (self.nodes[e.from].id, self.nodes[e.to].id);
                e.id == c.id && ends == (c.from, c.to) && (e.gain, e.link) == (c.gain, c.link)
            })
    }

    /// Take over learning-rate scales and unit ids of a graph that is the [`same`](Self::same).
    pub(super) fn refresh(&mut self, graph: &Graph) {
        for (node, layer) in self.nodes.iter_mut().zip(graph.layers()) {
            node.rate = layer.lr_scale;
            node.incoming_lr_scale = PerUnit::of(layer.units.iter().map(|u| u.incoming_lr_scale));
            node.outgoing_lr_scale = PerUnit::of(layer.units.iter().map(|u| u.outgoing_lr_scale));
            for (id, unit) in node.units.iter_mut().zip(&layer.units) {
                *id = unit.id;
            }
        }
        for (edge, connection) in self.edges.iter_mut().zip(graph.connections()) {
            edge.rate = connection.lr_scale;
        }
    }

    pub(super) fn position(&self, id: LayerId) -> Option<usize> {
        self.at.get(&id).copied()
    }

    /// Layers and units that are held at constants, by position.
    pub(super) fn held(&self, layers: &[(LayerId, Vec<(UnitId, f32)>)]) -> Result<Vec<Held>, BackendError> {
        let of_layer = |(id, units): &(LayerId, Vec<(UnitId, f32)>)| {
            let layer = self.position(*id).ok_or(BackendError::NoLayer(*id))?;
            let place = |&(unit, constant): &(UnitId, f32)| {
                let place = self.nodes[layer].units.iter().position(|&u| u == unit);
                let place = place.ok_or(BackendError::NoUnit { layer: *id, unit })?;
                Ok((place, constant))
            };
            let units: Result<_, BackendError> = units.iter().map(place).collect();
            Ok((layer, units?))
        };
        layers.iter().map(of_layer).collect()
    }

    /// The position of a parameter block.
    pub(super) fn place(&self, parameter: Parameter) -> Option<usize> {
        self.places.binary_search_by(|p| p.parameter.cmp(&parameter)).ok()
    }

    /// Multiply-adds of a connection for one row.
    pub(super) fn multiply_adds(&self, e: usize) -> usize {
        let edge = &self.edges[e];
        let (rows, columns) = edge.weight.map_or((0, 0), |weight| self.places[weight].shape);
        rows * columns * self.nodes[edge.to].grid.positions()
    }

    /// Number of weights into the unit of an entry of a block ([`dentate_core::Expr::fan_in`]).
    pub(super) fn fan_in(&self, place: usize) -> f32 {
        let columns = |weight: usize| self.places[weight].shape.1;
        let all = match self.places[place].owner {
            Owner::Weight(_) => columns(place),
            Owner::Node(n) if self.nodes[n].bias == Some(place) => {
                let into = self.nodes[n].incoming.iter();
                into.filter_map(|&e| self.edges[e].weight).map(columns).sum()
            }
            Owner::Node(_) | Owner::Gain(_) | Owner::Statistic => 0,
        };
        all as f32
    }

    /// Returns whether any weight of a connection learns.
    pub(super) fn weight_learns(&self, e: usize) -> bool {
        let edge = &self.edges[e];
        let (from, to) = (&self.nodes[edge.from], &self.nodes[edge.to]);
        edge.weight.is_some()
            && edge.rate > 0.0
            && (to.incoming_lr_scale.any() || (edge.heeds_sources() && from.outgoing_lr_scale.any()))
    }

    /// Returns whether the gains of a connection learn.
    pub(super) fn gain_learns(&self, e: usize) -> bool {
        self.edges[e].gains.is_some() && self.edges[e].rate > 0.0
    }

    /// Returns whether any entry of a parameter block learns.
    pub(super) fn learns(&self, place: usize) -> bool {
        match self.places[place].owner {
            Owner::Weight(e) => self.weight_learns(e),
            Owner::Gain(e) => self.gain_learns(e),
            Owner::Node(n) => self.nodes[n].learns(),
            Owner::Statistic => false,
        }
    }

    /// The learning-rate scale of a whole block, if all entries have the same.
    pub(super) fn rate(&self, place: usize) -> Option<f32> {
        let same = |rates: &PerUnit| match rates {
            PerUnit::Same(rate) => Some(*rate),
            PerUnit::Each(_) => None,
        };
        match self.places[place].owner {
            Owner::Statistic => Some(0.0),
            Owner::Gain(e) => Some(self.edges[e].rate),
            Owner::Node(n) => same(&self.nodes[n].incoming_lr_scale).map(|rate| self.nodes[n].rate * rate),
            Owner::Weight(e) => {
                let edge = &self.edges[e];
                let least = if edge.heeds_sources() {
                    same(&self.nodes[edge.from].outgoing_lr_scale)?
                } else {
                    0.0
                };
                same(&self.nodes[edge.to].incoming_lr_scale).map(|rate| edge.rate * rate.max(least))
            }
        }
    }

    /// The learning-rate scales of one stored row of a block: one for all of its entries, or written to `each`.
    ///
    /// For a weight: the connection's × max(target's incoming, source's outgoing). For a bias, scale or shift: the layer's ×
    /// its unit's incoming. For a gain: the connection's.
    pub(super) fn rates(&self, place: usize, row: usize, each: &mut Vec<f32>) -> Option<f32> {
        each.clear();
        match self.places[place].owner {
            Owner::Statistic => Some(0.0),
            Owner::Gain(e) => Some(self.edges[e].rate),
            Owner::Node(n) => scaled(&self.nodes[n].incoming_lr_scale, self.nodes[n].rate, 0.0, each),
            Owner::Weight(e) => {
                let edge = &self.edges[e];
                let least = if edge.heeds_sources() {
                    self.nodes[edge.from].outgoing_lr_scale.at(row / edge.each)
                } else {
                    0.0
                };
                scaled(&self.nodes[edge.to].incoming_lr_scale, edge.rate, least, each)
            }
        }
    }
}

fn scaled(rates: &PerUnit, factor: f32, least: f32, each: &mut Vec<f32>) -> Option<f32> {
    match rates {
        PerUnit::Same(rate) => Some(factor * rate.max(least)),
        PerUnit::Each(rates) => {
            each.extend(rates.iter().map(|rate| factor * rate.max(least)));
            None
        }
    }
}

//! The architecture of a network: a directed acyclic graph of layers joined by connections. It holds no weights; these are in
//! a [`Backend`](crate::Backend).
//!
//! A layer sums the inputs from its connections, adds its bias, normalises and activates:
//! `h = drop(pool(f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))))`, `W_c` being a matrix, a convolution or the identity ([`Link`]).
//!
//! Learning-rate scales: a weight's is its connection's × the larger of its target unit's incoming and its source unit's outgoing
//! scale; that of a bias, scale or shift is its layer's × its unit's incoming one; a gain's is its connection's, so that a
//! connection with a gain is frozen by its own scale and not by that of its target's units. In a convolution with groups, source
//! units have no influence on it.

use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::layer::{Head, Layer, Normalisation, Role};
use crate::space::{Groups, Link};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

mod assembly;
mod check;
mod together;
pub use assembly::{AssemblyError, NextIds};
pub use check::Broken;
pub(crate) use check::{fits, good};

/// A learned factor on the values that a connection passes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gain {
    /// No gain.
    #[default]
    None,
    /// One scalar for the whole connection.
    Scalar,
    /// One factor for each source unit.
    PerUnit,
}

/// A connection from one layer to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Source layer.
    pub from: LayerId,
    /// Target layer.
    pub to: LayerId,
    /// The kind of connection.
    pub link: Link,
    /// Its gain.
    pub gain: Gain,
    /// The initial value of new gains.
    pub gain_start: f32,
    /// Learning-rate scale of all its parameters. 1 learns normally, 0 is frozen.
    pub lr_scale: f32,
}

/// A parameter block of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Parameter {
    /// Weights `[target units, values a source unit has to it × source units]`: 1 between plain layers, the positions from a grid,
    /// the places of the kernel in a convolution, source unit by source unit. A convolution in groups has only the source units of
    /// one group.
    Weight(ConnectionId),
    /// Gains `[1, 1]` or `[1, source units]`.
    Gain(ConnectionId),
    /// Biases `[1, units]`.
    Bias(LayerId),
    /// Scale of a normalisation `[1, units]`.
    Scale(LayerId),
    /// Shift of a normalisation `[1, units]`.
    Shift(LayerId),
    /// Running mean of a batch norm `[1, units]`. It is not learned: no optimizer and no expression changes it.
    Mean(LayerId),
    /// Running variance of a batch norm `[1, units]`, not learned either.
    Variance(LayerId),
}

impl Parameter {
    /// Returns whether it is learned, as opposed to a statistic of training.
    #[must_use]
    pub fn learned(self) -> bool {
        !matches!(self, Self::Mean(_) | Self::Variance(_))
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weight(c) => write!(f, "connection-{}/weight", c.0),
            Self::Gain(c) => write!(f, "connection-{}/gain", c.0),
            Self::Bias(l) => write!(f, "layer-{}/bias", l.0),
            Self::Scale(l) => write!(f, "layer-{}/scale", l.0),
            Self::Shift(l) => write!(f, "layer-{}/shift", l.0),
            Self::Mean(l) => write!(f, "layer-{}/mean", l.0),
            Self::Variance(l) => write!(f, "layer-{}/variance", l.0),
        }
    }
}

/// A network's architecture.
///
/// ```
/// use dentate_core::{Activation, Graph, Init, Moment, PlanBuilder, Seed, mlp};
///
/// let plan = mlp(4, &[8], Activation::Relu, Init::He, Seed(1));
/// let (graph, _) = Graph::empty().apply(&plan, Moment::default())?;
/// assert_eq!(graph.parameter_count(), (4 + 1) * 8);
///
/// let hidden = graph.hidden().next().unwrap().id;
/// let mut plan = PlanBuilder::new(&graph, "wider", Seed(2));
/// plan.widen(hidden, 2, Init::He, Init::Zero);
/// let (grown, receipt) = graph.apply(&plan.finish(), Moment::default())?;
/// assert_eq!((grown.parameter_count(), receipt.born.len()), ((4 + 1) * 10, 2));
/// assert_eq!(graph.parameter_count(), 40); // a graph is a value: the old one is unchanged
/// # Ok::<(), dentate_core::PlanError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    pub(crate) layers: BTreeMap<LayerId, Layer>,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) next_layer: u32,
    pub(crate) next_connection: u32,
    pub(crate) next_unit: u64,
}

impl Graph {
    /// An empty graph: every network starts from it and is built by a plan.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The layer with this id.
    #[must_use]
    pub fn layer(&self, id: LayerId) -> Option<&Layer> {
        self.layers.get(&id)
    }

    /// The layer with this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Layer> {
        self.layers.values().find(|l| l.name == name)
    }

    /// All layers, oldest first.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        self.layers.values()
    }

    /// The connection with this id.
    #[must_use]
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id)
    }

    /// All connections, oldest first.
    pub fn connections(&self) -> impl DoubleEndedIterator<Item = &Connection> {
        self.connections.values()
    }

    /// Connections into a layer, oldest first.
    pub fn into_layer(&self, id: LayerId) -> impl Iterator<Item = &Connection> {
        self.connections.values().filter(move |c| c.to == id)
    }

    /// Connections out of a layer, oldest first.
    pub fn out_of(&self, id: LayerId) -> impl Iterator<Item = &Connection> {
        self.connections.values().filter(move |c| c.from == id)
    }

    /// The input layer.
    #[must_use]
    pub fn input(&self) -> Option<&Layer> {
        self.layers.values().find(|l| l.role == Role::Input)
    }

    /// Hidden layers, oldest first.
    pub fn hidden(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        self.layers.values().filter(|l| l.role == Role::Hidden)
    }

    /// Heads, oldest first.
    pub fn heads(&self) -> impl DoubleEndedIterator<Item = (&Layer, &Head)> {
        self.layers.values().filter_map(|l| l.head().map(|h| (l, h)))
    }

    /// The id of the next layer to be added.
    #[must_use]
    pub fn next_layer(&self) -> LayerId {
        LayerId(self.next_layer)
    }

    /// The id of the next connection.
    #[must_use]
    pub fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.next_connection)
    }

    /// The id of the next unit.
    #[must_use]
    pub fn next_unit(&self) -> UnitId {
        UnitId(self.next_unit)
    }

    /// Every parameter block with its shape (rows, columns), in a fixed order.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<Parameter, (usize, usize)> {
        let width = |id| self.layers.get(&id).map_or(0, Layer::width);
        let mut all = BTreeMap::new();
        for c in self.connections.values() {
            if let Some(shape) = self.weights_of(c) {
                all.insert(Parameter::Weight(c.id), shape);
            }
            match c.gain {
                Gain::None => None,
                Gain::Scalar => all.insert(Parameter::Gain(c.id), (1, 1)),
                Gain::PerUnit => all.insert(Parameter::Gain(c.id), (1, width(c.from))),
            };
        }
        for l in self.layers.values() {
            let shape = (1, l.width());
            if l.bias {
                all.insert(Parameter::Bias(l.id), shape);
            }
            if l.normalisation != Normalisation::None {
                all.insert(Parameter::Scale(l.id), shape);
                all.insert(Parameter::Shift(l.id), shape);
            }
            if l.normalisation == Normalisation::BatchNorm {
                all.insert(Parameter::Mean(l.id), shape);
                all.insert(Parameter::Variance(l.id), shape);
            }
        }
        all
    }

    /// The number of columns in a connection's weights for each source unit that a target unit sees.
    #[must_use]
    pub fn columns_each(&self, c: &Connection) -> usize {
        match c.link {
            Link::Dense => self.layers.get(&c.from).map_or(1, |l| l.outputs().positions()),
            Link::Convolution { window, .. } => window.area(),
            Link::Direct => 0,
        }
    }

    /// The shape of a connection's weights; `None` for a connection without weights.
    #[must_use]
    pub fn weights_of(&self, c: &Connection) -> Option<(usize, usize)> {
        let width = |id| self.layers.get(&id).map_or(0, Layer::width);
        let seen = match c.link {
            Link::Direct => return None,
            Link::Convolution {
                groups: Groups::Depthwise,
                ..
            } => 1,
            Link::Convolution {
                groups: Groups::Count(n),
                ..
            } => width(c.from) / (n as usize).max(1),
            Link::Dense | Link::Convolution { .. } => width(c.from),
        };
        Some((width(c.to), seen * self.columns_each(c)))
    }

    /// Number of parameters, frozen ones included.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        let learned =
            |(p, (r, c)): (Parameter, (usize, usize))| if p.learned() { r.saturating_mul(c) } else { 0 };
        self.parameters().into_iter().map(learned).sum()
    }

    /// Multiply-adds of one sample's forward pass through the whole graph.
    #[must_use]
    pub fn multiply_adds(&self) -> u64 {
        self.multiply_adds_to(&self.layers.keys().copied().collect())
    }

    /// Multiply-adds of one sample's forward pass to these layers.
    #[must_use]
    pub fn multiply_adds_to(&self, targets: &BTreeSet<LayerId>) -> u64 {
        let needed = self.ancestors(targets);
        let positions = |id| self.layers.get(&id).map_or(1, |l| l.grid.positions()) as u64;
        let weights = |c: &Connection| self.weights_of(c).map_or(0, |(r, c)| r as u64 * c as u64);
        self.connections
            .values()
            .filter(|c| needed.contains(&c.to))
            .map(|c| weights(c) * positions(c.to))
            .sum()
    }

    /// These layers and all their ancestors.
    #[must_use]
    pub fn ancestors(&self, of: &BTreeSet<LayerId>) -> BTreeSet<LayerId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<LayerId> = of.iter().copied().collect();
        while let Some(id) = open.pop() {
            if self.layers.contains_key(&id) && found.insert(id) {
                open.extend(self.into_layer(id).map(|c| c.from));
            }
        }
        found
    }

    /// Layers in topological order: each after all layers that feed it, among equals the oldest first. Layers on a
    /// cycle are left out (a checked graph has none).
    #[must_use]
    pub fn order(&self) -> Vec<LayerId> {
        let mut waiting: BTreeMap<LayerId, usize> = self.layers.keys().map(|&l| (l, 0)).collect();
        for c in self.connections.values() {
            if let Some(n) = waiting.get_mut(&c.to) {
                *n += 1;
            }
        }
        let mut ready: BTreeSet<LayerId> = waiting
            .iter()
            .filter(|(_, n)| **n == 0)
            .map(|(l, _)| *l)
            .collect();
        let mut order = Vec::with_capacity(self.layers.len());
        while let Some(id) = ready.pop_first() {
            order.push(id);
            for c in self.out_of(id) {
                if let Some(n) = waiting.get_mut(&c.to) {
                    *n -= 1;
                    if *n == 0 {
                        ready.insert(c.to);
                    }
                }
            }
        }
        order
    }
}

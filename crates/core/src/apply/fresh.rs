//! Initial values of new parameters: blocks of weights by rule or as given, and the initial values of normalisations.

use super::draft::Start;
use super::error::Problem;
use crate::graph::{Connection, Graph, Parameter};
use crate::ids::ConnectionId;
use crate::init::{Init, NewWeights};
use crate::layer::{Layer, Normalisation};
use crate::seed::Seed;
use crate::space::Link;
use ndarray::Array2;

/// The side of a connection that the new units are on.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Incoming,
    Outgoing,
}

/// A block of weights: its connection, its shape, and the number of columns for each source unit.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    pub(super) connection: ConnectionId,
    pub(super) shape: (usize, usize),
    pub(super) each: usize,
    /// True if a row has the columns of a single source unit.
    depthwise: bool,
}

impl Weights {
    pub(super) fn of(graph: &Graph, c: &Connection) -> Option<Self> {
        Some(Self {
            connection: c.id,
            shape: graph.weights_of(c)?,
            each: graph.columns_each(c),
            depthwise: c.link.one_to_one(),
        })
    }

    /// Returns whether adding or removing units of the source changes columns.
    pub(super) fn follows_source(&self, link: Link) -> Result<bool, Problem> {
        if link.in_groups() {
            Err(Problem::Groups(self.connection))
        } else {
            Ok(!link.one_to_one())
        }
    }
}

/// The values for one edit's new units on one connection: `[count, columns]` incoming, `[rows, columns of count]` outgoing.
pub(super) fn draw(
    start: &Start,
    edit: usize,
    seed: Seed,
    block: Weights,
    side: Side,
) -> Result<Array2<f32>, Problem> {
    let (rows, columns) = block.shape;
    let (weights, shape, word) = match side {
        Side::Incoming => (&start.incoming, (start.count, columns), "incoming"),
        Side::Outgoing => (&start.outgoing, (rows, start.count * block.each), "outgoing"),
    };
    let seed = seed.derive(&format!("edit {edit}/{}/{word}", block.connection));
    values(weights, block, shape, seed)
}

/// A block by rule, or as given.
pub(super) fn values(
    weights: &NewWeights,
    block: Weights,
    shape: (usize, usize),
    seed: Seed,
) -> Result<Array2<f32>, Problem> {
    match weights.given.get(&block.connection) {
        None if block.depthwise && weights.rule == Init::Identity => {
            let middle = |(_, j)| if j == block.each / 2 { 1.0 } else { 0.0 };
            Ok(Array2::from_shape_fn(shape, middle))
        }
        None => Ok(weights
            .rule
            .draw(shape, block.each, block.shape.1, &mut seed.random())),
        Some(given) if given.dim() == shape => Ok(given.clone()),
        Some(given) => Err(Problem::Shape {
            parameter: Parameter::Weight(block.connection),
            given: given.dim(),
            expected: shape,
        }),
    }
}

/// The blocks of a layer's normalisation, with their initial values.
pub(super) fn normalised(layer: &Layer, mut block: impl FnMut(Parameter, f32)) {
    let id = layer.id;
    if layer.normalisation != Normalisation::None {
        block(Parameter::Scale(id), 1.0);
        block(Parameter::Shift(id), 0.0);
    }
    if layer.normalisation == Normalisation::BatchNorm {
        block(Parameter::Mean(id), 0.0);
        block(Parameter::Variance(id), 1.0);
    }
}

//! Weights of a connection as if it were new.

use dentate_core::{Connection, Graph, Init, Parameter, Seed};
use ndarray::Array2;

/// The weights of a connection, drawn as the network's first ones were, each block by itself; `None` for one without weights.
pub(super) fn weights(
    graph: &Graph,
    connection: &Connection,
    init: Init,
    seed: Seed,
) -> Option<(Parameter, Array2<f32>)> {
    let parameter = Parameter::Weight(connection.id);
    let (rows, columns) = graph.weights_of(connection)?;
    let mut random = seed.derive(&parameter.to_string()).random();
    let each = graph.columns_each(connection);
    Some((parameter, init.draw((rows, columns), each, columns, &mut random)))
}

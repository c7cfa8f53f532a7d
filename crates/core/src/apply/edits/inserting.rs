//! Insertion of an identity layer into a connection.

use crate::apply::checks::check_id;
use crate::apply::draft::{Added, Draft};
use crate::apply::error::Problem;
use crate::graph::{Connection, Gain};
use crate::ids::{ConnectionId, LayerId};
use crate::init::Init;
use crate::layer::Activation;
use crate::plan::NewLayer;
use crate::space::{Grid, Link, Window};

/// A layer to insert.
pub(super) struct Inserted<'a> {
    pub(super) id: LayerId,
    pub(super) inner: ConnectionId,
    pub(super) name: &'a str,
    pub(super) activation: Activation,
    pub(super) skip: bool,
}

impl Draft<'_> {
    pub(super) fn insert_identity(
        &mut self,
        edit: usize,
        connection: ConnectionId,
        inserted: Inserted<'_>,
    ) -> Result<(), Problem> {
        let Inserted {
            id,
            inner,
            name,
            activation,
            skip,
        } = inserted;
        let c = self
            .graph
            .connections
            .get(&connection)
            .ok_or(Problem::NoConnection(connection))?
            .clone();
        if self.units.contains_key(&c.from) {
            return Err(Problem::Conflict(c.from));
        }
        check_id(inner.0, self.graph.next_connection)?;
        let source = self.layer(c.from)?;
        let grid = source.outputs();
        let new = NewLayer::hidden(name, source.width(), activation).on(grid);
        self.add_layer(id, &new)?;
        self.graph.next_connection += 1;
        let identity = Connection {
            id: inner,
            from: c.from,
            to: id,
            link: if skip {
                Link::Direct
            } else {
                identity(c.link, grid)
            },
            gain: Gain::None,
            gain_start: 1.0,
            lr_scale: 1.0,
        };
        self.added.insert(
            inner,
            Added {
                edit,
                weights: Init::Identity.into(),
            },
        );
        self.graph.connections.insert(inner, identity);
        self.graph.connections.insert(
            connection,
            Connection {
                from: id,
                ..c.clone()
            },
        );
        self.pinned.extend([c.from, id]);
        Ok(())
    }
}

/// The link of an identity layer behind a layer on `grid`, inserted where `link` was before: a convolution with the same kernel
/// size, if that has a centre.
fn identity(link: Link, grid: Grid) -> Link {
    if grid == Grid::POINT {
        return Link::Dense;
    }
    let kernel = match link {
        Link::Convolution { window, .. } if window.kernel.iter().all(|k| k % 2 == 1) => window.kernel,
        _ => [3; 2],
    };
    Link::convolution(Window {
        kernel,
        stride: [1; 2],
        padding: kernel.map(|k| k / 2),
    })
}

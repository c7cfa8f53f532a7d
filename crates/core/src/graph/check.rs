//! The invariants of a graph, checked from scratch: after every mutation in debug builds, and by the property tests.

use super::Graph;
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::layer::{Layer, Role};
use crate::space::{Grid, Groups, Link};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// A graph that is not well-formed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A connection starts or ends at a layer that does not exist.
    #[error("{0} starts or ends at a layer that does not exist")]
    Dangling(ConnectionId),
    /// There is a cycle.
    #[error("there is a cycle through {0}")]
    Cycle(LayerId),
    /// A layer has no units.
    #[error("{0} has no unit")]
    Empty(LayerId),
    /// More than one input layer.
    #[error("{0} is a second input layer")]
    Inputs(LayerId),
    /// The input layer is fed by a connection.
    #[error("{0} leads into the input layer")]
    IntoInput(ConnectionId),
    /// Two connections join the same two layers.
    #[error("{0} joins two layers that another connection joins already")]
    Parallel(ConnectionId),
    /// Two layers have the same name.
    #[error("two layers are called `{0}`")]
    Name(String),
    /// A unit id occurs twice.
    #[error("{0} lives twice")]
    Twice(UnitId),
    /// An id is not below the counter of next ids.
    #[error("{0} was never handed out")]
    Unissued(UnitId),
    /// A head's classes do not match its units.
    #[error("{0} has another number of classes than units")]
    Classes(LayerId),
    /// Layers of one width group differ in width.
    #[error("{0} and {1} are tied but differ in width")]
    Tied(LayerId, LayerId),
    /// The positions of a connection's output differ from those of its target layer.
    #[error("{0} does not bring what the grid of the layer it leads to has room for")]
    Grid(ConnectionId),
    /// The groups of a convolution do not divide the widths of its ends.
    #[error("{0} has groups that do not divide the widths of the layers it joins")]
    Groups(ConnectionId),
    /// The layout of a layer is impossible.
    #[error("{0} is laid out on an empty grid, or its pooling does not fit into it")]
    Layout(LayerId),
    /// A head has more than one position.
    #[error("{0} is a head and needs a single position: pool globally, or lead a dense connection into it")]
    Head(LayerId),
    /// A learning-rate scale is negative or not finite.
    #[error("{0} has a rate that is negative or not finite")]
    Rate(LayerId),
}

impl Graph {
    /// Checks every invariant from scratch.
    ///
    /// # Errors
    /// The first [`Broken`] invariant found.
    pub fn check(&self) -> Result<(), Broken> {
        self.check_layers()?;
        self.check_units()
    }

    /// Checks the invariants over more than one layer or connection, at a cost independent of widths. The invariants of single
    /// units are left out, since edits maintain them: ids come from a counter, learning-rate scales are checked when they are
    /// set.
    ///
    /// # Errors
    /// The first [`Broken`] invariant found.
    pub(crate) fn check_layers(&self) -> Result<(), Broken> {
        self.check_connections()?;
        let order: BTreeSet<LayerId> = self.order().into_iter().collect();
        if let Some(&id) = self.layers.keys().find(|id| !order.contains(id)) {
            return Err(Broken::Cycle(id));
        }
        let (mut names, mut ties) = (BTreeSet::new(), BTreeMap::new());
        let mut input = None;
        for (&id, layer) in &self.layers {
            if layer.units.is_empty() {
                return Err(Broken::Empty(id));
            }
            if layer.role == Role::Input && input.replace(id).is_some() {
                return Err(Broken::Inputs(id));
            }
            if !names.insert(&layer.name) {
                return Err(Broken::Name(layer.name.clone()));
            }
            if layer
                .head()
                .is_some_and(|h| !h.classes.is_empty() && h.classes.len() != layer.width())
            {
                return Err(Broken::Classes(id));
            }
            if layer.grid.positions() == 0 || layer.pool.over(layer.grid).is_none() {
                return Err(Broken::Layout(id));
            }
            if layer.head().is_some() && layer.outputs() != Grid::POINT {
                return Err(Broken::Head(id));
            }
            if !good(layer.lr_scale) {
                return Err(Broken::Rate(id));
            }
            if let Some(width_group) = layer.width_group {
                let (first, width) = *ties.entry(width_group).or_insert((id, layer.width()));
                if width != layer.width() {
                    return Err(Broken::Tied(first, id));
                }
            }
        }
        Ok(())
    }

    fn check_units(&self) -> Result<(), Broken> {
        let mut seen = Vec::new();
        for (&id, layer) in &self.layers {
            seen.extend(layer.units.iter().map(|u| u.id));
            for unit in &layer.units {
                if unit.id.0 >= self.next_unit {
                    return Err(Broken::Unissued(unit.id));
                }
                if !good(unit.incoming_lr_scale) || !good(unit.outgoing_lr_scale) {
                    return Err(Broken::Rate(id));
                }
            }
        }
        // Layers hold runs of rising ids, which this sort finds and merges; a set would look up each of them.
        seen.sort();
        match seen.windows(2).find(|w| w[0] == w[1]) {
            Some(twice) => Err(Broken::Twice(twice[0])),
            None => Ok(()),
        }
    }

    fn check_connections(&self) -> Result<(), Broken> {
        let mut pairs = BTreeSet::new();
        for (&id, c) in &self.connections {
            let (Some(from), Some(to)) = (self.layers.get(&c.from), self.layers.get(&c.to)) else {
                return Err(Broken::Dangling(id));
            };
            fits(id, c.link, from, to)?;
            if to.role == Role::Input {
                return Err(Broken::IntoInput(id));
            }
            if !pairs.insert((c.from, c.to)) {
                return Err(Broken::Parallel(id));
            }
            if !good(c.lr_scale) {
                return Err(Broken::Rate(c.to));
            }
        }
        Ok(())
    }
}

/// Checks that a connection matches the layers it joins.
pub(crate) fn fits(id: ConnectionId, link: Link, from: &Layer, to: &Layer) -> Result<(), Broken> {
    if link.over(from.outputs()) != Some(to.grid) || (link == Link::Dense && to.grid != Grid::POINT) {
        return Err(Broken::Grid(id));
    }
    if link.one_to_one() && from.width() != to.width() {
        return Err(Broken::Tied(from.id, to.id));
    }
    if let Link::Convolution {
        groups: Groups::Count(n),
        ..
    } = link
    {
        let divides = |width: usize| n > 0 && width.is_multiple_of(n as usize);
        if !divides(from.width()) || !divides(to.width()) {
            return Err(Broken::Groups(id));
        }
    }
    Ok(())
}

/// Returns whether a number is a valid learning-rate scale.
pub(crate) fn good(rate: f32) -> bool {
    rate.is_finite() && rate >= 0.0
}

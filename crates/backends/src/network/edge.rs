//! A connection in the form a pass needs.

use super::node::Node;
use dentate_core::{Connection, ConnectionId, Gain, Groups, Link, Window};
use std::ops::Range;

/// A connection.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) id: ConnectionId,
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Its weights, if any.
    pub(crate) weight: Option<usize>,
    pub(crate) link: Link,
    /// Number of columns of its weights that belong to one source unit.
    pub(crate) each: usize,
    pub(crate) gain: Gain,
    pub(crate) gains: Option<usize>,
    pub(crate) rate: f32,
}

impl Edge {
    /// Its window and number of groups, if it is a convolution.
    pub(crate) fn convolution(&self, sources: usize) -> Option<(Window, usize)> {
        match self.link {
            Link::Convolution { window, groups } => Some((window, cut(groups, sources))),
            Link::Dense | Link::Direct => None,
        }
    }

    /// The position of the weights out of a source unit: the first of its [`each`](Self::each) columns, and the target units.
    pub(crate) fn outgoing(&self, from: &Node, to: &Node, unit: usize) -> (usize, Range<usize>) {
        let groups = self.convolution(from.width()).map_or(1, |(_, groups)| groups);
        let (sources, targets) = (from.width() / groups, to.width() / groups);
        let group = unit / sources;
        let first = (unit % sources) * self.each;
        (first, group * targets..(group + 1) * targets)
    }

    /// Returns whether a source unit's outgoing learning-rate scale applies to its weights.
    pub(super) fn heeds_sources(&self) -> bool {
        match self.link {
            Link::Convolution { groups, .. } => groups == Groups::One,
            Link::Dense | Link::Direct => true,
        }
    }
}

fn cut(groups: Groups, sources: usize) -> usize {
    match groups {
        Groups::One => 1,
        Groups::Count(n) => (n as usize).max(1),
        Groups::Depthwise => sources,
    }
}

pub(super) fn edge(c: &Connection, each: usize, from: usize, to: usize) -> Edge {
    Edge {
        id: c.id,
        from,
        to,
        weight: None,
        link: c.link,
        each,
        gain: c.gain,
        gains: None,
        rate: c.lr_scale,
    }
}

//! Width groups of the tracked network.

use super::{Writer, pick};
use dentate_core::{Connection, LayerId};
use std::collections::BTreeSet;

impl Writer {
    /// Returns whether a layer is the source or target of a grouped convolution.
    pub(super) fn grouped(&self, id: LayerId) -> bool {
        let mut connections = self.network().connections.values();
        connections.any(|c| c.link.in_groups() && (c.from == id || c.to == id))
    }

    /// A layer and those that have to be resized with it.
    pub(super) fn group(&self, id: LayerId) -> Vec<LayerId> {
        let (layers, mut group) = (&self.network().layers, BTreeSet::from([id]));
        let connections = || {
            self.network()
                .connections
                .values()
                .filter(|c| c.link.one_to_one())
        };
        loop {
            let before = group.len();
            for layer in layers.values() {
                let tied =
                    |l: &LayerId| layer.width_group.is_some() && layers[l].width_group == layer.width_group;
                if group.iter().any(tied) {
                    group.insert(layer.id);
                }
            }
            for c in connections() {
                if group.contains(&c.from) || group.contains(&c.to) {
                    group.extend([c.from, c.to]);
                }
            }
            if group.len() == before {
                return group.into_iter().collect();
            }
        }
    }

    /// A position at which every layer of a group has a unit that existed before this plan.
    pub(super) fn common(&self, group: &[LayerId], by: u16) -> Option<usize> {
        let old = |i: &usize| {
            let unit = |l: &LayerId| self.network().layers[l].units.get(*i);
            group
                .iter()
                .all(|l| unit(l).is_some_and(|u| u.id.0 < self.first_newborn))
        };
        let width = self.network().layers[&group[0]].width();
        pick(&(0..width).filter(old).collect::<Vec<_>>(), by)
    }

    pub(super) fn feeds(&self, from: LayerId, to: LayerId) -> bool {
        let mut found = BTreeSet::from([from]);
        let connections: Vec<&Connection> = self.network().connections.values().collect();
        while connections
            .iter()
            .any(|c| found.contains(&c.from) && found.insert(c.to))
        {}
        found.contains(&to)
    }
}

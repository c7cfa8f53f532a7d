//! The layers that have to be resized together, and those that cannot be resized.

use super::{Connection, Graph};
use crate::ids::LayerId;
use crate::layer::Role;
use std::collections::BTreeSet;

impl Graph {
    /// A layer and those whose widths change with it, itself first: layers of the same width group, and both ends of connections that
    /// join units one by one. Empty for a layer that does not exist.
    #[must_use]
    pub fn together(&self, id: LayerId) -> Vec<LayerId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        let mut all = Vec::new();
        while let Some(id) = open.pop() {
            let Some(layer) = self.layers.get(&id).filter(|_| found.insert(id)) else {
                continue;
            };
            all.push(id);
            let tied = self
                .layers
                .values()
                .filter(|l| l.width_group.is_some() && l.width_group == layer.width_group);
            open.extend(tied.map(|l| l.id));
            let one_to_one = self.connections.values().filter(|c| c.link.one_to_one());
            for c in one_to_one.filter(|c| c.from == id || c.to == id) {
                open.extend([c.from, c.to]);
            }
        }
        all
    }

    /// Returns whether units can be added to a layer and removed from it: neither it nor any layer resized with it is the input layer,
    /// or an end of a convolution in groups.
    #[must_use]
    pub fn resizable(&self, id: LayerId) -> bool {
        let held = |c: &Connection, l: LayerId| c.link.in_groups() && (c.from == l || c.to == l);
        let free = |l: &LayerId| {
            self.layers.get(l).is_some_and(|l| l.role != Role::Input)
                && !self.connections.values().any(|c| held(c, *l))
        };
        let all = self.together(id);
        !all.is_empty() && all.iter().all(free)
    }

    /// Returns whether units of a layer can be replaced: it is not the input layer, and feeds no convolution in groups.
    #[must_use]
    pub fn replaceable(&self, id: LayerId) -> bool {
        self.layers.get(&id).is_some_and(|l| l.role != Role::Input)
            && !self.out_of(id).any(|c| c.link.in_groups())
    }
}

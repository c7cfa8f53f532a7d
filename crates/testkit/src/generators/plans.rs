//! Plans relative to a graph.

use crate::naive::{Growing, Network};
use dentate_core::{Connection, Edit, Graph, Init, Layer, LayerId, Moment, Plan, Role, Seed, UnitId};
use proptest::prelude::*;
use std::collections::BTreeSet;

mod layers;
mod ties;
mod units;
mod values;

/// The description of an edit, whose meaning depends on the graph. Kinds: 0 add a layer, 1 connect, 2 widen, 3 split, 4 insert
/// an identity, 5 prune, 6 replace, 7 adjust, 8 set learning-rate scales, 9 add a head.
#[derive(Clone, Copy, Debug)]
pub struct Intent {
    /// The kind of the edit.
    pub kind: u8,
    /// Picks the first thing.
    pub a: u16,
    /// Picks the second thing.
    pub b: u16,
    /// Picks a variant.
    pub c: u16,
}

/// Up to `most` intents.
pub fn intents(most: usize) -> impl Strategy<Value = Vec<Intent>> {
    let one = (0u8..10, any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(kind, a, b, c)| Intent {
        kind,
        a,
        b,
        c,
    });
    prop::collection::vec(one, 0..=most)
}

/// A valid plan for `graph`. Intents that the graph cannot serve are left out.
#[must_use]
pub fn plan(graph: &Graph, intents: &[Intent], seed: Seed) -> Plan {
    let mut writer = Writer::new(graph, seed);
    for intent in intents {
        writer.write(*intent);
    }
    writer.finish()
}

/// A writer of a plan, which tracks the resulting network.
pub(super) struct Writer {
    pub(super) growing: Growing,
    seed: Seed,
    edits: Vec<Edit>,
    /// The index of the edit that is to fail, which is left as it is.
    faulty: Option<usize>,
    /// Adjustments that need the final shapes.
    late: Vec<Intent>,
    first_newborn: u64,
    first_new_connection: u32,
    old: BTreeSet<LayerId>,
    resized: BTreeSet<LayerId>,
    pinned: BTreeSet<LayerId>,
}

fn pick<T: Copy>(from: &[T], by: u16) -> Option<T> {
    (!from.is_empty()).then(|| from[by as usize % from.len()])
}

const RULES: [Init; 7] = [
    Init::Zero,
    Init::Constant(0.25),
    Init::Uniform(0.5),
    Init::Normal(0.5),
    Init::He,
    Init::FanIn,
    Init::Identity,
];

impl Writer {
    pub(super) fn new(graph: &Graph, seed: Seed) -> Self {
        Self {
            growing: Growing::new(Network::of(graph), Moment::default(), seed),
            seed,
            edits: Vec::new(),
            faulty: None,
            late: Vec::new(),
            first_newborn: graph.next_unit().0,
            first_new_connection: graph.next_connection().0,
            old: graph.layers().map(|l| l.id).collect(),
            resized: BTreeSet::new(),
            pinned: BTreeSet::new(),
        }
    }

    fn network(&self) -> &Network {
        &self.growing.network
    }

    /// Returns whether a connection existed before this plan.
    pub(super) fn was_joined(&self, connection: &Connection) -> bool {
        connection.id.0 < self.first_new_connection
    }

    pub(super) fn is_old(&self, layer: LayerId) -> bool {
        self.old.contains(&layer)
    }

    pub(super) fn len(&self) -> usize {
        self.edits.len()
    }

    fn push(&mut self, edit: Edit) {
        self.growing.edit(self.edits.len(), &edit);
        self.edits.push(edit);
    }

    /// Add an edit that is to fail; the tracked network does not apply it.
    pub(super) fn push_faulty(&mut self, edit: Edit) {
        self.faulty = Some(self.edits.len());
        self.edits.push(edit);
    }

    /// Layers that can be resized.
    pub(super) fn free(&self) -> Vec<LayerId> {
        let stuck = |l: &LayerId| {
            self.pinned.contains(l) || self.grouped(*l) || self.network().layers[l].role == Role::Input
        };
        let free = |l: &&Layer| !self.group(l.id).iter().any(stuck);
        self.network()
            .layers
            .values()
            .filter(free)
            .map(|l| l.id)
            .collect()
    }

    /// Units of a layer that existed before this plan.
    pub(super) fn elders(&self, id: LayerId) -> Vec<UnitId> {
        let units = self.network().layers[&id].units.iter().map(|u| u.id);
        units.filter(|u| u.0 < self.first_newborn).collect()
    }

    pub(super) fn write(&mut self, i: Intent) {
        match i.kind {
            0 => self.add_layer(i),
            1 => self.join(i),
            2 => self.widen(i),
            3 => self.split(i),
            4 => self.insert_identity(i),
            5 => self.prune(i),
            6 => self.replace(i),
            7 if i.c.is_multiple_of(3) => self.scale(i),
            7 => self.late.push(i),
            8 => self.rate(i),
            _ => self.add_head(i),
        }
    }

    /// Adjustments come last, and some new weights are given instead of drawn: both need the final shapes.
    pub(super) fn finish(mut self) -> Plan {
        self.adjust_late();
        self.give_weights();
        Plan {
            cause: "generated".into(),
            observed: None,
            seed: self.seed,
            edits: self.edits,
        }
    }
}

//! Plans relative to a graph.

use super::block;
use crate::naive::{Growing, Network};
use dentate_core::{
    Activation, Adjustment, Connection, Edit, Gain, Graph, Grid, Groups, Head, Init, Layer, LayerId, Link,
    Moment, NewLayer, NewWeights, Normalisation, Parameter, Plan, Pool, RateOf, Role, Seed, UnitId, Window,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What is wanted of an edit; what it means depends on the graph. Kinds: 0 add a layer, 1 connect, 2 widen, 3 split,
/// 4 insert an identity, 5 prune, 6 replace, 7 adjust, 8 set rates, 9 add a head.
#[derive(Clone, Copy, Debug)]
pub struct Intent {
    /// Which edit.
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

/// A valid plan for `graph`. Intents that nothing in the graph answers are left out.
#[must_use]
pub fn plan(graph: &Graph, intents: &[Intent], seed: Seed) -> Plan {
    let mut writer = Writer::new(graph, seed);
    for intent in intents {
        writer.write(*intent);
    }
    writer.finish()
}

/// Writes a plan, with the network as it would be so far at hand.
pub(super) struct Writer {
    pub(super) growing: Growing,
    seed: Seed,
    edits: Vec<Edit>,
    /// The edit that is to fail, which stays as it is.
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

const WINDOWS: [Window; 4] = [
    Window::square(1, 1, 0),
    Window::square(3, 1, 1),
    Window::square(2, 1, 0),
    Window::square(3, 2, 1),
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

    /// Whether a connection was there before this plan.
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

    /// An edit that is to fail: the network here does not follow it.
    pub(super) fn push_faulty(&mut self, edit: Edit) {
        self.faulty = Some(self.edits.len());
        self.edits.push(edit);
    }

    /// Layers that may be resized.
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

    /// Whether a layer stands at an end of a convolution in groups.
    fn grouped(&self, id: LayerId) -> bool {
        let cut = |c: &Connection| {
            matches!(
                c.link,
                Link::Convolution {
                    groups: Groups::Count(_),
                    ..
                }
            )
        };
        let mut connections = self.network().connections.values();
        connections.any(|c| cut(c) && (c.from == id || c.to == id))
    }

    /// A layer and those that have to be resized with it.
    fn group(&self, id: LayerId) -> Vec<LayerId> {
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
                let tied = |l: &LayerId| layer.tie.is_some() && layers[l].tie == layer.tie;
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

    /// A position at which every layer of a group has a unit that was there before this plan.
    fn common(&self, group: &[LayerId], by: u16) -> Option<usize> {
        let old = |i: &usize| {
            let unit = |l: &LayerId| self.network().layers[l].units.get(*i);
            group
                .iter()
                .all(|l| unit(l).is_some_and(|u| u.id.0 < self.first_newborn))
        };
        let width = self.network().layers[&group[0]].width();
        pick(&(0..width).filter(old).collect::<Vec<_>>(), by)
    }

    /// Units of a layer that were there before this plan.
    pub(super) fn elders(&self, id: LayerId) -> Vec<UnitId> {
        let units = self.network().layers[&id].units.iter().map(|u| u.id);
        units.filter(|u| u.0 < self.first_newborn).collect()
    }

    fn resize(&mut self, id: LayerId) {
        if self.old.contains(&id) {
            self.resized.insert(id);
        }
    }

    fn feeds(&self, from: LayerId, to: LayerId) -> bool {
        let mut found = BTreeSet::from([from]);
        let connections: Vec<&Connection> = self.network().connections.values().collect();
        while connections
            .iter()
            .any(|c| found.contains(&c.from) && found.insert(c.to))
        {}
        found.contains(&to)
    }

    /// Connect two layers in one of the ways that fit, if any does.
    fn connect(&mut self, from: LayerId, to: LayerId, i: Intent) {
        let (source, target) = (&self.network().layers[&from], &self.network().layers[&to]);
        let mut links = Vec::new();
        if target.grid == Grid::POINT {
            links.extend([Link::Dense; 3]);
        }
        let (widths, same) = ((source.width(), target.width()), source.width() == target.width());
        let kinds = [
            Some(Groups::One),
            same.then_some(Groups::Depthwise),
            (widths.0 % 2 == 0 && widths.1 % 2 == 0).then_some(Groups::Count(2)),
        ];
        for window in WINDOWS {
            if window.over(source.outputs()) == Some(target.grid) {
                let kinds = kinds.into_iter().flatten();
                links.extend(kinds.map(|groups| Link::Convolution { window, groups }));
            }
        }
        if same && source.outputs() == target.grid {
            links.push(Link::Direct);
        }
        let Some(link) = pick(&links, i.c / 3) else { return };
        self.push(Edit::Connect {
            id: dentate_core::ConnectionId(self.network().next_connection),
            from,
            to,
            link,
            weights: RULES[i.b as usize % RULES.len()].into(),
            gain: [Gain::None, Gain::Scalar, Gain::PerUnit][i.c as usize % 3],
            gain_start: [1.0, 0.5, 0.01][i.a as usize % 3],
            rate: 1.0,
        });
    }

    pub(super) fn write(&mut self, i: Intent) {
        match i.kind {
            0 => self.add_layer(i),
            1 => {
                let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
                let (Some(from), Some(to)) = (pick(&layers, i.a), pick(&layers, i.b)) else {
                    return;
                };
                let parallel = self
                    .network()
                    .connections
                    .values()
                    .any(|c| (c.from, c.to) == (from, to));
                if !parallel && !self.feeds(to, from) && self.network().layers[&to].role != Role::Input {
                    self.connect(from, to, i);
                }
            }
            2 => self.widen(i),
            3 => self.split(i),
            4 => self.insert_identity(i),
            5 => self.prune(i),
            6 => self.replace(i),
            7 if i.c.is_multiple_of(3) => {
                let all = self.network().grids().into_keys();
                let all: Vec<_> = all.filter(|p| !matches!(p, Parameter::Variance(_))).collect();
                if let Some(parameter) = pick(&all, i.a) {
                    let by = Adjustment::Scale([0.5, 2.0, -1.0][i.b as usize % 3]);
                    self.push(Edit::Adjust { parameter, by });
                }
            }
            7 => self.late.push(i),
            8 => self.rate(i),
            _ => self.add_head(i),
        }
    }

    fn add_layer(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let Some(from) = pick(&layers, i.a) else { return };
        let id = LayerId(self.network().next_layer);
        let width = 1 + i.b as usize % 3;
        let mut layer = NewLayer::hidden(
            format!("layer-{}", id.0),
            width,
            pick(&Activation::ALL, i.c).unwrap_or_default(),
        );
        let grid = self.network().layers[&from].outputs();
        let onto = pick(&WINDOWS, i.b / 3).and_then(|window| window.over(grid));
        if let Some(onto) = onto.filter(|_| grid != Grid::POINT && i.c % 4 != 3) {
            layer.grid = onto;
            let pools = [
                Pool::None,
                Pool::GlobalAverage,
                Pool::Max(Window::square(2, 1, 0)),
            ];
            layer.pool = pick(&pools, i.a / 5)
                .filter(|pool| pool.over(onto).is_some())
                .unwrap_or_default();
        }
        layer.normalisation = match i.c % 10 {
            0 => Normalisation::LayerNorm,
            5 => Normalisation::BatchNorm,
            6 => Normalisation::GroupNorm(2),
            _ => Normalisation::None,
        };
        layer.dropout = if i.c % 7 == 2 { 0.25 } else { 0.0 };
        layer.bias = [None, Some(0.0), Some(0.3)][i.c as usize % 3];
        self.push(Edit::AddLayer { id, layer });
        self.connect(from, id, i);
        let free: Vec<LayerId> = layers.into_iter().filter(|&l| !self.feeds(l, from)).collect();
        if let Some(to) = pick(&free, i.b)
            && self.network().layers[&to].role != Role::Input
        {
            self.connect(id, to, i);
        }
    }

    fn add_head(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let Some(from) = pick(&layers, i.a) else { return };
        let id = LayerId(self.network().next_layer);
        let width = 1 + i.b as usize % 3;
        let classes = if i.c.is_multiple_of(2) {
            Vec::new()
        } else {
            (0..width as u32).collect()
        };
        let head = Head { task: None, classes };
        let layer = NewLayer::head(format!("head-{}", id.0), width, Activation::Identity, head);
        self.push(Edit::AddLayer { id, layer });
        self.connect(from, id, i);
    }

    fn widen(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let count = 1 + i.b as usize % 3;
        for id in self.group(layer) {
            let layer = &self.network().layers[&id];
            let over = layer.head().is_some_and(|h| !h.classes.is_empty());
            let next = layer
                .head()
                .and_then(|h| h.classes.iter().max())
                .map_or(0, |m| m + 1);
            self.resize(id);
            self.push(Edit::Widen {
                layer: id,
                count,
                incoming: RULES[i.c as usize % RULES.len()].into(),
                outgoing: RULES[i.b as usize % RULES.len()].into(),
                bias: [0.0, -0.5][i.c as usize % 2],
                classes: if over {
                    (next..next + count as u32).collect()
                } else {
                    Vec::new()
                },
            });
        }
    }

    fn split(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let group = self.group(layer);
        let Some(place) = self.common(&group, i.b) else {
            return;
        };
        // A head over classes would get a class less than units.
        let over = |l: &LayerId| {
            self.network().layers[l]
                .head()
                .is_some_and(|h| !h.classes.is_empty())
        };
        if group.iter().any(over) {
            return;
        }
        for layer in group {
            let unit = self.network().layers[&layer].units[place].id;
            self.resize(layer);
            self.push(Edit::Split {
                layer,
                unit,
                share: [0.5, 0.25, 0.3, 0.0, 1.0][i.c as usize % 5],
                noise: [0.0, 0.0, 0.1][i.c as usize % 3],
            });
        }
    }

    fn insert_identity(&mut self, i: Intent) {
        let open = |c: &&Connection| !self.resized.contains(&c.from);
        let open: Vec<_> = self
            .network()
            .connections
            .values()
            .filter(open)
            .map(|c| (c.id, c.from))
            .collect();
        let Some((connection, from)) = pick(&open, i.a) else {
            return;
        };
        let id = LayerId(self.network().next_layer);
        let activation = match self.network().layers[&from].activation {
            a if a.idempotent() => a,
            _ => Activation::Identity,
        };
        self.pinned.extend([from, id]);
        self.push(Edit::InsertIdentity {
            connection,
            id,
            inner: dentate_core::ConnectionId(self.network().next_connection),
            name: format!("inserted-{}", id.0),
            activation,
        });
    }

    /// Prune a unit of a layer and of those tied to it; sometimes two, by two edits, so that positions have moved.
    fn prune(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let group = self.group(layer);
        for round in 0..1 + u16::from(i.c.is_multiple_of(3)) {
            let Some(place) = self.common(&group, i.b) else {
                return;
            };
            if self.network().layers[&layer].width() < 2 {
                return;
            }
            for &layer in &group {
                let unit = self.network().layers[&layer].units[place].id;
                self.resize(layer);
                self.push(Edit::Prune {
                    layer,
                    units: vec![unit],
                    absorb: if i.c.wrapping_add(round).is_multiple_of(2) {
                        vec![0.4]
                    } else {
                        Vec::new()
                    },
                });
            }
        }
    }

    fn replace(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let mut units = self.elders(layer);
        let start = i.b as usize % units.len().max(1);
        units.rotate_left(start);
        units.truncate(1 + i.c as usize % 2);
        if units.is_empty() {
            return;
        }
        self.resize(layer);
        self.push(Edit::Replace {
            layer,
            incoming: RULES[i.c as usize % RULES.len()].into(),
            outgoing: RULES[i.b as usize % RULES.len()].into(),
            bias: [0.0, 0.2][i.b as usize % 2],
            absorb: if i.b.is_multiple_of(2) {
                vec![-0.7; units.len()]
            } else {
                Vec::new()
            },
            units,
        });
    }

    fn rate(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let connections: Vec<_> = self.network().connections.keys().copied().collect();
        let (Some(layer), Some(connection)) = (pick(&layers, i.a), pick(&connections, i.a)) else {
            return;
        };
        let mut units: Vec<UnitId> = self.network().layers[&layer].units.iter().map(|u| u.id).collect();
        units.retain(|u| (u.0 + u64::from(i.b)).is_multiple_of(2));
        let of = match i.c % 4 {
            0 => RateOf::Connection(connection),
            1 => RateOf::Layer(layer),
            2 => RateOf::Incoming(layer, units),
            _ => RateOf::Outgoing(layer, units),
        };
        let rate = [0.0, 0.0, 0.01, 1.0, 2.0][i.b as usize % 5];
        self.push(Edit::SetRate { of, rate });
    }

    /// Adjustments come last, and some new weights are given instead of drawn: both need the final shapes.
    pub(super) fn finish(mut self) -> Plan {
        for (k, i) in std::mem::take(&mut self.late).into_iter().enumerate() {
            let mut grids = self.network().grids();
            grids.retain(|p, _| !matches!(p, Parameter::Variance(_)));
            let all: Vec<_> = grids.iter().map(|(p, g)| (*p, (g.len(), g[0].len()))).collect();
            let Some((parameter, shape)) = pick(&all, i.a) else {
                continue;
            };
            let values = block(shape, self.seed.derive(&format!("adjust {k}")));
            let row = i.b as usize % shape.0;
            let by = match i.b % 3 {
                0 => Adjustment::Add(values),
                1 => Adjustment::Set(values),
                _ => Adjustment::AddRow {
                    row,
                    values: values.row(row).to_vec(),
                },
            };
            self.push(Edit::Adjust { parameter, by });
        }
        let network = self.growing.network;
        let columns = |c: &Connection| network.sources(c, 0).len() * network.each(c);
        let width = |l| network.layers[&l].width();
        let give = |weights: &mut NewWeights, c: &Connection, shape, k: usize| {
            if k % 2 == 1 {
                let values = block(shape, self.seed.derive(&format!("given {k}/{}", c.id)));
                weights.given.insert(c.id, values);
            }
        };
        let faulty = self.faulty;
        for (k, edit) in self
            .edits
            .iter_mut()
            .enumerate()
            .filter(|(k, _)| Some(*k) != faulty)
        {
            let (layer, count, incoming, outgoing) = match edit {
                Edit::Connect { id, weights, .. } => {
                    if let Some(c) = network.connections.get(id)
                        && c.link != Link::Direct
                    {
                        give(weights, c, (width(c.to), columns(c)), k);
                    }
                    continue;
                }
                Edit::Widen {
                    layer,
                    count,
                    incoming,
                    outgoing,
                    ..
                } => (*layer, *count, incoming, outgoing),
                Edit::Replace {
                    layer,
                    units,
                    incoming,
                    outgoing,
                    ..
                } => (*layer, units.len(), incoming, outgoing),
                _ => continue,
            };
            for c in network
                .connections
                .values()
                .filter(|c| c.id.0 < self.first_new_connection)
            {
                if c.link == Link::Direct {
                    continue;
                }
                if c.to == layer {
                    give(incoming, c, (count, columns(c)), k);
                } else if c.from == layer && !c.link.one_to_one() {
                    give(outgoing, c, (width(c.to), count * network.each(c)), k);
                }
            }
        }
        Plan {
            cause: "generated".into(),
            seed: self.seed,
            edits: self.edits,
        }
    }
}

//! Growth on the naive model: every edit done at once, in its most obvious way.
//!
//! Cells that a newborn brings are left out until all edits are through; what is then missing starts fresh.

use super::network::{Arrays, Cell, Network};
use dentate_core::{
    Adjustment, Connection, ConnectionId, Edit, Gain, Grid, Init, Layer, LayerId, Link, Moment, NewLayer,
    NewWeights, Origin, Parameter, Plan, Role, Seed, Slot, SlotKind, Unit, UnitId, Window,
};
use ndarray::Array2;
use rand::Rng;
use rand_distr::StandardNormal;
use std::collections::BTreeMap;

/// How the newborns of one edit start.
#[derive(Clone, Debug)]
struct Start {
    incoming: NewWeights,
    outgoing: NewWeights,
    bias: f32,
    count: usize,
}

/// A network while a plan is worked off.
#[derive(Clone, Debug)]
pub struct Growing {
    /// The network so far.
    pub network: Network,
    moment: Moment,
    seed: Seed,
    /// Newborns of layers that were there: by which edit, as its how-manieth unit.
    born: BTreeMap<UnitId, (usize, usize)>,
    starts: BTreeMap<usize, Start>,
    /// Connections of this plan, with the edit and rule of their weights.
    joined: BTreeMap<ConnectionId, (usize, NewWeights)>,
    /// Layers of this plan, with what their biases start at.
    added: BTreeMap<LayerId, f32>,
    /// What outgoing weights of split units are multiplied with.
    shares: BTreeMap<Cell, f32>,
    noise: Vec<(usize, LayerId, UnitId, f32)>,
}

impl Network {
    /// Carry out a plan that is known to be a good one.
    pub fn apply(&mut self, plan: &Plan, moment: Moment) {
        self.absorb(plan);
        let mut growing = Growing::new(self.clone(), moment, plan.seed);
        for (index, edit) in plan.edits.iter().enumerate() {
            growing.edit(index, edit);
        }
        *self = growing.finish();
        for edit in &plan.edits {
            if let Edit::Adjust { parameter, by } = edit {
                self.adjust(*parameter, by);
            }
        }
    }

    /// Units that go leave `weight × gain × mean` in the biases of the units they feed.
    fn absorb(&mut self, plan: &Plan) {
        let Some(weights) = self.slots.get(&Slot::WEIGHT).cloned() else {
            return;
        };
        let mut after = weights.clone();
        for edit in &plan.edits {
            let (Edit::Prune {
                layer, units, absorb, ..
            }
            | Edit::Replace {
                layer, units, absorb, ..
            }) = edit
            else {
                continue;
            };
            for (&unit, &mean) in units.iter().zip(absorb) {
                for c in self.connections.values().filter(|c| c.from == *layer) {
                    let gain = match c.gain {
                        Gain::None => 1.0,
                        Gain::Scalar => weights[&Cell::Gain(c.id)],
                        Gain::PerUnit => weights[&Cell::GainOf(c.id, unit)],
                    };
                    let place = self.layers[layer].position(unit);
                    for (i, target) in self.layers[&c.to].units.iter().enumerate() {
                        let Some(bias) = after.get_mut(&Cell::Bias(target.id)) else {
                            continue;
                        };
                        let from = if c.link.one_to_one() { target.id } else { unit };
                        if place.is_some_and(|place| self.sources(c, i).contains(&place)) {
                            for k in 0..self.each(c) {
                                *bias += weights[&Cell::Weight(c.id, target.id, from, k)] * gain * mean;
                            }
                        }
                    }
                }
            }
        }
        self.slots.insert(Slot::WEIGHT, after);
    }

    fn adjust(&mut self, parameter: Parameter, by: &Adjustment) {
        let grid = self.grids().remove(&parameter).unwrap_or_default();
        let Some(weights) = self.slots.get_mut(&Slot::WEIGHT) else {
            return;
        };
        for (i, row) in grid.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let Some(value) = weights.get_mut(cell) else {
                    continue;
                };
                match by {
                    Adjustment::Scale(factor) => *value *= factor,
                    Adjustment::Add(add) => *value += add[(i, j)],
                    Adjustment::Set(set) => *value = set[(i, j)],
                    Adjustment::AddRow { row, values } if *row == i => *value += values[j],
                    Adjustment::AddRow { .. } => {}
                }
            }
        }
    }
}

impl Growing {
    /// A plan begins.
    #[must_use]
    pub fn new(network: Network, moment: Moment, seed: Seed) -> Self {
        Self {
            network,
            moment,
            seed,
            born: BTreeMap::new(),
            starts: BTreeMap::new(),
            joined: BTreeMap::new(),
            added: BTreeMap::new(),
            shares: BTreeMap::new(),
            noise: Vec::new(),
        }
    }

    fn unit(&mut self, origin: Origin) -> Unit {
        self.network.next_unit += 1;
        Unit {
            id: UnitId(self.network.next_unit - 1),
            born: self.moment,
            origin,
            incoming_rate: 1.0,
            outgoing_rate: 0.0,
        }
    }

    fn layer(&mut self, id: LayerId) -> &mut Layer {
        self.network.layers.get_mut(&id).expect("the layer is there")
    }

    /// The next edit.
    pub fn edit(&mut self, index: usize, edit: &Edit) {
        match edit {
            Edit::AddLayer { id, layer } => self.add_layer(*id, layer),
            Edit::Connect {
                id,
                from,
                to,
                link,
                weights,
                gain,
                gain_start,
                rate,
            } => {
                let connection = Connection {
                    id: *id,
                    from: *from,
                    to: *to,
                    link: *link,
                    gain: *gain,
                    gain_start: *gain_start,
                    rate: *rate,
                };
                self.connect(index, connection, weights.clone());
            }
            Edit::Widen {
                layer,
                count,
                incoming,
                outgoing,
                bias,
                classes,
            } => {
                let start = Start {
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    bias: *bias,
                    count: *count,
                };
                self.starts.insert(index, start);
                for ordinal in 0..*count {
                    let unit = self.unit(Origin::Grown);
                    self.born.insert(unit.id, (index, ordinal));
                    self.layer(*layer).units.push(unit);
                }
                if let Role::Head(head) = &mut self.layer(*layer).role {
                    head.classes.extend(classes);
                }
            }
            Edit::Split {
                layer,
                unit,
                share,
                noise,
            } => self.split(index, *layer, *unit, *share, *noise),
            Edit::InsertIdentity {
                connection,
                id,
                inner,
                name,
                activation,
            } => {
                let from = self.network.connections[connection].from;
                let (width, grid) = (self.layer(from).width(), self.layer(from).outputs());
                self.add_layer(*id, &NewLayer::hidden(name, width, *activation).on(grid));
                let kernel = match self.network.connections[connection].link {
                    Link::Convolution { window, .. } if window.kernel.iter().all(|k| k % 2 == 1) => {
                        window.kernel
                    }
                    _ => [3, 3],
                };
                let around = Link::convolution(Window {
                    kernel,
                    stride: [1, 1],
                    padding: [kernel[0] / 2, kernel[1] / 2],
                });
                let identity = Connection {
                    id: *inner,
                    from,
                    to: *id,
                    link: if grid == Grid::POINT { Link::Dense } else { around },
                    gain: Gain::None,
                    gain_start: 1.0,
                    rate: 1.0,
                };
                self.connect(index, identity, Init::Identity.into());
                self.reroute(*connection, *id);
            }
            Edit::Prune { layer, units, .. } => units.iter().for_each(|&unit| self.prune(*layer, unit)),
            Edit::Replace {
                layer,
                units,
                incoming,
                outgoing,
                bias,
                ..
            } => {
                let start = Start {
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    bias: *bias,
                    count: units.len(),
                };
                self.starts.insert(index, start);
                for (ordinal, &old) in units.iter().enumerate() {
                    let unit = self.unit(Origin::Replaced(old));
                    self.born.insert(unit.id, (index, ordinal));
                    let place = self.layer(*layer).position(old).expect("the unit is there");
                    self.layer(*layer).units[place] = unit;
                    self.forget(old);
                }
            }
            Edit::Adjust { .. } => {}
            Edit::SetRate { of, rate } => self.set_rate(of, *rate),
        }
    }

    fn add_layer(&mut self, id: LayerId, new: &NewLayer) {
        self.network.next_layer += 1;
        self.added.insert(id, new.bias.unwrap_or(0.0));
        let units = (0..new.width).map(|_| self.unit(Origin::Initial)).collect();
        let layer = Layer {
            id,
            name: new.name.clone(),
            role: new.role.clone(),
            activation: new.activation,
            normalisation: new.normalisation,
            bias: new.bias.is_some(),
            grid: new.grid,
            pool: new.pool,
            dropout: new.dropout,
            rate: 1.0,
            tie: new.tie,
            units,
        };
        self.network.layers.insert(id, layer);
    }

    fn connect(&mut self, edit: usize, connection: Connection, weights: NewWeights) {
        self.network.next_connection += 1;
        self.joined.insert(connection.id, (edit, weights));
        self.network.connections.insert(connection.id, connection);
    }

    /// The copy has the unit's numbers; weights that lead out are shared.
    fn split(&mut self, edit: usize, layer: LayerId, unit: UnitId, share: f32, noise: f32) {
        let copy = self.unit(Origin::SplitFrom(unit));
        let id = copy.id;
        self.layer(layer).units.push(copy);
        for (cell, twin) in self.twins(unit, id) {
            for numbers in self.network.slots.values_mut() {
                if let Some(&value) = numbers.get(&cell) {
                    numbers.insert(twin, value);
                }
            }
            if matches!(cell, Cell::Weight(_, to, from, _) if from == unit && to != unit) {
                let before = self.shares.get(&cell).copied().unwrap_or(1.0);
                self.shares.insert(cell, before * (1.0 - share));
                self.shares.insert(twin, before * share);
            } else if let Some(&share) = self.shares.get(&cell) {
                self.shares.insert(twin, share);
            }
        }
        if noise > 0.0 {
            self.noise.push((edit, layer, id, noise));
        }
    }

    /// Every cell that there may be of a unit, with the same cell of another.
    fn twins(&self, unit: UnitId, other: UnitId) -> Vec<(Cell, Cell)> {
        let all: Vec<Cell> = self
            .network
            .slots
            .values()
            .flat_map(|cells| cells.keys().copied())
            .collect();
        let twin = |cell| match cell {
            Cell::Weight(c, to, from, k) if to == unit && from == unit => {
                Some((cell, Cell::Weight(c, other, other, k)))
            }
            Cell::Weight(c, to, from, k) if to == unit => Some((cell, Cell::Weight(c, other, from, k))),
            Cell::Weight(c, to, from, k) if from == unit => Some((cell, Cell::Weight(c, to, other, k))),
            Cell::GainOf(c, from) if from == unit => Some((cell, Cell::GainOf(c, other))),
            Cell::Bias(u) if u == unit => Some((cell, Cell::Bias(other))),
            Cell::Scale(u) if u == unit => Some((cell, Cell::Scale(other))),
            Cell::Shift(u) if u == unit => Some((cell, Cell::Shift(other))),
            Cell::Mean(u) if u == unit => Some((cell, Cell::Mean(other))),
            Cell::Variance(u) if u == unit => Some((cell, Cell::Variance(other))),
            _ => None,
        };
        let mut pairs: Vec<_> = all.into_iter().filter_map(twin).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// A connection comes from the inserted layer now, unit by unit.
    fn reroute(&mut self, connection: ConnectionId, to: LayerId) {
        let old = self.network.connections[&connection].from;
        let pairs: BTreeMap<UnitId, UnitId> = {
            let ids = |l: LayerId| self.network.layers[&l].units.iter().map(|u| u.id);
            ids(old).zip(ids(to)).collect()
        };
        let rename = |cell: Cell| match cell {
            Cell::Weight(c, target, from, k) if c == connection => {
                Cell::Weight(c, target, pairs.get(&from).copied().unwrap_or(from), k)
            }
            Cell::GainOf(c, from) if c == connection => Cell::GainOf(c, pairs[&from]),
            other => other,
        };
        for numbers in self.network.slots.values_mut() {
            *numbers = std::mem::take(numbers)
                .into_iter()
                .map(|(c, v)| (rename(c), v))
                .collect();
        }
        let shares = std::mem::take(&mut self.shares);
        self.shares = shares.into_iter().map(|(c, v)| (rename(c), v)).collect();
        if let Some(c) = self.network.connections.get_mut(&connection) {
            c.from = to;
        }
    }

    fn prune(&mut self, layer: LayerId, unit: UnitId) {
        let place = self.layer(layer).position(unit).expect("the unit is there");
        let layer = self.layer(layer);
        layer.units.remove(place);
        if let Role::Head(head) = &mut layer.role
            && !head.classes.is_empty()
        {
            head.classes.remove(place);
        }
        self.forget(unit);
    }

    /// A dead unit takes its numbers along.
    fn forget(&mut self, unit: UnitId) {
        let is_its = |cell: &Cell| match *cell {
            Cell::Weight(_, to, from, _) => to == unit || from == unit,
            Cell::GainOf(_, u)
            | Cell::Bias(u)
            | Cell::Scale(u)
            | Cell::Shift(u)
            | Cell::Mean(u)
            | Cell::Variance(u) => u == unit,
            Cell::Gain(_) => false,
        };
        for numbers in self.network.slots.values_mut() {
            numbers.retain(|cell, _| !is_its(cell));
        }
    }

    fn set_rate(&mut self, of: &dentate_core::RateOf, rate: f32) {
        use dentate_core::RateOf;
        match of {
            RateOf::Connection(id) => {
                self.network.connections.get_mut(id).expect("it is there").rate = rate;
            }
            RateOf::Layer(id) => self.layer(*id).rate = rate,
            RateOf::Incoming(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.incoming_rate = rate;
                    }
                }
            }
            RateOf::Outgoing(id, units) => {
                for unit in &mut self.layer(*id).units {
                    if units.is_empty() || units.contains(&unit.id) {
                        unit.outgoing_rate = rate;
                    }
                }
            }
        }
    }

    /// All edits are through: what is missing starts fresh.
    fn finish(mut self) -> Network {
        let cells = self.network.cells();
        let fresh = self.fresh();
        for (slot, numbers) in &mut self.network.slots {
            let weights = matches!(slot.kind, SlotKind::Weight | SlotKind::Anchor);
            let finished = cells.iter().map(|cell| {
                let value = match numbers.get(cell) {
                    Some(&old) if weights => old * self.shares.get(cell).copied().unwrap_or(1.0),
                    Some(&old) => old,
                    None if weights => fresh[cell],
                    None if slot.kind == SlotKind::Mask => 1.0,
                    None => 0.0,
                };
                (*cell, value)
            });
            *numbers = finished.collect();
        }
        let grids = self.network.grids();
        for &(edit, layer, copy, std) in &self.noise {
            let Some(numbers) = self.network.slots.get_mut(&Slot::WEIGHT) else {
                break;
            };
            for c in self.network.connections.values().filter(|c| c.to == layer) {
                let mut random = self.seed.derive(&format!("edit {edit}/{}/noise", c.id)).random();
                let rows = grids.get(&Parameter::Weight(c.id));
                let own =
                    |row: &&Vec<Cell>| matches!(row.first(), Some(Cell::Weight(_, to, ..)) if *to == copy);
                for cell in rows.and_then(|rows| rows.iter().find(own)).into_iter().flatten() {
                    let noise = random.sample::<f32, _>(StandardNormal) * std;
                    if let Some(value) = numbers.get_mut(cell) {
                        *value += noise;
                    }
                }
            }
        }
        self.network
    }

    /// What every cell would start at, were it fresh: by its connection if that is new, else by its target unit if that
    /// is new, else by its source unit.
    fn fresh(&self) -> BTreeMap<Cell, f32> {
        let mut all = BTreeMap::new();
        for (&id, c) in &self.network.connections {
            let (targets, sources) = (self.ids(c.to), self.ids(c.from));
            let each = self.network.each(c);
            let columns = self.network.sources(c, 0).len() * each;
            let alone = c.link.one_to_one();
            let block =
                |weights: &NewWeights, shape, seed| block(weights, id, shape, (each, alone), columns, seed);
            let whole = self.joined.get(&id).map(|(edit, weights)| {
                let seed = self.seed.derive(&format!("edit {edit}/{id}"));
                block(weights, (targets.len(), columns), seed)
            });
            let mut blocks = BTreeMap::new();
            for (edit, start) in &self.starts {
                let seed = |word| self.seed.derive(&format!("edit {edit}/{id}/{word}"));
                if self.is_of(*edit, &targets) {
                    let values = block(&start.incoming, (start.count, columns), seed("incoming"));
                    blocks.insert((*edit, true), values);
                }
                if self.is_of(*edit, &sources) {
                    let shape = (targets.len(), start.count * each);
                    let values = block(&start.outgoing, shape, seed("outgoing"));
                    blocks.insert((*edit, false), values);
                }
            }
            for (i, &to) in targets.iter().enumerate() {
                for (j, source) in self.network.sources(c, i).into_iter().enumerate() {
                    let from = if alone { to } else { sources[source] };
                    for e in 0..each {
                        let value = match (&whole, self.born.get(&to), self.born.get(&from)) {
                            (Some(whole), ..) => whole[(i, j * each + e)],
                            (_, Some(&(edit, k)), _) => blocks[&(edit, true)][(k, j * each + e)],
                            (_, _, Some(&(edit, k))) => blocks[&(edit, false)][(i, k * each + e)],
                            _ => f32::NAN,
                        };
                        all.insert(Cell::Weight(id, to, from, e), value);
                    }
                }
            }
            all.insert(Cell::Gain(id), c.gain_start);
            all.extend(sources.iter().map(|&u| (Cell::GainOf(id, u), c.gain_start)));
        }
        for (&id, layer) in &self.network.layers {
            for unit in &layer.units {
                let own = self.born.get(&unit.id).map(|(edit, _)| self.starts[edit].bias);
                let bias = self.added.get(&id).copied().or(own).unwrap_or(f32::NAN);
                all.insert(Cell::Bias(unit.id), bias);
                all.insert(Cell::Scale(unit.id), 1.0);
                all.insert(Cell::Shift(unit.id), 0.0);
                all.insert(Cell::Mean(unit.id), 0.0);
                all.insert(Cell::Variance(unit.id), 1.0);
            }
        }
        all
    }

    fn ids(&self, layer: LayerId) -> Vec<UnitId> {
        self.network.layers[&layer].units.iter().map(|u| u.id).collect()
    }

    fn is_of(&self, edit: usize, units: &[UnitId]) -> bool {
        units
            .iter()
            .any(|u| self.born.get(u).is_some_and(|(e, _)| *e == edit))
    }
}

fn block(
    weights: &NewWeights,
    connection: ConnectionId,
    shape: (usize, usize),
    (each, alone): (usize, bool),
    fan_in: usize,
    seed: Seed,
) -> Array2<f32> {
    let drawn = || {
        if alone && weights.rule == Init::Identity {
            let middle = |(_, j): (usize, usize)| f32::from(u8::from(j == each / 2));
            return Array2::from_shape_fn(shape, middle);
        }
        weights.rule.draw(shape, each, fan_in, &mut seed.random())
    };
    weights.given.get(&connection).cloned().unwrap_or_else(drawn)
}

impl Network {
    /// A network that a plan builds from nothing, with its weights.
    #[must_use]
    pub fn built(plan: &Plan, moment: Moment) -> Self {
        let mut network = Self::default();
        network.set(Slot::WEIGHT, &Arrays::new());
        network.apply(plan, moment);
        network
    }
}

//! Growth of the naive model: every edit applied at once, in the simplest way.
//!
//! Cells of new units are left out until all edits are applied; missing cells then get fresh values.

use super::network::{Arrays, Cell, Network};
use dentate_core::{
    BiasInit, Connection, ConnectionId, Edit, Gain, Grid, Init, Layer, LayerId, Link, Moment, NewLayer,
    NewWeights, Origin, Plan, Role, Seed, Slot, Unit, UnitId, Window,
};
use std::collections::BTreeMap;

mod fresh;
mod layers;
mod rates;
mod units;
mod values;

/// The initialization of the new units of one edit.
#[derive(Clone, Debug)]
struct Start {
    incoming: NewWeights,
    outgoing: NewWeights,
    bias: f32,
    count: usize,
}

/// A network while a plan is applied to it.
#[derive(Clone, Debug)]
pub struct Growing {
    /// The network so far.
    pub network: Network,
    moment: Moment,
    seed: Seed,
    /// New units of existing layers: the index of the edit, and the index of the unit in it.
    born: BTreeMap<UnitId, (usize, usize)>,
    starts: BTreeMap<usize, Start>,
    /// Connections of this plan, with the edit and the rule of their weights.
    joined: BTreeMap<ConnectionId, (usize, NewWeights)>,
    /// Layers of this plan, with the initial value of their biases.
    added: BTreeMap<LayerId, (f32, BiasInit)>,
    /// Factors on the outgoing weights of split units.
    shares: BTreeMap<Cell, f32>,
    noise: Vec<(usize, LayerId, UnitId, f32)>,
}

impl Network {
    /// The network and weights that a plan builds from nothing.
    #[must_use]
    pub fn built(plan: &Plan, moment: Moment) -> Self {
        let mut network = Self::default();
        network.set(Slot::WEIGHT, &Arrays::new());
        network.apply(plan, moment);
        network
    }

    /// Apply a plan that is known to be valid.
    pub fn apply(&mut self, plan: &Plan, moment: Moment) {
        self.fold_mean(plan);
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
}

impl Growing {
    /// Begin a plan.
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
            incoming_lr_scale: 1.0,
            outgoing_lr_scale: 0.0,
        }
    }

    fn layer(&mut self, id: LayerId) -> &mut Layer {
        self.network.layers.get_mut(&id).expect("the layer is there")
    }

    /// Apply the next edit.
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
                lr_scale: rate,
            } => {
                let connection = Connection {
                    id: *id,
                    from: *from,
                    to: *to,
                    link: *link,
                    gain: *gain,
                    gain_start: *gain_start,
                    lr_scale: *rate,
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
                skip,
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
                    link: match (skip, grid) {
                        (true, _) => Link::Direct,
                        (false, Grid::POINT) => Link::Dense,
                        (false, _) => around,
                    },
                    gain: Gain::None,
                    gain_start: 1.0,
                    lr_scale: 1.0,
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
            Edit::SetLrScale { of, lr_scale: rate } => self.set_lr_scale(of, *rate),
        }
    }
}

//! Snapshots: everything but the data, in the contract's shapes.

use super::Native;
use super::ages::Age;
use super::block::Block;
use super::network::{Network, Place};
use super::store::Slots;
use dentate_core::{BackendError, Clock, Graph, LayerId, Slot, Snapshot, UnitId};
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};

impl Native {
    pub(super) fn save(&self) -> Snapshot {
        let all = |blocks: &[Block]| -> BTreeMap<_, Array2<f32>> {
            let seen = |(place, block): (&Place, _)| (place.parameter, place.seen(block).to_owned());
            self.network.places.iter().zip(blocks).map(seen).collect()
        };
        let mut slots: BTreeMap<_, _> = self
            .slots
            .iter()
            .map(|(slot, blocks)| (slot, all(blocks)))
            .collect();
        slots.insert(Slot::WEIGHT, all(&self.weights));
        let ages = self.network.places.iter().zip(&self.ages);
        let clocks = ages.map(|(place, age)| (place.parameter, age.clock(place.turned())));
        let mut unreached = BTreeMap::new();
        for (slot, _) in self.slots.iter() {
            let places = self.network.places.iter().enumerate();
            let left = places.filter(|(p, _)| !self.slots.reached(slot, *p));
            let left: BTreeSet<_> = left.map(|(_, place)| place.parameter).collect();
            if !left.is_empty() {
                unreached.insert(slot, left);
            }
        }
        let mut metered = BTreeMap::new();
        for (layer, births) in self.meters.births() {
            if let Some(layer) = self.network.position(*layer) {
                let units = self.network.nodes[layer].units.iter().copied();
                metered.extend(units.zip(births.iter().copied()));
            }
        }
        Snapshot {
            slots,
            clocks: clocks.collect(),
            unreached,
            meters: self.meters.running().to_vec(),
            metered,
            updates: self.updates,
            stats: self.stats,
        }
    }

    pub(super) fn take_over(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError> {
        let network = Network::new(graph);
        let mut slots = Slots::default();
        let mut weights = None;
        for (&slot, saved) in &snapshot.slots {
            let blocks = blocks(&network, slot, saved)?;
            if slot == Slot::WEIGHT {
                weights = Some(blocks);
            } else {
                let unreached = snapshot.unreached.get(&slot);
                let reached = |p: &Place| unreached.is_none_or(|all| !all.contains(&p.parameter));
                let reached: Vec<bool> = network.places.iter().map(reached).collect();
                slots.put(slot, blocks, &reached);
            }
        }
        let weights = match weights {
            Some(weights) => weights,
            None if network.places.is_empty() => Vec::new(),
            None => return Err(problem("it holds no weights")),
        };
        let of = |births: &BTreeMap<UnitId, u64>, layer: usize| -> Result<Vec<u64>, BackendError> {
            let units = network.nodes[layer].units.iter();
            let born = |u: &UnitId| {
                births
                    .get(u)
                    .copied()
                    .ok_or_else(|| problem(format!("it lacks the birth of {u}")))
            };
            units.map(born).collect()
        };
        let ages = network.places.iter().map(|place| {
            let clock = snapshot.clocks.get(&place.parameter);
            let fits = |clock: &&Clock| (clock.rows.len(), clock.columns.len()) == place.shape;
            let clock = clock.filter(fits);
            let clock = clock.ok_or_else(|| problem(format!("it lacks the time of {}", place.parameter)))?;
            Ok(Age::of(clock, place.turned()))
        });
        let ages = ages.collect::<Result<Vec<_>, BackendError>>()?;
        let mut metered: BTreeMap<LayerId, Vec<u64>> = BTreeMap::new();
        for (meter, values) in &snapshot.meters {
            let layer = network.position(meter.layer);
            let layer = layer.ok_or_else(|| problem(format!("there is no {} to be metered", meter.layer)))?;
            if values.len() != network.nodes[layer].width() {
                return Err(problem(format!("a meter of {} has another width", meter.layer)));
            }
            metered.insert(meter.layer, of(&snapshot.metered, layer)?);
        }
        self.courses.clear();
        self.kept.clear();
        self.network = network;
        self.weights = weights;
        self.slots = slots;
        self.ages = ages;
        self.meters.set(snapshot.meters.clone(), metered);
        self.updates = snapshot.updates;
        self.stats = snapshot.stats;
        Ok(())
    }
}

/// A saved slot as blocks.
fn blocks(
    network: &Network,
    slot: Slot,
    saved: &BTreeMap<dentate_core::Parameter, Array2<f32>>,
) -> Result<Vec<Block>, BackendError> {
    if saved.len() != network.places.len() {
        return Err(problem(format!("slot {slot} has {} blocks", saved.len())));
    }
    let mut blocks = Vec::with_capacity(saved.len());
    for place in &network.places {
        let values = saved
            .get(&place.parameter)
            .filter(|values| values.dim() == place.shape);
        let values =
            values.ok_or_else(|| problem(format!("slot {slot} has no fitting {:?}", place.parameter)))?;
        blocks.push(place.block(values.view()));
    }
    Ok(blocks)
}

fn problem(text: impl Into<String>) -> BackendError {
    BackendError::Snapshot(text.into())
}

//! Snapshots: everything but the data, in the contract's shapes.

use super::Native;
use super::block::Block;
use super::network::{Network, Place};
use super::slots::Slots;
use super::snapshots::{self, problem};
use dentate_core::{BackendError, Graph, Slot, Snapshot};
use ndarray::Array2;
use std::collections::BTreeMap;

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
        let unreached = self.slots.iter().filter_map(|(slot, _)| {
            let left = snapshots::unreached(&self.network, |place| self.slots.reached(slot, place));
            left.map(|left| (slot, left))
        });
        let unreached = unreached.collect();
        Snapshot {
            slots,
            clocks: clocks.collect(),
            unreached,
            meters: self.meters.running().to_vec(),
            metered: snapshots::metered(&self.network, self.meters.births()),
            updates: self.updates,
            stats: self.stats.clone(),
        }
    }

    pub(super) fn take_over(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError> {
        let network = Network::new(graph);
        let mut slots = Slots::default();
        let mut weights = None;
        for (&slot, saved) in &snapshot.slots {
            let blocks = snapshots::blocks(&network, slot, saved, Place::block)?;
            if slot == Slot::WEIGHT {
                weights = Some(blocks);
            } else {
                slots.put(slot, blocks, &snapshots::reached(&network, slot, snapshot));
            }
        }
        let weights = match weights {
            Some(weights) => weights,
            None if network.places.is_empty() => Vec::new(),
            None => return Err(problem("it holds no weights")),
        };
        let ages = snapshots::ages(&network, snapshot, Place::turned)?;
        let births = snapshots::births(&network, snapshot)?;
        self.schedules.clear();
        self.kept.clear();
        self.network = network;
        self.weights = weights;
        self.slots = slots;
        self.ages = ages;
        self.meters.set(snapshots::meters(snapshot), births);
        self.updates = snapshot.updates;
        self.stats = snapshot.stats.clone();
        Ok(())
    }
}

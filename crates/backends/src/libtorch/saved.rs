//! Snapshots: everything but the data, in the contract's shapes, so that another backend can restore them.

use super::LibTorch;
use super::slots::Slots;
use super::tensors;
use crate::network::Network;
use crate::snapshots::{self, problem};
use dentate_core::{BackendError, Graph, Slot, Snapshot};
use ndarray::Array2;
use std::collections::BTreeMap;
use tch::Tensor;

impl LibTorch {
    pub(super) fn save(&self) -> Snapshot {
        let places = &self.network.places;
        let all = |blocks: &[Tensor]| -> BTreeMap<_, Array2<f32>> {
            let blocks = blocks.iter().map(tensors::read);
            places.iter().map(|place| place.parameter).zip(blocks).collect()
        };
        let mut slots: BTreeMap<_, _> = self
            .slots
            .iter()
            .map(|(slot, blocks)| (slot, all(blocks)))
            .collect();
        slots.insert(Slot::WEIGHT, all(&self.weights));
        let clocks = places.iter().zip(&self.ages);
        let unreached = self.slots.iter().filter_map(|(slot, _)| {
            let left = snapshots::unreached(&self.network, |place| self.slots.reached(slot, place));
            left.map(|left| (slot, left))
        });
        Snapshot {
            slots,
            clocks: clocks
                .map(|(place, age)| (place.parameter, age.clock(false)))
                .collect(),
            unreached: unreached.collect(),
            meters: self.meters.running(),
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
            let put = |_: &_, values: ndarray::ArrayView2<'_, f32>| tensors::put(values, self.device);
            let blocks = snapshots::blocks(&network, slot, saved, put)?;
            if slot == Slot::WEIGHT {
                weights = Some(blocks);
            } else {
                slots.put(slot, blocks, snapshots::reached(&network, slot, snapshot));
            }
        }
        let weights = match weights {
            Some(weights) => weights,
            None if network.places.is_empty() => Vec::new(),
            None => return Err(problem("it holds no weights")),
        };
        let ages = snapshots::ages(&network, snapshot, |_| false)?;
        let births = snapshots::births(&network, snapshot)?;
        self.look();
        self.schedules.clear();
        self.own.clear();
        self.rates.clear();
        self.network = network;
        self.weights = weights;
        self.slots = slots;
        self.ages = ages;
        self.meters.set(&snapshots::meters(snapshot), births, self.device);
        self.updates = snapshot.updates;
        self.stats = snapshot.stats.clone();
        Ok(())
    }
}

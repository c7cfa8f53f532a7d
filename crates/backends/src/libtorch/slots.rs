//! Parameter-shaped state: for each slot one tensor for each parameter block of the network, in the network's order.

use super::tensors::full;
use crate::network::Network;
use dentate_core::{BackendError, Slot};
use std::collections::BTreeMap;
use tch::{Device, Tensor};

/// The contents of a slot.
#[derive(Debug, Default)]
struct Held {
    blocks: Vec<Tensor>,
    /// Marks of the blocks that were reached.
    reached: Vec<bool>,
}

/// All slots other than the parameters themselves.
#[derive(Debug, Default)]
pub(super) struct Slots(BTreeMap<Slot, Held>);

impl Slots {
    /// The blocks of a slot, if it was written.
    pub(super) fn get(&self, slot: Slot) -> Option<&[Tensor]> {
        let held = self.0.get(&slot).map(|held| held.blocks.as_slice());
        held.filter(|blocks| !blocks.is_empty())
    }

    /// A slot's blocks for writing; fresh ones if it was empty.
    pub(super) fn open(&mut self, slot: Slot, network: &Network, device: Device) -> &mut [Tensor] {
        let held = self.0.entry(slot).or_default();
        if held.blocks.is_empty() {
            held.blocks = fresh(network, slot, device);
            held.reached = vec![true; held.blocks.len()];
        }
        &mut held.blocks
    }

    /// Returns whether a block of a slot was reached.
    pub(super) fn reached(&self, slot: Slot, place: usize) -> bool {
        let held = self.0.get(&slot);
        held.and_then(|held| held.reached.get(place).copied())
            .unwrap_or(true)
    }

    /// Store blocks in a slot, with whether each was reached.
    pub(super) fn put(&mut self, slot: Slot, blocks: Vec<Tensor>, reached: Vec<bool>) {
        self.0.insert(slot, Held { blocks, reached });
    }

    /// Set a written slot to zeros.
    pub(super) fn clear(&mut self, slot: Slot) {
        if let Some(held) = self.0.get_mut(&slot) {
            for block in &mut held.blocks {
                let _ = block.zero_();
            }
        }
    }

    /// Every slot that was written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &[Tensor])> {
        let held = self.0.iter().filter(|(_, held)| !held.blocks.is_empty());
        held.map(|(slot, held)| (*slot, held.blocks.as_slice()))
    }

    /// Every slot that was written, with whether each of its blocks was reached.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Vec<Tensor>, &mut Vec<bool>)> {
        let held = self.0.iter_mut().filter(|(_, held)| !held.blocks.is_empty());
        held.map(|(slot, held)| (*slot, &mut held.blocks, &mut held.reached))
    }
}

/// The initial blocks of a slot.
pub(super) fn fresh(network: &Network, slot: Slot, device: Device) -> Vec<Tensor> {
    let block = |place: &crate::network::Place| full(place.shape, slot.kind.fresh(), device);
    network.places.iter().map(block).collect()
}

/// The blocks of a slot, or the parameters.
pub(super) fn read<'a>(
    weights: &'a [Tensor],
    slots: &'a Slots,
    slot: Slot,
) -> Result<&'a [Tensor], BackendError> {
    if slot == Slot::WEIGHT {
        return Ok(weights);
    }
    slots.get(slot).ok_or(BackendError::EmptySlot(slot))
}

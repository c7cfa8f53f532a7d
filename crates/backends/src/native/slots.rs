//! Parameter-shaped state: for each slot one block for each parameter block of the network, in the network's order.
//!
//! Weights are stored as `[source units, target units]`, the transpose of the contract's form.

use super::block::Block;
use super::network::{Network, Owner, Place};
use dentate_core::{BackendError, Slot};
use ndarray::ArrayView2;
use std::collections::BTreeMap;

/// The contents of a slot.
#[derive(Debug, Default)]
struct Held {
    blocks: Vec<Block>,
    /// Marks of the blocks that were reached.
    reached: Vec<bool>,
}

/// All slots other than the parameters themselves.
#[derive(Debug, Default)]
pub(super) struct Slots(BTreeMap<Slot, Held>);

impl Slots {
    /// The blocks of a slot, if it was written.
    pub(super) fn get(&self, slot: Slot) -> Option<&[Block]> {
        self.0
            .get(&slot)
            .map(|held| held.blocks.as_slice())
            .filter(|blocks| !blocks.is_empty())
    }

    /// Returns whether a block of a slot was reached.
    pub(super) fn reached(&self, slot: Slot, place: usize) -> bool {
        let held = self.0.get(&slot);
        held.and_then(|held| held.reached.get(place).copied())
            .unwrap_or(true)
    }

    /// Take a slot's blocks out; fresh ones if it was empty.
    pub(super) fn take(&mut self, slot: Slot, network: &Network) -> Vec<Block> {
        match self.0.get_mut(&slot) {
            Some(held) if !held.blocks.is_empty() => std::mem::take(&mut held.blocks),
            _ => fresh(network, slot.kind.fresh()),
        }
    }

    /// Return blocks that were taken out to their slot.
    pub(super) fn give_back(&mut self, slot: Slot, blocks: Vec<Block>) {
        let held = self.0.entry(slot).or_default();
        if held.reached.len() != blocks.len() {
            held.reached.clear();
            held.reached.resize(blocks.len(), true);
        }
        held.blocks = blocks;
    }

    /// Store other blocks in a slot, with whether each was reached. Returns its previous blocks.
    pub(super) fn put(&mut self, slot: Slot, blocks: Vec<Block>, reached: &[bool]) -> Vec<Block> {
        let held = self.0.entry(slot).or_default();
        held.reached.clear();
        held.reached.extend_from_slice(reached);
        std::mem::replace(&mut held.blocks, blocks)
    }

    /// Every slot that was written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &[Block])> {
        let held = self.0.iter().filter(|(_, held)| !held.blocks.is_empty());
        held.map(|(slot, held)| (*slot, held.blocks.as_slice()))
    }

    /// Every slot that was written, with whether each of its blocks was reached.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Vec<Block>, &mut Vec<bool>)> {
        let held = self.0.iter_mut().filter(|(_, held)| !held.blocks.is_empty());
        held.map(|(slot, held)| (*slot, &mut held.blocks, &mut held.reached))
    }
}

/// Blocks for every parameter, all with this value.
pub(super) fn fresh(network: &Network, value: f32) -> Vec<Block> {
    let block = |place: &Place| {
        let (rows, cols) = place.stored();
        let mut block = Block::zeros(rows, cols);
        if value != 0.0 {
            block.fill(value);
        }
        block
    };
    network.places.iter().map(block).collect()
}

impl Place {
    /// Returns whether its storage is the transpose of the contract's form.
    pub(super) fn turned(&self) -> bool {
        matches!(self.owner, Owner::Weight(_))
    }

    /// Rows and columns as stored.
    pub(super) fn stored(&self) -> (usize, usize) {
        let (rows, cols) = self.shape;
        if self.turned() { (cols, rows) } else { (rows, cols) }
    }

    /// A block in the contract's form.
    pub(super) fn seen<'a>(&self, block: &'a Block) -> ArrayView2<'a, f32> {
        if self.turned() {
            block.view().reversed_axes()
        } else {
            block.view()
        }
    }

    /// A block from values in the contract's form.
    pub(super) fn block(&self, values: ArrayView2<'_, f32>) -> Block {
        Block::from_view(if self.turned() {
            values.reversed_axes()
        } else {
            values
        })
    }
}

/// The blocks of a slot, or the parameters.
pub(super) fn read<'a>(
    weights: &'a [Block],
    slots: &'a Slots,
    slot: Slot,
) -> Result<&'a [Block], BackendError> {
    if slot == Slot::WEIGHT {
        return Ok(weights);
    }
    slots.get(slot).ok_or(BackendError::EmptySlot(slot))
}

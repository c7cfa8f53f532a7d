//! Parameter-shaped state: for each slot one block for each parameter block of the network, in the network's order.
//!
//! Weights are stored as `[source units, target units]`; the contract sees them the other way round.

use super::block::Block;
use super::network::{Network, Owner, Place};
use dentate_core::{BackendError, Product, Slot};
use ndarray::ArrayView2;
use std::collections::BTreeMap;

/// Slots other than the parameters themselves.
#[derive(Debug, Default)]
pub(super) struct Slots(BTreeMap<Slot, Vec<Block>>);

impl Slots {
    /// A slot that was written.
    pub(super) fn get(&self, slot: Slot) -> Option<&[Block]> {
        self.0
            .get(&slot)
            .filter(|blocks| !blocks.is_empty())
            .map(Vec::as_slice)
    }

    /// Take a slot's blocks out; fresh ones if it was empty.
    pub(super) fn take(&mut self, slot: Slot, network: &Network) -> Vec<Block> {
        match self.0.get_mut(&slot) {
            Some(blocks) if !blocks.is_empty() => std::mem::take(blocks),
            _ => fresh(network, slot.kind.fresh()),
        }
    }

    /// Put blocks into a slot.
    pub(super) fn put(&mut self, slot: Slot, blocks: Vec<Block>) -> Option<Vec<Block>> {
        match self.0.get_mut(&slot) {
            Some(place) => Some(std::mem::replace(place, blocks)),
            None => self.0.insert(slot, blocks),
        }
    }

    /// Every slot that was written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &[Block])> {
        self.0
            .iter()
            .filter(|(_, b)| !b.is_empty())
            .map(|(s, b)| (*s, b.as_slice()))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Vec<Block>)> {
        self.0.iter_mut().map(|(s, b)| (*s, b))
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
    /// Whether its storage is the transpose of what the contract sees.
    pub(super) fn turned(&self) -> bool {
        matches!(self.owner, Owner::Weight(_))
    }

    /// Rows and columns as stored.
    pub(super) fn stored(&self) -> (usize, usize) {
        let (rows, cols) = self.shape;
        if self.turned() { (cols, rows) } else { (rows, cols) }
    }

    /// A block as the contract sees it.
    pub(super) fn seen<'a>(&self, block: &'a Block) -> ArrayView2<'a, f32> {
        if self.turned() {
            block.view().reversed_axes()
        } else {
            block.view()
        }
    }

    /// A block from what the contract sees.
    pub(super) fn block(&self, values: ArrayView2<'_, f32>) -> Block {
        Block::from_view(if self.turned() {
            values.reversed_axes()
        } else {
            values
        })
    }
}

/// A slot's blocks, the parameters among them.
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

/// `out ← Σ factor · a · b`.
pub(super) fn combine(
    weights: &[Block],
    slots: &Slots,
    products: &[Product],
    out: &mut [Block],
) -> Result<(), BackendError> {
    for product in products {
        read(weights, slots, product.a)?;
        product
            .b
            .map_or(Ok(&[] as &[Block]), |b| read(weights, slots, b))?;
    }
    for (place, out) in out.iter_mut().enumerate() {
        out.fill(0.0);
        for (n, product) in products.iter().enumerate() {
            let a = &read(weights, slots, product.a)?[place];
            let b = match product.b {
                Some(b) => Some(&read(weights, slots, b)?[place]),
                None => None,
            };
            for i in 0..out.rows() {
                let b = b.map(|b| b.row(i));
                for (j, (out, a)) in out.row_mut(i).iter_mut().zip(a.row(i)).enumerate() {
                    let value = product.factor * a * b.map_or(1.0, |b| b[j]);
                    *out = if n == 0 { value } else { *out + value };
                }
            }
        }
    }
    Ok(())
}

/// `Σ a · b`.
pub(super) fn dot(a: &[Block], b: &[Block]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        for i in 0..a.rows() {
            let products = a
                .row(i)
                .iter()
                .zip(b.row(i))
                .map(|(a, b)| f64::from(*a) * f64::from(*b));
            sum += products.sum::<f64>();
        }
    }
    sum
}

#[cfg(test)]
mod tests;

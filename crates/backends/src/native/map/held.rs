//! The blocks that expressions read, some of which are written as well.

use super::super::block::Block;
use super::super::slots::Slots;
use dentate_core::Slot;

/// Parameters and slots. Those that are written are taken out of where they belong.
pub(super) struct Held<'a> {
    pub(super) weights: &'a [Block],
    pub(super) slots: &'a Slots,
    pub(super) taken: Vec<(Slot, Vec<Block>)>,
}

/// The place of a slot's blocks.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    Retained(&'a [Block]),
    Taken(usize),
}

impl<'a> Held<'a> {
    /// The place of a slot that was written.
    pub(super) fn origin(&self, slot: Slot) -> Option<Origin<'a>> {
        let taken = self.taken.iter().position(|(own, _)| *own == slot);
        match taken {
            Some(at) => Some(Origin::Taken(at)),
            None if slot == Slot::WEIGHT => Some(Origin::Retained(self.weights)),
            None => self.slots.get(slot).map(Origin::Retained),
        }
    }

    pub(super) fn block(&self, origin: Origin<'a>, place: usize) -> &Block {
        match origin {
            Origin::Retained(blocks) => &blocks[place],
            Origin::Taken(at) => &self.taken[at].1[place],
        }
    }
}

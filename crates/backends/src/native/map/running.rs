//! Running a schedule on the pieces of a block.

use super::super::block::Block;
use super::chunk::{Gather, Piece, Run, padded, part};
use super::evaluation::{Evaluation, Workspace};
use super::held::Origin;
use super::values::Value;
use pulp::Arch;

impl<'a> Evaluation<'a> {
    /// Compute a value at a block and gather it.
    pub(super) fn scan(&mut self, place: usize, of: Value, gather: &mut Gather<'_>) {
        let Workspace { values, schedule, .. } = &mut *self.workspace;
        schedule.plan(values, &[of], false);
        let origins = self.origins();
        for piece in self.pieces(place, &origins, false) {
            self.run(place, &origins, piece, gather);
        }
    }

    /// Run the schedule on a piece of a block.
    pub(super) fn run(
        &mut self,
        place: usize,
        origins: &[Origin<'a>],
        piece: Piece,
        gather: &mut Gather<'_>,
    ) {
        let held = &self.held;
        let slots = |n: usize| part(held.block(origins[n], place), &piece);
        let Workspace {
            values,
            schedule,
            registers,
            ..
        } = &mut *self.workspace;
        if piece.row == 0 && piece.first == 0 {
            registers.fit(schedule, values, &piece);
        }
        Arch::new().dispatch(Run {
            schedule,
            values,
            registers,
            slots: &slots,
            piece,
            gather,
        });
    }

    /// The places of the slots that are read.
    pub(super) fn origins(&self) -> Vec<Origin<'a>> {
        let slots = self.workspace.values.slots.iter();
        // All slots were there when the evaluation began.
        slots
            .map(|slot| self.held.origin(*slot).unwrap_or(Origin::Retained(&[])))
            .collect()
    }

    /// The pieces of a block: of several rows each if these lie alike in all blocks that are read, or also written.
    pub(super) fn pieces(
        &self,
        place: usize,
        origins: &[Origin<'a>],
        written: bool,
    ) -> impl Iterator<Item = Piece> + use<> {
        let at = &self.network.places[place];
        let read = origins.iter().map(|origin| self.held.block(*origin, place));
        let write = self.held.taken.iter().map(|(_, blocks)| &blocks[place]);
        let mut strides = read.chain(write.filter(|_| written)).map(Block::stride);
        let padded = padded(at.stored().1);
        let first = strides.next().unwrap_or(padded);
        let even = strides.all(|stride| stride == first).then_some(first);
        Piece::all(at.stored(), padded, even, at.turned())
    }
}

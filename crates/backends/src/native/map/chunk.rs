//! A program worked off on one chunk of a block. Loops are compiled for the vectors that there are, by whoever dispatches.

use super::does::{Does, Source, Values, work};
use super::program::Program;

/// Floats in a chunk: registers of so many stay in the nearest cache.
pub(super) const CHUNK: usize = 1024;

/// What values wait in.
#[derive(Debug, Default)]
pub(in crate::native) struct Registers {
    all: Vec<Vec<f32>>,
    /// What is to be folded.
    pub(super) values: Vec<f32>,
}

impl Registers {
    pub(super) fn fit(&mut self, program: &Program) {
        if self.all.len() < program.registers {
            self.all.resize_with(program.registers, || vec![0.0; CHUNK]);
        }
        self.values.resize(CHUNK, 0.0);
    }
}

/// Where a chunk stands in its block, as stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) first: usize,
    /// Whether the block is stored as its transpose.
    pub(super) turned: bool,
}

/// Work a program off into `out`. `slots` are the rows that it reads, from their beginning.
#[inline(always)]
pub(super) fn run<'a>(
    program: &Program,
    registers: &mut Registers,
    slots: &dyn Fn(usize) -> &'a [f32],
    place: Place,
    out: &mut [f32],
) {
    let n = out.len();
    let slot = |at: usize| &slots(at)[place.first..place.first + n];
    if let Some(Source::Slot(at)) = program.copied() {
        return out.copy_from_slice(slot(at));
    }
    let Some(((last, _), before)) = program.instructions.split_last() else {
        return;
    };
    let mut all = std::mem::take(&mut registers.all);
    for (does, to) in before {
        let mut own = std::mem::take(&mut all[*to]);
        one(*does, &mut own[..n], &all, slot, place);
        all[*to] = own;
    }
    one(*last, out, &all, slot, place);
    registers.all = all;
}

#[inline(always)]
fn one<'a, 'b: 'a>(
    does: Does,
    out: &mut [f32],
    registers: &'a [Vec<f32>],
    slot: impl Fn(usize) -> &'b [f32],
    place: Place,
) {
    let n = out.len();
    if let Does::Noise(noise) = does {
        let (row, first) = (place.row, place.first);
        let places = out.iter_mut().zip(first..);
        return if place.turned {
            places.for_each(|(out, at)| *out = noise.at(at, row));
        } else {
            places.for_each(|(out, at)| *out = noise.at(row, at));
        };
    }
    work(does, out, |source| match source {
        Source::Register(at) => Values::Each(&registers[at][..n]),
        Source::Slot(at) => Values::Each(slot(at)),
        Source::Number(x) => Values::One(x),
    });
}

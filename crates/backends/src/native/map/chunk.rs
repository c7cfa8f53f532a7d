//! Execution of a program on one chunk of a block. The caller's dispatch compiles the loops for the available vectors.

use super::does::{Does, Source, Values, work};
use super::fold::Fold;
use super::program::Program;
use crate::settled::settled;
use pulp::{Simd, WithSimd};

/// Floats in a chunk: registers of this size stay in the nearest cache.
pub(super) const CHUNK: usize = 2048;

/// The registers of a program.
#[derive(Debug, Default)]
pub(in crate::native) struct Registers {
    all: Vec<Vec<f32>>,
    /// The program's numbers, each broadcast to every entry.
    numbers: Vec<Vec<f32>>,
    /// The values to be folded.
    pub(super) values: Vec<f32>,
}

impl Registers {
    pub(super) fn fit(&mut self, program: &Program) {
        if self.all.len() < program.registers {
            self.all.resize_with(program.registers, || vec![0.0; CHUNK]);
        }
        if self.numbers.len() < program.numbers.len() {
            self.numbers
                .resize_with(program.numbers.len(), || vec![0.0; CHUNK]);
        }
        for (spread, number) in self.numbers.iter_mut().zip(&program.numbers) {
            spread.fill(*number);
        }
        self.values.resize(CHUNK, 0.0);
    }
}

/// A row of a block that a program runs on, or all of the block.
#[derive(Clone, Copy)]
pub(super) struct Line<'r, 'a> {
    pub(super) program: &'r Program,
    /// The rows of the program's slots.
    pub(super) slots: &'r dyn Fn(usize) -> &'a [f32],
    /// The index of the stored row.
    pub(super) row: usize,
    /// True if the block is stored as its transpose.
    pub(super) turned: bool,
}

/// Write the results.
pub(super) struct Written<'r, 'a> {
    line: Line<'r, 'a>,
    registers: &'r mut Registers,
    out: &'r mut [f32],
    /// True if subnormal values become 0, as in stored slots.
    stored: bool,
}

impl<'r, 'a> Written<'r, 'a> {
    /// Write values to be stored.
    pub(super) fn stored(line: Line<'r, 'a>, registers: &'r mut Registers, out: &'r mut [f32]) -> Self {
        let stored = true;
        Self {
            line,
            registers,
            out,
            stored,
        }
    }

    /// Write values as they are.
    pub(super) fn exactly(line: Line<'r, 'a>, registers: &'r mut Registers, out: &'r mut [f32]) -> Self {
        let stored = false;
        Self {
            line,
            registers,
            out,
            stored,
        }
    }
}

impl WithSimd for Written<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (n, out) in self.out.chunks_mut(CHUNK).enumerate() {
            if self.stored {
                run(self.line, n * CHUNK, self.registers, out, settled);
            } else {
                run(self.line, n * CHUNK, self.registers, out, |x| x);
            }
        }
    }
}

/// Fold the results for so many columns.
pub(super) struct Folded<'r, 'a> {
    pub(super) line: Line<'r, 'a>,
    pub(super) registers: &'r mut Registers,
    pub(super) cols: usize,
    pub(super) fold: &'r mut Fold,
}

impl WithSimd for Folded<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        if let Some(slot) = self.line.program.copied() {
            return self.fold.take(&(self.line.slots)(slot)[..self.cols]);
        }
        let mut values = std::mem::take(&mut self.registers.values);
        for first in (0..self.cols).step_by(CHUNK) {
            let values = &mut values[..CHUNK.min(self.cols - first)];
            run(self.line, first, self.registers, values, |x| x);
            self.fold.take(values);
        }
        self.registers.values = values;
    }
}

/// Run a program into `out`, from a column on, and pass the results on.
#[inline(always)]
fn run(
    line: Line<'_, '_>,
    first: usize,
    registers: &mut Registers,
    out: &mut [f32],
    then: impl Fn(f32) -> f32 + Copy,
) {
    let n = out.len();
    let slot = |at: usize| &(line.slots)(at)[first..first + n];
    if let Some(at) = line.program.copied() {
        return out.copy_from_slice(slot(at));
    }
    let vectors = &line.program.vectors;
    match line.program.plain() {
        Some(Source::Across(at)) => {
            let values = out.iter_mut().zip(&vectors[at][first..]);
            return values.for_each(|(out, value)| *out = then(*value));
        }
        Some(Source::Down(at)) => return out.fill(then(vectors[at][line.row])),
        _ => {}
    }
    let Some(((last, _), before)) = line.program.instructions.split_last() else {
        return;
    };
    let (mut all, numbers) = (std::mem::take(&mut registers.all), &registers.numbers);
    let vector = |source| match source {
        Source::Across(at) => Values::Each(&vectors[at][first..first + n]),
        Source::Down(at) => Values::One(vectors[at][line.row]),
        _ => Values::One(0.0),
    };
    let place = if line.turned {
        (first, line.row)
    } else {
        (line.row, first)
    };
    for (does, to) in before {
        let mut own = std::mem::take(&mut all[*to]);
        one(
            *does,
            &mut own[..n],
            (&all, numbers),
            slot,
            vector,
            (place, line.turned),
            |x| x,
        );
        all[*to] = own;
    }
    one(
        *last,
        out,
        (&all, numbers),
        slot,
        vector,
        (place, line.turned),
        then,
    );
    registers.all = all;
}

/// Run one instruction. A chunk begins at a row and column of the block as the contract sees it, and goes on to the next row if
/// the block is stored as its transpose.
#[inline(always)]
fn one<'a, 'b: 'a, 'c: 'a>(
    does: Does,
    out: &mut [f32],
    (registers, numbers): (&'a [Vec<f32>], &'a [Vec<f32>]),
    slot: impl Fn(usize) -> &'b [f32],
    vector: impl Fn(Source) -> Values<'c>,
    ((row, column), turned): ((usize, usize), bool),
    then: impl Fn(f32) -> f32 + Copy,
) {
    let n = out.len();
    if let Does::Noise(noise) = does {
        let (down, along) = (usize::from(turned), usize::from(!turned));
        for (i, out) in out.iter_mut().enumerate() {
            *out = then(noise.at(row + i * down, column + i * along));
        }
        return;
    }
    let read = |source| match source {
        Source::Register(at) => Values::Each(&registers[at][..n]),
        Source::Slot(at) => Values::Each(slot(at)),
        Source::Spread(at) => Values::Each(&numbers[at][..n]),
        Source::Across(_) | Source::Down(_) => vector(source),
        Source::Number(x) => Values::One(x),
    };
    work(does, out, read, then);
}

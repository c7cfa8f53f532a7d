//! Execution of a schedule on some rows of a block. The dispatch compiles the loops for the available vectors.

use super::super::block::Block;
use super::does::{Data, Does, work};
use super::fold::{Across, Down, Fold};
use super::schedule::{Schedule, Source};
use super::values::Values;
use crate::settled::settled;
use pulp::{Simd, WithSimd};

/// Floats that are worked on at a time: a few registers of this size stay in the nearest cache.
pub(super) const CHUNK: usize = 1024;

/// Some stored rows of a block, or a part of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The first row, and the number of rows.
    pub(super) row: usize,
    pub(super) rows: usize,
    /// The first column.
    pub(super) first: usize,
    /// Distance between the starts of rows, and the number of floats with their padding.
    pub(super) stride: usize,
    pub(super) floats: usize,
    /// Columns without padding.
    pub(super) columns: usize,
    /// True if the block is stored as its transpose.
    pub(super) turned: bool,
}

impl Piece {
    /// The pieces of a block of so many stored rows and columns. Rows can be taken together if they begin at the same places in all
    /// blocks that are read or written: then `stride` is given.
    pub(super) fn all(
        (rows, cols): (usize, usize),
        padded: usize,
        stride: Option<usize>,
        turned: bool,
    ) -> impl Iterator<Item = Self> {
        let rows = if cols == 0 { 0 } else { rows };
        let together = stride.filter(|stride| *stride <= CHUNK);
        let each = together.map_or(1, |stride| CHUNK / stride.max(1));
        let length = together.unwrap_or(padded).max(1);
        let starts = (0..rows).step_by(each);
        starts.flat_map(move |row| {
            let rows = each.min(rows - row);
            (0..length).step_by(CHUNK).map(move |first| {
                let floats = (length - first).min(CHUNK);
                Self {
                    row,
                    rows,
                    first,
                    stride: length,
                    floats: if rows > 1 { rows * length } else { floats },
                    columns: cols.saturating_sub(first).min(floats),
                    turned,
                }
            })
        })
    }

    /// Its rows of some values, without padding.
    #[inline(always)]
    pub(super) fn rows<'v>(&self, values: &'v [f32]) -> impl Iterator<Item = &'v [f32]> {
        let (stride, columns) = (self.stride, self.columns);
        (0..self.rows).map(move |row| &values[row * stride..row * stride + columns])
    }
}

/// The registers of a schedule.
#[derive(Debug, Default)]
pub(super) struct Registers {
    all: Vec<Vec<f32>>,
    numbers: Vec<Vec<f32>>,
    across: Vec<Vec<f32>>,
    down: Vec<Vec<f32>>,
}

impl Registers {
    /// Make room for a schedule, and repeat what is the same in all pieces of a block, of which this is the first.
    pub(super) fn fit(&mut self, schedule: &Schedule, values: &Values, piece: &Piece) {
        let room = |list: &mut Vec<Vec<f32>>, n: usize| {
            if list.len() < n {
                list.resize_with(n, || vec![0.0; CHUNK]);
            }
        };
        room(&mut self.all, schedule.registers);
        room(&mut self.numbers, schedule.numbers.len());
        room(&mut self.down, schedule.down.len());
        for (spread, number) in self.numbers.iter_mut().zip(&schedule.numbers) {
            spread[..piece.floats].fill(*number);
        }
        if self.across.len() < schedule.across.len() {
            self.across.resize_with(schedule.across.len(), Vec::new);
        }
        for (tile, vector) in self.across.iter_mut().zip(&schedule.across) {
            let vector = values.vector(*vector);
            tile.clear();
            for row in 0..piece.rows {
                tile.resize(row * piece.stride, 0.0);
                tile.extend_from_slice(vector);
            }
            tile.resize(tile.len().max(piece.floats), 0.0);
        }
    }

    /// The numbers of an output in a piece.
    #[inline(always)]
    pub(super) fn output<'r>(
        &'r self,
        source: Source,
        piece: &Piece,
        slot: impl Fn(usize) -> &'r [f32],
    ) -> Data<'r> {
        let n = piece.floats;
        match source {
            Source::Register(at) => Data::Each(&self.all[at][..n]),
            Source::Slot(at) => Data::Each(slot(at)),
            Source::Spread(at) => Data::Each(&self.numbers[at][..n]),
            Source::Across(at) => Data::Each(&self.across[at][piece.first..piece.first + n]),
            Source::Down(at) => Data::Each(&self.down[at][..n]),
            Source::Number(x) => Data::One(x),
        }
    }
}

/// A reduction of the first output in progress.
pub(super) enum Gather<'o> {
    /// None: outputs stay in their registers.
    Nothing,
    Fold(Fold),
    Across(Across),
    Down(Down<'o>),
}

/// Run a schedule on a piece.
pub(super) struct Run<'r, 'a, 'o> {
    pub(super) schedule: &'r Schedule,
    pub(super) values: &'r Values,
    pub(super) registers: &'r mut Registers,
    /// The piece's floats of each slot that is read.
    pub(super) slots: &'r dyn Fn(usize) -> &'a [f32],
    pub(super) piece: Piece,
    pub(super) gather: &'r mut Gather<'o>,
}

impl WithSimd for Run<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            schedule,
            values,
            registers,
            slots,
            piece,
            gather,
        } = self;
        let n = piece.floats;
        for (spread, vector) in registers.down.iter_mut().zip(&schedule.down) {
            let vector = &values.vector(*vector)[piece.row..piece.row + piece.rows];
            if piece.rows == 1 {
                spread[..n].fill(vector[0]);
                continue;
            }
            for (row, value) in spread[..n].chunks_exact_mut(piece.stride).zip(vector) {
                row.fill(*value);
            }
        }
        for (does, to) in &schedule.instructions {
            let mut own = std::mem::take(&mut registers.all[*to]);
            let out = &mut own[..n];
            if let Does::Noise(noise) = does {
                // With padding, so that whole vectors are computed.
                for (row, out) in out.chunks_mut(piece.stride).enumerate() {
                    if piece.turned {
                        noise.down(piece.first, piece.row + row, out);
                    } else {
                        for (i, out) in out.iter_mut().enumerate() {
                            *out = noise.at(piece.row + row, piece.first + i);
                        }
                    }
                }
            } else {
                work(*does, out, |source| {
                    registers.output(source, &piece, |at| slots(at))
                });
            }
            registers.all[*to] = own;
        }
        let Some(&output) = schedule.outputs.first() else {
            return;
        };
        if matches!(gather, Gather::Nothing) {
            return;
        }
        let Data::Each(made) = registers.output(output, &piece, |at| slots(at)) else {
            return;
        };
        match gather {
            Gather::Nothing => {}
            Gather::Fold(fold) => piece.rows(made).for_each(|row| fold.take(row)),
            Gather::Across(across) => piece.rows(made).for_each(|row| across.take(piece.first, row)),
            Gather::Down(down) => piece.rows(made).for_each(|row| down.take(row)),
        }
    }
}

/// Store numbers as they are to be stored, where rates are not 0.
pub(super) struct Store<'r> {
    pub(super) from: Data<'r>,
    pub(super) to: &'r mut [f32],
    /// Learning rates of the entries.
    pub(super) rates: Option<&'r [f32]>,
}

impl WithSimd for Store<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match (self.from, self.rates) {
            (Data::Each(from), None) => {
                let pairs = self.to.iter_mut().zip(from);
                pairs.for_each(|(to, from)| *to = settled(*from));
            }
            (Data::One(from), None) => self.to.fill(settled(from)),
            (Data::Each(from), Some(rates)) => {
                for ((to, from), rate) in self.to.iter_mut().zip(from).zip(rates) {
                    *to = if *rate == 0.0 { *to } else { settled(*from) };
                }
            }
            (Data::One(from), Some(rates)) => {
                for (to, rate) in self.to.iter_mut().zip(rates) {
                    *to = if *rate == 0.0 { *to } else { settled(from) };
                }
            }
        }
    }
}

/// Fold a vector.
pub(super) struct Folded<'r> {
    pub(super) vector: &'r [f32],
    pub(super) fold: &'r mut Fold,
}

impl WithSimd for Folded<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.fold.take(self.vector);
    }
}

/// Floats of a row with the padding that fills vectors.
pub(super) fn padded(columns: usize) -> usize {
    columns.next_multiple_of(16)
}

/// The floats of a piece of a block.
pub(super) fn part<'b>(block: &'b Block, piece: &Piece) -> &'b [f32] {
    let start = piece.row * block.stride() + piece.first;
    &block.data()[start..start + piece.floats]
}

//! Lists of the non-zero entries of a batch, row by row or column by column. Most pixels and most outputs of rectified units
//! are zero, and a product that skips them is exact: the omitted terms would have added 0.

use super::block::Block;
use pulp::{Arch, Simd, WithSimd};

/// Lists of (index, value).
#[derive(Debug, Default)]
pub(super) struct Sparse {
    /// The start of each list; one more than there are lists.
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
    /// Next free place of each list while columns are sorted in.
    next: Vec<u32>,
}

impl Sparse {
    pub(super) fn list(&self, i: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// Number of lists.
    pub(super) fn count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Number of entries of all lists together.
    pub(super) fn total(&self) -> usize {
        self.starts.last().copied().unwrap_or(0) as usize
    }

    /// The indices of lists that are not empty.
    pub(super) fn present(&self, out: &mut Vec<u32>) {
        out.clear();
        out.resize(self.starts.len(), 0);
        let mut place = 0;
        for (i, ends) in self.starts.windows(2).enumerate() {
            out[place] = i as u32;
            place += usize::from(ends[0] != ends[1]);
        }
        out.truncate(place);
    }

    /// One list for each row.
    pub(super) fn by_row(&mut self, block: &Block) {
        self.starts.clear();
        self.starts.push(0);
        // Whole vectors are read, and space is reserved for entries that are written before it is known that they count.
        self.entries.resize(block.rows() * block.cols() + 1, (0, 0.0));
        Arch::new().dispatch(ByRow { block, into: self });
    }

    /// One list for each of `columns` columns, rows ascending, from the lists of rows.
    pub(super) fn by_column(&mut self, rows: &Self, columns: usize, value: impl Fn(f32) -> f32) {
        let total = rows.total();
        let entries = &rows.entries[..total];
        self.next.clear();
        self.next.resize(columns, 0);
        for &(column, _) in entries {
            self.next[column as usize] += 1;
        }
        self.starts.clear();
        let mut sum = 0;
        for next in &mut self.next {
            self.starts.push(sum);
            sum += std::mem::replace(next, sum);
        }
        self.starts.push(sum);
        if self.entries.len() < total {
            self.entries.resize(total, (0, 0.0));
        }
        for row in 0..rows.count() {
            for &(column, x) in rows.list(row) {
                let next = &mut self.next[column as usize];
                self.entries[*next as usize] = (row as u32, value(x));
                *next += 1;
            }
        }
    }
}

struct ByRow<'a> {
    block: &'a Block,
    into: &'a mut Sparse,
}

impl WithSimd for ByRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { block, into } = self;
        let mut place = 0;
        for i in 0..block.rows() {
            place = list(simd, block.row(i), &mut into.entries, place);
            into.starts.push(place as u32);
        }
    }
}

/// Append the non-zero entries of a row at `place`; returns the end.
#[inline(always)]
fn list<S: Simd>(simd: S, row: &[f32], entries: &mut [(u32, f32)], mut place: usize) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(v4) = (&simd as &dyn std::any::Any).downcast_ref::<pulp::x86::V4>() {
        let (vectors, rest) = row.as_chunks::<16>();
        for (n, vector) in vectors.iter().enumerate() {
            let x = pulp::bytemuck::cast(*vector);
            // The comparison treats NaN as different from 0, and −0 as equal.
            let zero = v4.avx512f._mm512_setzero_ps();
            let mut left = v4.avx512f._mm512_cmpneq_ps_mask(x, zero);
            while left != 0 {
                let lane = left.trailing_zeros() as usize;
                entries[place] = ((n * 16 + lane) as u32, vector[lane]);
                place += 1;
                left &= left - 1;
            }
        }
        let at = vectors.len() * 16;
        return scan(at, rest, entries, place);
    }
    let _ = simd;
    scan(0, row, entries, place)
}

/// The same without vectors and without a branch: every entry is stored, and `place` advances only after one that is not 0.
#[inline(always)]
fn scan(at: usize, row: &[f32], entries: &mut [(u32, f32)], mut place: usize) -> usize {
    for (j, &x) in row.iter().enumerate() {
        entries[place] = ((at + j) as u32, x);
        place += usize::from(x != 0.0);
    }
    place
}

/// Number of non-zero entries.
pub(super) fn filled(block: &Block) -> usize {
    let count = |row: &[f32]| row.iter().map(|&x| u32::from(x != 0.0)).sum::<u32>() as usize;
    (0..block.rows()).map(|i| count(block.row(i))).sum()
}

#[cfg(test)]
mod tests;

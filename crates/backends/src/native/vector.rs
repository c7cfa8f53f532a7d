//! Vector loops for shapes that `gemm` is not made for: one row, few rows, or mostly zeros. Each is compiled for the widest
//! vectors that the processor has (`pulp` picks at run time), and its order of summation depends only on shapes and on which
//! entries are zero.

use super::block::Block;
use super::settle::absolute;
use super::span::Span;
use super::sparse::Sparse;
use pulp::{Arch, Simd, WithSimd};

/// Row `r` of the target gets (or, adding, is added) `Σ (factor · coefficient) · matrix[k]` over its list of entries.
pub(super) struct Gather<'a> {
    pub(super) lists: &'a Sparse,
    /// The lists that belong to the target's rows.
    pub(super) span: Span<'a>,
    pub(super) matrix: &'a Block,
    pub(super) target: &'a mut Block,
    pub(super) factor: f32,
    pub(super) add: bool,
}

impl Gather<'_> {
    pub(super) fn run(self) {
        debug_assert_eq!(self.matrix.cols(), self.target.cols());
        Arch::new().dispatch(self);
    }
}

/// Bytes of a matrix that are processed at a time for many rows: half of the nearest cache.
const NEAR: usize = 16 << 10;

/// Number of rows from which that pays, if at least one in `DENSE` entries is not zero; `SIDE_BY_SIDE` rows take turns.
const MANY: usize = 8;
const DENSE: usize = 4;
const SIDE_BY_SIDE: usize = 64;

impl WithSimd for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // Rows are processed in whole vectors. The last one may extend into the padding, which both blocks have: its results
        // there land in the target's padding and are never read.
        let vectors = self.target.cols().div_ceil(S::F32_LANES);
        let size = self.matrix.rows() * self.matrix.stride() * size_of::<f32>();
        let rows = self.target.rows();
        let dense = DENSE * self.lists.total() > rows * self.matrix.rows();
        if rows >= MANY && size > 2 * NEAR && dense {
            for first in (0..rows).step_by(SIDE_BY_SIDE) {
                self.side_by_side(simd, vectors, first, SIDE_BY_SIDE.min(rows - first));
            }
            return;
        }
        for r in 0..rows {
            let list = self.lists.list(self.span.at(r));
            for at in (0..vectors).step_by(8) {
                self.part(simd, r, list, at, (vectors - at).min(8), self.add);
            }
        }
    }
}

impl Gather<'_> {
    /// Process some rows in turns, one near piece of the matrix after the other. Each row's order of summation is the same as
    /// for a row by itself: partial sums wait in the target.
    #[inline(always)]
    fn side_by_side<S: Simd>(&mut self, simd: S, vectors: usize, first: usize, count: usize) {
        let lists = self.lists;
        for at in (0..vectors).step_by(8) {
            let taken = (vectors - at).min(8);
            let near = NEAR / (taken * S::F32_LANES * size_of::<f32>());
            let mut next = [0; SIDE_BY_SIDE];
            for start in (0..self.matrix.rows()).step_by(near) {
                for (i, next) in next.iter_mut().enumerate().take(count) {
                    let list = &lists.list(self.span.at(first + i))[*next..];
                    let here = list.iter().take_while(|e| (e.0 as usize) < start + near).count();
                    *next += here;
                    if here > 0 || start == 0 {
                        let add = self.add || start > 0;
                        self.part(simd, first + i, &list[..here], at, taken, add);
                    }
                }
            }
        }
    }

    /// `taken` vectors of a target row, from the vector `at` on.
    #[inline(always)]
    fn part<S: Simd>(
        &mut self,
        simd: S,
        row: usize,
        list: &[(u32, f32)],
        at: usize,
        taken: usize,
        add: bool,
    ) {
        let (matrix, stride) = (self.matrix.data(), self.matrix.stride());
        let (start, at) = (row * self.target.stride(), at * S::F32_LANES);
        let out = &mut self.target.data_mut()[start..][..at + taken * S::F32_LANES];
        let list = (list, self.factor);
        match taken {
            1 => tile::<S, 1>(simd, list, matrix, stride, at, out, add),
            2 => tile::<S, 2>(simd, list, matrix, stride, at, out, add),
            3 => tile::<S, 3>(simd, list, matrix, stride, at, out, add),
            4 => tile::<S, 4>(simd, list, matrix, stride, at, out, add),
            5 => tile::<S, 5>(simd, list, matrix, stride, at, out, add),
            6 => tile::<S, 6>(simd, list, matrix, stride, at, out, add),
            7 => tile::<S, 7>(simd, list, matrix, stride, at, out, add),
            _ => tile::<S, 8>(simd, list, matrix, stride, at, out, add),
        }
    }
}

/// `T` vectors of one target row, kept in registers while the list is processed.
#[inline(always)]
fn tile<S: Simd, const T: usize>(
    simd: S,
    list: (&[(u32, f32)], f32),
    matrix: &[f32],
    stride: usize,
    at: usize,
    out: &mut [f32],
    add: bool,
) {
    let lanes = S::F32_LANES;
    let (out, _) = S::as_mut_simd_f32s(&mut out[at..at + T * lanes]);
    let mut sums = [simd.splat_f32s(0.0); T];
    if add {
        for (sum, out) in sums.iter_mut().zip(&*out) {
            *sum = *out;
        }
    }
    out.copy_from_slice(&gathered::<S, T>(simd, list, (matrix, stride), at, sums));
}

/// `sums + Σ (factor · coefficient) · matrix[k]` over a list of entries, `T` vectors from column `at` on.
#[inline(always)]
pub(super) fn gathered<S: Simd, const T: usize>(
    simd: S,
    (list, factor): (&[(u32, f32)], f32),
    (matrix, stride): (&[f32], usize),
    at: usize,
    mut sums: [S::f32s; T],
) -> [S::f32s; T] {
    for &(k, x) in list {
        let start = k as usize * stride + at;
        let (row, _) = S::as_simd_f32s(&matrix[start..start + T * S::F32_LANES]);
        let x = simd.splat_f32s(factor * x);
        for t in 0..T {
            sums[t] = simd.mul_add_e_f32s(x, row[t], sums[t]);
        }
    }
    sums
}

/// Inner products of one row with some rows of a matrix.
pub(super) struct Dots<'a> {
    pub(super) row: &'a [f32],
    pub(super) matrix: &'a Block,
    /// The rows to multiply: those whose entry here is not 0, or all if it is `None`.
    pub(super) only: Option<&'a [f32]>,
    /// One entry for each row of the matrix; 0 for rows that are left out (adding: nothing is added to them).
    pub(super) target: &'a mut [f32],
    pub(super) add: bool,
}

impl Dots<'_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (k, target) in self.target.iter_mut().enumerate() {
            let wanted = self.only.is_none_or(|only| only[k] != 0.0);
            let value = if wanted {
                inner(simd, self.row, self.matrix.row(k))
            } else {
                0.0
            };
            *target = if self.add { *target + value } else { value };
        }
    }
}

/// The inner product of two rows.
pub(super) struct Inner<'a>(pub(super) &'a [f32], pub(super) &'a [f32]);

impl Inner<'_> {
    pub(super) fn run(self) -> f32 {
        Arch::new().dispatch(self)
    }
}

impl WithSimd for Inner<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        inner(simd, self.0, self.1)
    }
}

/// Adds `Σ_j |matrix_ij|` of some rows to their sums.
pub(super) struct Absolute<'a> {
    pub(super) matrix: &'a Block,
    pub(super) rows: &'a [u32],
    pub(super) sums: &'a mut [f32],
}

impl Absolute<'_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Absolute<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // The last vector extends into the padding, whose contents are undefined.
        let mut numbers = [0.0; 32];
        (0..32)
            .zip(&mut numbers)
            .for_each(|(i, n)| *n = f32::from(i as u8));
        let numbers = S::as_simd_f32s(&numbers).0[0];
        let rest = self.matrix.cols().wrapping_sub(1) % S::F32_LANES;
        let counts = simd.less_than_or_equal_f32s(numbers, simd.splat_f32s(rest as f32));
        let none = simd.splat_f32s(0.0);
        for &i in self.rows {
            let row = S::as_simd_f32s(self.matrix.padded(i as usize, S::F32_LANES)).0;
            let Some((last, row)) = row.split_last() else {
                return;
            };
            let last = simd.select_f32s(counts, *last, none);
            let mut sums = [absolute(simd, last), none];
            let (twos, one) = row.as_chunks::<2>();
            for two in twos {
                sums[0] = simd.add_f32s(sums[0], absolute(simd, two[0]));
                sums[1] = simd.add_f32s(sums[1], absolute(simd, two[1]));
            }
            for one in one {
                sums[1] = simd.add_f32s(sums[1], absolute(simd, *one));
            }
            self.sums[i as usize] += simd.reduce_sum_f32s(simd.add_f32s(sums[0], sums[1]));
        }
    }
}

#[inline(always)]
fn inner<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = S::as_simd_f32s(a);
    let (b, b_rest) = S::as_simd_f32s(b);
    let mut sums = [simd.splat_f32s(0.0); 4];
    let (a4, a1) = a.as_chunks::<4>();
    let (b4, b1) = b.as_chunks::<4>();
    for (a, b) in a4.iter().zip(b4) {
        for t in 0..4 {
            sums[t] = simd.mul_add_e_f32s(a[t], b[t], sums[t]);
        }
    }
    for (a, b) in a1.iter().zip(b1) {
        sums[0] = simd.mul_add_e_f32s(*a, *b, sums[0]);
    }
    if !a_rest.is_empty() {
        let (a, b) = (simd.partial_load_f32s(a_rest), simd.partial_load_f32s(b_rest));
        sums[1] = simd.mul_add_e_f32s(a, b, sums[1]);
    }
    let left = simd.add_f32s(sums[0], sums[1]);
    let right = simd.add_f32s(sums[2], sums[3]);
    simd.reduce_sum_f32s(simd.add_f32s(left, right))
}

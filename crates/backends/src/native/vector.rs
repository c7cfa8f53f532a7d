//! Vector loops for what `gemm` is not made for: one row, few rows, or mostly zeros. Each is compiled for the widest vectors
//! that the processor has (`pulp` picks at run time), and sums in an order that depends on shapes and on which entries are
//! zero, on nothing else.

use super::block::Block;
use super::sink::Span;
use super::sparse::Sparse;
use pulp::{Arch, Simd, WithSimd};

/// Row `r` of the target gets (or, adding, is added) `Σ coefficient · matrix[k]` over its list of entries.
pub(super) struct Gather<'a> {
    pub(super) lists: &'a Sparse,
    /// Which lists belong to the target's rows.
    pub(super) span: Span<'a>,
    pub(super) matrix: &'a Block,
    pub(super) target: &'a mut Block,
    pub(super) add: bool,
}

impl Gather<'_> {
    pub(super) fn run(self) {
        debug_assert_eq!(self.matrix.cols(), self.target.cols());
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = S::F32_LANES;
        let (matrix, stride) = (self.matrix.data(), self.matrix.stride());
        // Rows are worked off in whole vectors. The last one may reach into the padding, which both blocks have: what it
        // computes there lands in the target's padding and is never read.
        let vectors = self.target.cols().div_ceil(lanes);
        let out_stride = self.target.stride();
        for r in 0..self.target.rows() {
            let list = self.lists.list(self.span.at(r));
            let out = &mut self.target.data_mut()[r * out_stride..][..vectors * lanes];
            let mut at = 0;
            let mut left = vectors;
            while left > 0 {
                let taken = left.min(8);
                match taken {
                    1 => tile::<S, 1>(simd, list, matrix, stride, at, out, self.add),
                    2 => tile::<S, 2>(simd, list, matrix, stride, at, out, self.add),
                    3 => tile::<S, 3>(simd, list, matrix, stride, at, out, self.add),
                    4 => tile::<S, 4>(simd, list, matrix, stride, at, out, self.add),
                    5 => tile::<S, 5>(simd, list, matrix, stride, at, out, self.add),
                    6 => tile::<S, 6>(simd, list, matrix, stride, at, out, self.add),
                    7 => tile::<S, 7>(simd, list, matrix, stride, at, out, self.add),
                    _ => tile::<S, 8>(simd, list, matrix, stride, at, out, self.add),
                }
                (at, left) = (at + taken * lanes, left - taken);
            }
        }
    }
}

/// `T` vectors of one target row, kept in registers while the list is worked off.
#[inline(always)]
fn tile<S: Simd, const T: usize>(
    simd: S,
    list: &[(u32, f32)],
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

/// `sums + Σ coefficient · matrix[k]` over a list of entries, `T` vectors from column `at` on.
#[inline(always)]
pub(super) fn gathered<S: Simd, const T: usize>(
    simd: S,
    list: &[(u32, f32)],
    (matrix, stride): (&[f32], usize),
    at: usize,
    mut sums: [S::f32s; T],
) -> [S::f32s; T] {
    for &(k, x) in list {
        let start = k as usize * stride + at;
        let (row, _) = S::as_simd_f32s(&matrix[start..start + T * S::F32_LANES]);
        let x = simd.splat_f32s(x);
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
    /// Which rows: those whose entry here is not 0; all when there is none.
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

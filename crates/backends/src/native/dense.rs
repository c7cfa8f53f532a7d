//! The only access to the `gemm` kernels: `C ← f A B` or `C ← C + f A B` for strided views of slices.
//!
//! The kernels take raw pointers, so this is the only module that contains unsafe code. It checks that every entry of each
//! matrix lies inside its slice; Rust's borrow rules ensure the rest (the target is borrowed mutably, hence overlaps neither
//! source).
#![allow(unsafe_code)]

use super::block::Block;
use gemm_common::Parallelism;

/// A strided matrix for reading.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Rows `first..first + rows` of a block.
    pub(super) fn rows_of(block: &'a Block, first: usize, rows: usize) -> Self {
        Self {
            data: &block.data()[first * block.stride()..],
            rows,
            cols: block.cols(),
            row_stride: block.stride(),
            col_stride: 1,
        }
    }

    /// Columns `first..first + cols` of a block.
    pub(super) fn cols_of(block: &'a Block, first: usize, cols: usize) -> Self {
        Self {
            data: &block.data()[first..],
            rows: block.rows(),
            cols,
            row_stride: block.stride(),
            col_stride: 1,
        }
    }

    /// Contiguous rows.
    pub(super) fn plain(data: &'a [f32], rows: usize, cols: usize) -> Self {
        Self {
            data,
            rows,
            cols,
            row_stride: cols,
            col_stride: 1,
        }
    }

    /// All of a block.
    pub(super) fn of(block: &'a Block) -> Self {
        Self::rows_of(block, 0, block.rows())
    }

    /// The transpose.
    pub(super) fn turned(self) -> Self {
        Self {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }

    fn fits(&self) -> bool {
        inside(
            self.data.len(),
            self.rows,
            self.cols,
            self.row_stride,
            self.col_stride,
        )
    }
}

/// A matrix for writing, row by row.
pub(super) struct Target<'a> {
    data: &'a mut [f32],
    rows: usize,
    cols: usize,
    stride: usize,
}

impl<'a> Target<'a> {
    /// Contiguous rows.
    pub(super) fn of(data: &'a mut [f32], rows: usize, cols: usize) -> Self {
        Self {
            data,
            rows,
            cols,
            stride: cols,
        }
    }

    /// All of a block.
    pub(super) fn all(block: &'a mut Block) -> Self {
        let cols = block.cols();
        Self::cols_of(block, 0, cols)
    }

    /// Columns `first..first + cols` of a block.
    pub(super) fn cols_of(block: &'a mut Block, first: usize, cols: usize) -> Self {
        let (rows, stride) = (block.rows(), block.stride());
        Self {
            data: &mut block.data_mut()[first..],
            rows,
            cols,
            stride,
        }
    }
}

/// Returns whether the last entry of a strided matrix lies inside `len` floats.
fn inside(len: usize, rows: usize, cols: usize, row_stride: usize, col_stride: usize) -> bool {
    let (Some(row), Some(col)) = (rows.checked_sub(1), cols.checked_sub(1)) else {
        return true;
    };
    let (row, col) = (row.checked_mul(row_stride), col.checked_mul(col_stride));
    row.zip(col)
        .and_then(|(row, col)| row.checked_add(col))
        .is_some_and(|last| last < len && last <= isize::MAX as usize)
}

/// `target ← factor a b`, or `target ← target + factor a b`.
///
/// # Panics
/// If the shapes do not match, which is a bug of this crate.
pub(super) fn multiply(target: &mut Block, add: bool, factor: f32, a: Matrix<'_>, b: Matrix<'_>) {
    multiply_into(Target::all(target), add, factor, a, b);
}

/// The same into a part of a block, or a row of one.
///
/// # Panics
/// As in [`multiply`].
pub(super) fn multiply_into(target: Target<'_>, add: bool, factor: f32, a: Matrix<'_>, b: Matrix<'_>) {
    assert!(
        a.rows == target.rows && b.cols == target.cols && a.cols == b.rows,
        "shapes of a product"
    );
    assert!(a.fits() && b.fits(), "operands of a product");
    assert!(
        inside(target.data.len(), target.rows, target.cols, target.stride, 1),
        "target of a product"
    );
    // The kernels allocate where they pack operands; these allocations are not counted as a step's.
    #[cfg(test)]
    return allocation_counter::opt_out(|| compute(target, add, factor, a, b));
    #[cfg(not(test))]
    compute(target, add, factor, a, b);
}

/// Compute a product whose operands were checked.
fn compute(target: Target<'_>, add: bool, factor: f32, a: Matrix<'_>, b: Matrix<'_>) {
    // The kernels want a column-major target, so the transposed product is computed: Cᵀ = Bᵀ Aᵀ.
    // SAFETY: every entry of the three matrices lies inside its slice (asserted by the only caller), the target is borrowed mutably and
    // so does not overlap the operands, and the kernel is picked for the features that this processor has.
    unsafe {
        gemm_f32::gemm::f32::get_gemm_fn()(
            target.cols,
            target.rows,
            a.cols,
            target.data.as_mut_ptr(),
            target.stride as isize,
            1,
            add,
            b.data.as_ptr(),
            b.row_stride as isize,
            b.col_stride as isize,
            a.data.as_ptr(),
            a.row_stride as isize,
            a.col_stride as isize,
            if add { 1.0 } else { 0.0 },
            factor,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests;

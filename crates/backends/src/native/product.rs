//! The three matrix products of a dense layer, for rows `x`, weights `v` and errors `d`:
//!
//! - forward `z ← z + x v`,
//! - backward `e ← d vᵀ` (or added),
//! - gradient `g ← xᵀ d`.
//!
//! Weights are stored as `[source units, target units]`, the transpose of the contract's form, so that an input of 0 skips a
//! whole row of weights in the first product, and a whole row of gradients in the third. Small or sparse batches are multiplied
//! in this way; the others by the matrix kernels.

use super::block::Block;
use super::dense::{Matrix, multiply};
use super::span::Span;
use super::sparse::{Sparse, filled};
use super::vector::{Dots, Gather};

/// The number of rows up to which the kernels of `gemm` do not pay.
const FEW: usize = 4;

/// The share of non-zeros, in 1/16, above which the kernels of `gemm` win.
const SPARSE_16THS: usize = 5;

/// Rows of a gradient that are computed at a time: with 256 columns, a tile stays in the nearest caches.
pub(super) const TILE: usize = 64;

/// The method of multiplying a batch of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProductKind {
    Lists,
    Kernels,
}

/// The method for these inputs.
pub(super) fn way(x: &Block) -> ProductKind {
    if x.rows() <= FEW || filled(x) * 16 <= SPARSE_16THS * x.rows() * x.cols() {
        ProductKind::Lists
    } else {
        ProductKind::Kernels
    }
}

/// The method and the non-zero entries of some inputs, computed once for all products with them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    way: Option<ProductKind>,
    listed: bool,
    lists: Sparse,
}

impl Seen {
    /// Reset, after a change of the inputs.
    pub(super) fn forget(&mut self) {
        (self.way, self.listed) = (None, false);
    }

    /// List the rows, whatever the method elsewhere.
    pub(super) fn list(&mut self, x: &Block) -> &Sparse {
        if !self.listed {
            self.lists.by_row(x);
            self.listed = true;
        }
        &self.lists
    }

    /// Inspect the inputs, unless that was done.
    pub(super) fn look(&mut self, x: &Block) -> (ProductKind, &Sparse) {
        let way = *self.way.get_or_insert_with(|| way(x));
        if way == ProductKind::Lists {
            self.list(x);
        }
        (way, &self.lists)
    }

    /// The method for inputs that were inspected.
    pub(super) fn way(&self) -> ProductKind {
        self.way.unwrap_or(ProductKind::Kernels)
    }

    /// Their lists, row by row, if the method uses them.
    pub(super) fn lists(&self) -> &Sparse {
        &self.lists
    }
}

/// `z ← z + (factor · x) v`. With [`ProductKind::Lists`], `lists` holds the rows of `x`.
pub(super) fn forward(
    x: &Block,
    v: &Block,
    z: &mut Block,
    factor: f32,
    (way, lists): (ProductKind, &Sparse),
) {
    match way {
        ProductKind::Lists => {
            let gather = Gather {
                lists,
                span: Span::From(0),
                matrix: v,
                target: z,
                factor,
                add: true,
            };
            gather.run();
        }
        ProductKind::Kernels => multiply(z, true, factor, Matrix::of(x), Matrix::of(v)),
    }
}

/// `e ← d vᵀ`, or `e ← e + d vᵀ`. Entries where `only` is 0 may be left out.
pub(super) fn back(d: &Block, v: &Block, e: &mut Block, add: bool, only: Option<&Block>) {
    if d.rows() > FEW {
        return multiply(e, add, 1.0, Matrix::of(d), Matrix::of(v).turned());
    }
    for i in 0..d.rows() {
        let dots = Dots {
            row: d.row(i),
            matrix: v,
            only: only.map(|only| only.row(i)),
            target: e.row_mut(i),
            add,
        };
        dots.run();
    }
}

/// Some rows of `factor · xᵀ d`. With [`ProductKind::Lists`], `lists` holds the columns of `x`; otherwise the rows have to be
/// contiguous.
pub(super) fn gradient(
    x: &Block,
    d: &Block,
    span: Span<'_>,
    tile: &mut Block,
    factor: f32,
    (way, lists): (ProductKind, &Sparse),
) {
    match way {
        ProductKind::Lists => {
            let gather = Gather {
                lists,
                span,
                matrix: d,
                target: tile,
                factor,
                add: false,
            };
            gather.run();
        }
        ProductKind::Kernels => multiply(
            tile,
            false,
            factor,
            Matrix::cols_of(x, span.at(0), tile.rows()).turned(),
            Matrix::of(d),
        ),
    }
}

#[cfg(test)]
mod tests;

//! The three matrix products of a dense layer, for rows `x`, weights `v` and errors `d`:
//!
//! - forward `z ← z + x v`,
//! - back `e ← d vᵀ` (or added),
//! - gradient `g ← xᵀ d`.
//!
//! Weights lie as `[source units, target units]`, the transpose of how the contract shows them: then an input that is 0
//! skips a whole row of weights in the first product, and a whole row of gradients in the third. Batches that are small or
//! mostly zero take that way; the others go to the matrix kernels.

use super::block::Block;
use super::dense::{Matrix, multiply};
use super::span::Span;
use super::sparse::{Sparse, filled};
use super::vector::{Dots, Gather};

/// Up to this many rows the kernels of `gemm` do not pay.
const FEW: usize = 4;

/// Above this share of non-zeros, in 1/16, the kernels of `gemm` win.
const SPARSE_16THS: usize = 5;

/// Rows of a gradient that are made at a time: with 256 columns, a tile stays in the nearest caches.
pub(super) const TILE: usize = 64;

/// Which way a batch of inputs takes through the products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Lists,
    Kernels,
}

/// The way for these inputs.
pub(super) fn way(x: &Block) -> Way {
    if x.rows() <= FEW || filled(x) * 16 <= SPARSE_16THS * x.rows() * x.cols() {
        Way::Lists
    } else {
        Way::Kernels
    }
}

/// The way that some inputs take, and what is not zero of them, worked out once for all products that they go into.
#[derive(Debug, Default)]
pub(super) struct Seen {
    way: Option<Way>,
    listed: bool,
    lists: Sparse,
}

impl Seen {
    /// The inputs change.
    pub(super) fn forget(&mut self) {
        (self.way, self.listed) = (None, false);
    }

    /// List the rows, whatever way they will take elsewhere.
    pub(super) fn list(&mut self, x: &Block) -> &Sparse {
        if !self.listed {
            self.lists.by_row(x);
            self.listed = true;
        }
        &self.lists
    }

    /// Look at the inputs, unless that was done.
    pub(super) fn look(&mut self, x: &Block) -> (Way, &Sparse) {
        let way = *self.way.get_or_insert_with(|| way(x));
        if way == Way::Lists {
            self.list(x);
        }
        (way, &self.lists)
    }

    /// The way that inputs which were looked at take.
    pub(super) fn way(&self) -> Way {
        self.way.unwrap_or(Way::Kernels)
    }

    /// Their lists, row by row, where they take that way.
    pub(super) fn lists(&self) -> &Sparse {
        &self.lists
    }
}

/// `z ← z + (factor · x) v`. With [`Way::Lists`], `lists` holds the rows of `x`.
pub(super) fn forward(x: &Block, v: &Block, z: &mut Block, factor: f32, (way, lists): (Way, &Sparse)) {
    match way {
        Way::Lists => {
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
        Way::Kernels => multiply(z, true, factor, Matrix::of(x), Matrix::of(v)),
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

/// Some rows of `factor · xᵀ d`. With [`Way::Lists`], `lists` holds the columns of `x`; else the rows have to follow each other.
pub(super) fn gradient(
    x: &Block,
    d: &Block,
    span: Span<'_>,
    tile: &mut Block,
    factor: f32,
    (way, lists): (Way, &Sparse),
) {
    match way {
        Way::Lists => {
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
        Way::Kernels => multiply(
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

//! The matrix kernels by themselves, for benchmarks that compare a whole step with their speed.

use super::block::Block;
use super::dense::{Matrix, multiply};
use ndarray::Array2;

/// The operand of a product that is stored as its transpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transposed {
    /// Neither: a layer's forward product.
    Neither,
    /// The left one: the gradient of weights.
    Left,
    /// The right one: the error passed back.
    Right,
}

/// A product `[rows, inner] × [inner, cols]` of two matrices without zeros, by the kernels that training steps use.
#[derive(Clone, Debug)]
pub struct MatrixProduct {
    left: Block,
    right: Block,
    out: Block,
    turned: Transposed,
}

impl MatrixProduct {
    /// A product of this shape.
    #[must_use]
    pub fn new(rows: usize, inner: usize, cols: usize, turned: Transposed) -> Self {
        let block = |(rows, cols), turned| {
            let shape = if turned { (cols, rows) } else { (rows, cols) };
            let values = Array2::from_shape_fn(shape, |(i, j)| 0.5 + ((i * 7 + j * 3) % 11) as f32 / 11.0);
            Block::from_view(values.view())
        };
        Self {
            left: block((rows, inner), turned == Transposed::Left),
            right: block((inner, cols), turned == Transposed::Right),
            out: Block::zeros(rows, cols),
            turned,
        }
    }

    /// Compute it once.
    pub fn run(&mut self) {
        let (mut left, mut right) = (Matrix::of(&self.left), Matrix::of(&self.right));
        match self.turned {
            Transposed::Neither => {}
            Transposed::Left => left = left.turned(),
            Transposed::Right => right = right.turned(),
        }
        multiply(&mut self.out, false, 1.0, left, right);
    }

    /// Multiply-adds of one run.
    #[must_use]
    pub fn multiply_adds(&self) -> u64 {
        let inner = if self.turned == Transposed::Left {
            self.left.rows()
        } else {
            self.left.cols()
        };
        (self.out.rows() * self.out.cols() * inner) as u64
    }
}

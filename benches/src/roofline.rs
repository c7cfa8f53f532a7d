//! The roofline of a training step: its own matrix-product shapes timed alone, by the kernels that steps use, plus one pass
//! of its parameter traffic at the bandwidth of a copy of that size.
//!
//! The products are dense: a step that skips zeros may be faster than its roofline.

use dentate_backends::{MatrixProduct, Transposed};
use std::hint::black_box;

/// The least that a step has to do.
#[derive(Debug)]
pub struct Roofline {
    products: Vec<MatrixProduct>,
    from: Vec<f32>,
    to: Vec<f32>,
}

impl Roofline {
    /// Of a step of a multilayer perceptron with an optimizer that reads and writes `kept` numbers for each parameter: all
    /// products forward, all gradients, errors to the hidden layers.
    #[must_use]
    pub fn of_step(widths: &[usize], batch: usize, kept: usize) -> Self {
        let mut products = Vec::new();
        let mut parameters = 0;
        for (i, w) in widths.windows(2).enumerate() {
            products.push(MatrixProduct::new(batch, w[0], w[1], Transposed::Neither));
            products.push(MatrixProduct::new(w[0], batch, w[1], Transposed::Left));
            if i > 0 {
                products.push(MatrixProduct::new(batch, w[1], w[0], Transposed::Right));
            }
            parameters += (w[0] + 1) * w[1];
        }
        Self::new(products, parameters * kept)
    }

    /// Of an evaluation of one batch: all products forward.
    #[must_use]
    pub fn of_forward(widths: &[usize], batch: usize) -> Self {
        let forward = widths
            .windows(2)
            .map(|w| MatrixProduct::new(batch, w[0], w[1], Transposed::Neither));
        Self::new(forward.collect(), 0)
    }

    fn new(products: Vec<MatrixProduct>, copied: usize) -> Self {
        Self {
            products,
            from: vec![1.0; copied],
            to: vec![0.0; copied],
        }
    }

    /// Do it.
    pub fn run(&mut self) {
        self.products.iter_mut().for_each(MatrixProduct::run);
        black_box(&mut self.to).copy_from_slice(black_box(&self.from));
    }

    /// Multiply-adds of one run.
    #[must_use]
    pub fn multiply_adds(&self) -> u64 {
        self.products.iter().map(MatrixProduct::multiply_adds).sum()
    }
}

/// Numbers that an optimizer reads and writes for each parameter.
#[must_use]
pub fn traffic(optimizer: &dentate_core::Optimizer) -> usize {
    use dentate_core::Optimizer::{Adam, AdamW, Sgd};
    match optimizer {
        Adam { .. } | AdamW { .. } => 3,
        Sgd { momentum, .. } => 1 + usize::from(*momentum != 0.0),
    }
}

//! Generated digits: 28 × 28 grey images that look handwritten, which need no data files.
//!
//! A class has several forms ([`glyphs`]); an image uses one, moves its control points, lengthens or
//! shortens its strokes, bends, rotates, shears, scales and shifts it ([`pose`]), and draws it with a
//! pen of varying width, ink and blur on slightly noisy paper ([`pen`]). It is meant for trying out continual learning
//! without a data set: the accuracy of a linear model is clearly below that of a small network.
//!
//! Only additions, multiplications, divisions and square roots are used, which IEEE 754 fixes to the last bit, so
//! the same seed gives the same bytes on every platform.

mod chance;
mod glyphs;
mod pen;
mod pose;

pub(crate) use chance::Chance;
use dentate_core::Seed;

/// Increase it when the same seed would draw other images.
pub(crate) const VERSION: u32 = 1;
/// Pixels along a side.
pub(crate) const SIDE: usize = 28;
/// Pixels of an image.
pub(crate) const PIXELS: usize = SIDE * SIDE;
/// Number of classes.
pub(crate) const CLASSES: u32 = 10;

/// A point of the plane: `x` to the right, `y` down.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    x: f32,
    y: f32,
}

/// An endless set of drawn digits, addressed by index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits {
    seed: Seed,
}

impl Digits {
    /// The set called `name` (`train`, `test`) of the generator with this seed.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self {
            seed: Seed(seed).derive("digits").derive(name),
        }
    }

    /// The label of image `index`: classes alternate, so that every prefix is balanced.
    pub(crate) fn label(index: u32) -> u8 {
        (index % CLASSES) as u8
    }

    /// Draws image `index` into `out`, which has [`PIXELS`] entries. It depends only on the seed and the index, so images can
    /// be drawn in any order.
    pub(crate) fn draw(self, index: u32, out: &mut [u8]) {
        let mut chance = Chance::new(self.seed.derive(&index.to_string()));
        let strokes = glyphs::write(Self::label(index), &mut chance);
        let strokes = pose::place(strokes, &mut chance);
        pen::ink(&strokes, &mut chance, out);
    }
}

#[cfg(test)]
mod tests;

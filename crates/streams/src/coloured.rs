//! Generated colour pictures, `[3, side, side]`, which need no data files: for trying out networks with convolutions.
//!
//! Ten classes: disc, square, triangle, cross, star, ring, crescent, dumbbell ([`outline`]), and two more squares, one striped
//! and one chequered, which differ from the plain one by texture alone. A picture shows one of them, rotated by any angle, of any
//! size from half to four fifths of the picture, at any position, in its own colours, on a background with a gradient
//! between two colours and up to three small blots and bars ([`scene`]); then noise is added.
//!
//! So neither position nor brightness determines a class. Colour is informative as it is in photographs: two figures in five have
//! approximately the colour of their class, and the others have any. A nearest-mean classifier of pixels is right for 22 pictures in
//! a hundred, one of mean colours for 17.
//!
//! Only additions, multiplications, divisions and square roots are used, which IEEE 754 fixes to the last bit, so the same seed
//! gives the same bytes on every platform.

mod outline;
mod scene;

use crate::digits::Chance;
use dentate_core::Seed;

/// Increase it when the same seed would draw other pictures.
pub(crate) const VERSION: u32 = 1;
/// Number of classes.
pub(crate) const CLASSES: u32 = 10;

/// An endless set of drawn pictures, addressed by index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shapes {
    seed: Seed,
    side: usize,
    noise: f32,
}

impl Shapes {
    /// The set called `name` (`train`, `test`) of the generator with this seed; pictures of `side` × `side`, and the maximum
    /// noise in either direction, as a share of the full range.
    pub(crate) fn new(seed: u64, name: &str, side: usize, noise: f32) -> Self {
        Self {
            seed: Seed(seed).derive("coloured-shapes").derive(name),
            side,
            noise,
        }
    }

    /// The label of picture `index`: classes alternate, so that every prefix is balanced.
    pub(crate) fn label(index: u32) -> u8 {
        (index % CLASSES) as u8
    }

    /// The number of bytes of a picture.
    pub(crate) fn bytes(self) -> usize {
        3 * self.side * self.side
    }

    /// Draws picture `index` into `out`, which has [`Shapes::bytes`] entries, channel by channel. It depends only on the seed and the
    /// index, so pictures can be drawn in any order.
    pub(crate) fn draw(self, index: u32, out: &mut [u8]) {
        let mut chance = Chance::new(self.seed.derive(&index.to_string()));
        let scene = scene::Scene::new(Self::label(index), &mut chance);
        let plane = self.side * self.side;
        let step = 2.0 / self.side as f32;
        for at in 0..plane {
            let along = |n: usize| (n as f32 + 0.5) * step - 1.0;
            let colour = scene.colour(along(at % self.side), along(at / self.side), step);
            let grain = chance.grain();
            for ((channel, value), grain) in colour.into_iter().enumerate().zip(grain) {
                let value = value + self.noise * grain;
                out[channel * plane + at] = (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! Random numbers computed from raw bits by basic arithmetic, so that images are independent of the platform's mathematics library
//! and of a crate's sampling of distributions.

use dentate_core::{Random, Seed};
use rand::RngCore;

/// A source of random numbers for one image.
pub(crate) struct Chance(Random);

impl Chance {
    pub(crate) fn new(seed: Seed) -> Self {
        Self(seed.random())
    }

    /// Uniform in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Uniform in `[low, high)`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Bell-shaped around 0 with standard deviation `spread`, limited to 3.5 of them: the sum of four uniforms.
    pub(crate) fn around(&mut self, spread: f32) -> f32 {
        let sum = self.unit() + self.unit() + self.unit() + self.unit() - 2.0;
        // The variance of a uniform is 1/12, so that of four is 1/3.
        sum * 1.732_050_8 * spread
    }

    /// Returns true with this probability.
    pub(crate) fn happens(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// A random index below the number of `weights`, with probabilities proportional to these.
    pub(crate) fn pick(&mut self, weights: impl Iterator<Item = f32> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f32>();
        for (i, weight) in weights.enumerate() {
            left -= weight;
            if left < 0.0 {
                return i;
            }
        }
        0
    }

    /// Noise in `[-1, 1)`, four values from one draw: cheap enough for every pixel.
    pub(crate) fn grain(&mut self) -> [f32; 4] {
        self.0
            .next_u32()
            .to_le_bytes()
            .map(|b| f32::from(b) / 128.0 - 1.0)
    }
}

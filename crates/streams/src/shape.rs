//! Points drawn from shapes, without targets, for maps to fill.
//!
//! Each shape is within about ±1.5. Noise is added to every coordinate and is bell-shaped.
//!
//! - **moons**: two interlocking half circles of radius 1.
//! - **rings**: two concentric circles, of radii 0.5 and 1.
//! - **spirals**: two arms of one and a half turns.
//! - **clusters**: four blobs, with standard deviations from one to four times the smallest and equally many points, so
//!   that densities differ by a factor of sixteen.
//! - **swiss-roll**: a sheet of width 1 rolled up one and a half times, in three dimensions; the first two are those of the roll.

use crate::data::{DataEnv, DataSpec};
use crate::digits::Chance;
use crate::error::StreamError;
use crate::inputs::{self, Points};
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::Stream;
use dentate_core::{Scenario, Seed, StreamFacts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f32::consts::{PI, TAU};

/// The available shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeName {
    /// Two interlocking half circles.
    Moons,
    /// Two concentric circles.
    Rings,
    /// Two spiral arms.
    Spirals,
    /// Blobs of different density.
    Clusters,
    /// A rolled-up sheet in three dimensions.
    SwissRoll,
}

impl ShapeName {
    /// Every shape.
    pub const ALL: [Self; 5] = [
        Self::Moons,
        Self::Rings,
        Self::Spirals,
        Self::Clusters,
        Self::SwissRoll,
    ];

    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Moons => "moons",
            Self::Rings => "rings",
            Self::Spirals => "spirals",
            Self::Clusters => "clusters",
            Self::SwissRoll => "swiss-roll",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Moons => "Two moons",
            Self::Rings => "Two rings",
            Self::Spirals => "Two spirals",
            Self::Clusters => "Clusters of different density",
            Self::SwissRoll => "Swiss roll",
        }
    }

    fn features(self) -> usize {
        match self {
            Self::SwissRoll => 3,
            _ => 2,
        }
    }

    /// A point without noise.
    fn point(self, chance: &mut Chance) -> Vec<f32> {
        let other = chance.happens(0.5);
        let along = chance.unit();
        match self {
            Self::Moons => {
                let (sin, cos) = (PI * along).sin_cos();
                if other {
                    vec![0.5 - cos, 0.25 - sin]
                } else {
                    vec![cos - 0.5, sin - 0.25]
                }
            }
            Self::Rings => {
                let radius = if other { 0.5 } else { 1.0 };
                let (sin, cos) = (TAU * along).sin_cos();
                vec![radius * cos, radius * sin]
            }
            Self::Spirals => {
                // The square root distributes points evenly over the length of an arm.
                let turn = 1.5 * TAU * along.sqrt();
                let (sin, cos) = (if other { turn + PI } else { turn }).sin_cos();
                let radius = 0.1 + turn / (1.5 * TAU);
                vec![radius * cos, radius * sin]
            }
            Self::Clusters => {
                let which = (along * 4.0) as usize % 4;
                let centre = [[-0.8, -0.8], [0.8, -0.8], [-0.8, 0.8], [0.7, 0.7]][which];
                let spread = 0.08 * (which + 1) as f32;
                vec![
                    centre[0] + chance.around(spread),
                    centre[1] + chance.around(spread),
                ]
            }
            Self::SwissRoll => {
                let turn = TAU * (0.5 + 1.5 * along);
                let (sin, cos) = turn.sin_cos();
                let radius = turn / (2.0 * TAU);
                vec![radius * cos, radius * sin, chance.unit() - 0.5]
            }
        }
    }
}

/// Points drawn from a shape: one task without targets, for maps and other quantizers. Each seed draws different points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The shape: `moons`, `rings`, `spirals`, `clusters` or `swiss-roll`.
    pub shape: ShapeName,
    /// Number of training points (10 to 1000000).
    #[serde(default = "train")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub train: u32,
    /// Number of test points (10 to 1000000).
    #[serde(default = "test")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub test: u32,
    /// Standard deviation of the noise on each coordinate (0 to 1).
    #[serde(default = "noise")]
    #[schemars(range(min = 0, max = 1))]
    pub noise: f32,
}

fn train() -> u32 {
    4000
}

fn test() -> u32 {
    1000
}

fn noise() -> f32 {
    0.04
}

impl Shape {
    /// Points of a shape, with the default number and noise.
    #[must_use]
    pub fn new(shape: ShapeName) -> Self {
        Self {
            shape,
            train: train(),
            test: test(),
            noise: noise(),
        }
    }

    fn draw(&self, seed: Seed, count: u32) -> Vec<f32> {
        let mut chance = Chance::new(seed);
        let mut points = Vec::with_capacity(count as usize * self.shape.features());
        for _ in 0..count {
            let point = self.shape.point(&mut chance);
            points.extend(point.into_iter().map(|x| x + chance.around(self.noise)));
        }
        points
    }
}

impl StreamRecipe for Shape {
    fn data(&self) -> Vec<&dyn DataSpec> {
        Vec::new()
    }

    fn facts(&self) -> Option<StreamFacts> {
        let rows = [self.train, self.test];
        Some(inputs::facts(Scenario::Single, self.shape.features(), 1, rows))
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, _: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let points = Points {
            name: self.shape.name().into(),
            train: self.draw(seed.derive("shape/train"), self.train),
            test: self.draw(seed.derive("shape/test"), self.test),
        };
        let (title, features) = (self.shape.title().into(), self.shape.features());
        inputs::stream(title, Scenario::Single, features, vec![points])
    }
}

register!(
    stream,
    Shape,
    "shape",
    summary = "points drawn from a shape: moons, rings, spirals, clusters or swiss-roll",
    citation = "this project",
);

#[cfg(test)]
mod tests;

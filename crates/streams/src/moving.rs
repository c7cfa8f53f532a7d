//! A moving distribution: points of a square that jumps between positions, or drifts.
//!
//! Experience k draws points uniformly from a square of side 1 around its position. **jump**: `phases` positions, evenly spaced on a
//! circle, each `step` from the next. **drift**: positions on a line, each `step` further than the one before. A run's seed rotates
//! both.

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

/// The motion of the distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    /// Between positions on a circle.
    Jump,
    /// Along a line.
    Drift,
}

impl Motion {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jump => "jump",
            Self::Drift => "drift",
        }
    }
}

/// A square of points in two dimensions that has another position in each experience, without targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moving {
    /// The motion: `jump` or `drift`.
    pub motion: Motion,
    /// Number of experiences (2 to 1000).
    #[serde(default = "phases")]
    #[schemars(range(min = 2, max = 1000))]
    pub phases: u32,
    /// The distance between successive experiences, in sides of the square (0 to 1000).
    #[serde(default = "step")]
    #[schemars(range(min = 0, max = 1000))]
    pub step: f32,
    /// Training points in each experience (10 to 1000000).
    #[serde(default = "train")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub train: u32,
    /// Test points in each experience (10 to 1000000).
    #[serde(default = "test")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub test: u32,
}

fn phases() -> u32 {
    3
}

fn step() -> f32 {
    3.0
}

fn train() -> u32 {
    5000
}

fn test() -> u32 {
    500
}

impl Moving {
    /// A square with this motion, and defaults for all other settings.
    #[must_use]
    pub fn new(motion: Motion) -> Self {
        Self {
            motion,
            phases: phases(),
            step: step(),
            train: train(),
            test: test(),
        }
    }

    /// The position of the square of an experience, before rotation.
    fn place(&self, phase: u32) -> [f32; 2] {
        match self.motion {
            Motion::Drift => [self.step * phase as f32, 0.0],
            Motion::Jump => {
                let half = PI / self.phases as f32;
                let radius = self.step / (2.0 * half.sin());
                let (sin, cos) = (TAU * phase as f32 / self.phases as f32).sin_cos();
                [radius * cos, radius * sin]
            }
        }
    }

    fn draw(&self, seed: Seed, phase: u32, half: &str, count: u32) -> Vec<f32> {
        let (sin, cos) = (TAU * Chance::new(seed.derive("moving/turn")).unit()).sin_cos();
        let [x, y] = self.place(phase);
        let centre = [cos * x - sin * y, sin * x + cos * y];
        let mut chance = Chance::new(seed.derive(&format!("moving/{half}/{phase}")));
        (0..2 * count as usize)
            .map(|i| centre[i % 2] + chance.between(-0.5, 0.5))
            .collect()
    }
}

impl StreamRecipe for Moving {
    fn data(&self) -> Vec<&dyn DataSpec> {
        Vec::new()
    }

    fn facts(&self) -> Option<StreamFacts> {
        let rows = [self.train, self.test];
        Some(inputs::facts(Scenario::DomainIncremental, 2, self.phases, rows))
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, _: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let phase = |phase| Points {
            name: format!("place {}", phase + 1),
            train: self.draw(seed, phase, "train", self.train),
            test: self.draw(seed, phase, "test", self.test),
        };
        let title = match self.motion {
            Motion::Jump => "A distribution that jumps",
            Motion::Drift => "A distribution that drifts",
        };
        let experiences = (0..self.phases).map(phase).collect();
        inputs::stream(title.into(), Scenario::DomainIncremental, 2, experiences)
    }
}

register!(
    stream,
    Moving,
    "moving",
    summary = "points of a square that jumps or drifts",
    citation =
        "Fritzke 1997, A self-organizing network that can follow non-stationary distributions, for the jump",
);

#[cfg(test)]
mod tests;

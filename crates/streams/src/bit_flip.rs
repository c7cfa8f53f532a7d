//! The bit-flipping problem: slowly changing regression, on which networks lose their plasticity within hundreds of thousands of
//! examples.
//!
//! An input has `bits` bits. The first `slow` of them change rarely: one of these, chosen at random, flips at each boundary between
//! experiences; the others are drawn anew for each example. The target is the output of a fixed network of `units` threshold units
//! for the bits and a constant 1:
//!
//! - `y = Σ_i u_i [Σ_j v_ij x_j > θ_i]`, with random `u_i`, `v_ij` = ±1, the same in all experiences;
//! - `θ_i = (bits + 1) β − S_i`.
//!
//! `thresholds` selects `S_i`. In the papers' text it is the number of negative weights into unit i, including that of the
//! constant. The code of the published curves uses `S_i = (bits − Σ_j v_ij + b_i) / 2`, with `b_i` the constant's weight and
//! the sum over the others: the number of negative weights without it, plus half of it. With 20 bits and `beta` 0.7, a unit of
//! the code fires when more than 13.2 bits match its weights (`b_i` = 1) or more than 16.2 (`b_i` = −1), and one of the text when
//! more than 13.7 or 14.7 do; so targets of the text vary about 1.3 times as much. A linear learner with step size 0.001 reaches
//! a squared error of 0.85 with the code's (about 0.88 in the published figure) and of 1.19 with the text's, in the mean over
//! 200 target networks; single ones differ by 0.25 and 0.30.
//!
//! A learner with far fewer units cannot fit the whole function and has to follow the slow bits (Dohare et al. 2024, Nature 632,
//! 768-774, and Dohare, Sutton & Mahmood 2021, arXiv:2108.06325). Difference: the learner's inputs have no constant 1, because its
//! units have biases.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{EvaluatedRows, Experience, Part, RowSet, Stream, StreamInfo, all_rows};
use dentate_core::{
    Access, DataId, Dataset, ExperienceFacts, ExperienceInfo, Samples, Scenario, Seed, StreamFacts,
    TargetKind, Targets, TaskId, TaskInfo,
};
use ndarray::Array2;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The thresholds of the target network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Thresholds {
    /// As in the code of the published curves.
    #[default]
    Code,
    /// As in the papers' text, with which targets vary about 1.3 times as much.
    Text,
}

impl Thresholds {
    /// The threshold of a unit with these weights, of which the last is the constant's.
    fn of(self, weights: &[f32], beta: f32) -> f32 {
        let negative = |weights: &[f32]| weights.iter().filter(|v| **v < 0.0).count() as f32;
        let shift = match (self, weights) {
            // (bits − sum of the weights) / 2 is the number of negative ones.
            (Self::Code, [others @ .., constant]) => negative(others) + constant / 2.0,
            _ => negative(weights),
        };
        weights.len() as f32 * beta - shift
    }
}

/// Regression on random bits, some of which flip rarely: one at each boundary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BitFlip {
    /// Number of bits of an input (2 to 1000).
    #[serde(default = "bits")]
    #[schemars(range(min = 2, max = 1000))]
    pub bits: u32,
    /// Number of these that flip rarely (1 to one fewer than `bits`).
    #[serde(default = "slow")]
    #[schemars(range(min = 1, max = 999))]
    pub slow: u32,
    /// Number of experiences (2 to 1000), each between two flips.
    #[serde(default = "flips")]
    #[schemars(range(min = 2, max = 1000))]
    pub experiences: u32,
    /// Training examples in each, each seen once (10 to 1000000).
    #[serde(default = "train")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub train: u32,
    /// Test examples in each (10 to 1000000).
    #[serde(default = "test")]
    #[schemars(range(min = 10, max = 1_000_000))]
    pub test: u32,
    /// Hidden units of the target network (1 to 10000).
    #[serde(default = "units")]
    #[schemars(range(min = 1, max = 10_000))]
    pub units: u32,
    /// The position of its thresholds, as a share of a unit's range (0 to 1).
    #[serde(default = "beta")]
    #[schemars(range(min = 0, max = 1))]
    pub beta: f32,
    /// The formula of these thresholds: `code`, as in the code of the published curves, or `text`, as in the
    /// papers' text.
    #[serde(default)]
    pub thresholds: Thresholds,
}

fn bits() -> u32 {
    20
}

fn slow() -> u32 {
    15
}

fn flips() -> u32 {
    50
}

fn train() -> u32 {
    10_000
}

fn test() -> u32 {
    500
}

fn units() -> u32 {
    100
}

fn beta() -> f32 {
    0.7
}

impl Default for BitFlip {
    fn default() -> Self {
        Self {
            bits: bits(),
            slow: slow(),
            experiences: flips(),
            train: train(),
            test: test(),
            units: units(),
            beta: beta(),
            thresholds: Thresholds::default(),
        }
    }
}

/// The target network.
struct Target {
    /// Weights `[units, bits + 1]`, the constant's last.
    incoming: Vec<Vec<f32>>,
    thresholds: Vec<f32>,
    outgoing: Vec<f32>,
}

impl Target {
    fn draw(of: &BitFlip, seed: Seed) -> Self {
        let mut random = seed.derive("bit-flip/target").random();
        let mut sign = || if random.random::<bool>() { 1.0 } else { -1.0 };
        let size = of.bits as usize + 1;
        let incoming: Vec<Vec<f32>> = (0..of.units)
            .map(|_| (0..size).map(|_| sign()).collect())
            .collect();
        Self {
            thresholds: incoming
                .iter()
                .map(|row| of.thresholds.of(row, of.beta))
                .collect(),
            outgoing: (0..of.units).map(|_| sign()).collect(),
            incoming,
        }
    }

    fn of(&self, bits: &[f32]) -> f32 {
        let fires = |(row, threshold): (&Vec<f32>, &f32)| {
            let constant = row.last().copied().unwrap_or(0.0);
            let sum: f32 = row.iter().zip(bits).map(|(v, x)| v * x).sum();
            f32::from(u8::from(sum + constant > *threshold))
        };
        let units = self.incoming.iter().zip(&self.thresholds).map(fires);
        units.zip(&self.outgoing).map(|(h, u)| h * u).sum()
    }
}

impl BitFlip {
    /// The slow bits of every experience.
    fn phases(&self, seed: Seed) -> Vec<Vec<f32>> {
        let mut random = seed.derive("bit-flip/slow").random();
        let mut slow: Vec<f32> = (0..self.slow)
            .map(|_| f32::from(u8::from(random.random::<bool>())))
            .collect();
        let mut phases = Vec::new();
        for _ in 0..self.experiences {
            phases.push(slow.clone());
            let flipped = random.random_range(0..slow.len());
            slow[flipped] = 1.0 - slow[flipped];
        }
        phases
    }

    fn part(
        &self,
        target: &Target,
        slow: &[f32],
        (task, half): (u32, u32),
        seed: Seed,
    ) -> Result<Part, StreamError> {
        let count = if half == 0 { self.train } else { self.test } as usize;
        let mut random = seed.derive(&format!("bit-flip/{half}/{task}")).random();
        let mut samples = Vec::with_capacity(count * self.bits as usize);
        let mut targets = Array2::zeros((count, 1));
        for i in 0..count {
            let start = samples.len();
            samples.extend_from_slice(slow);
            samples.extend(
                (slow.len()..self.bits as usize).map(|_| f32::from(u8::from(random.random::<bool>()))),
            );
            targets[(i, 0)] = target.of(&samples[start..]);
        }
        let data = Dataset::new(
            DataId(u64::from(2 * task + half)),
            Samples::Floats(samples),
            vec![self.bits as usize],
            Targets::Values(targets),
        )?;
        let rows = all_rows(&data).into();
        Ok(Part {
            data,
            task: TaskId(task),
            rows,
        })
    }
}

impl StreamRecipe for BitFlip {
    fn check(&self) -> Result<(), StreamError> {
        if self.slow >= self.bits {
            let range = format!("from 1 to {}", self.bits - 1);
            return Err(StreamError::range("slow", self.slow, range));
        }
        Ok(())
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        Vec::new()
    }

    fn facts(&self) -> Option<StreamFacts> {
        let rows = [self.train, self.test].map(|n| Some(n as usize));
        let experience = |task| ExperienceFacts::of(task, Vec::new(), rows);
        Some(StreamFacts {
            scenario: Scenario::DomainIncremental,
            access: Access::Once,
            target: TargetKind::Values(1),
            shape: Some(vec![self.bits as usize]),
            experiences: (0..self.experiences).map(experience).collect(),
        })
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, _: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let target = Target::draw(self, seed);
        let (kind, features) = (TargetKind::Values(1), self.bits as usize);
        let mut experiences = Vec::new();
        for (task, slow) in (0..).zip(self.phases(seed)) {
            let train = self.part(&target, &slow, (task, 0), seed)?;
            let info = ExperienceInfo {
                index: task as usize,
                scenario: Scenario::DomainIncremental,
                tasks: vec![TaskInfo {
                    id: TaskId(task),
                    classes: Vec::new(),
                }],
                target: kind,
                features,
                access: Access::Once,
            };
            experiences.push(Experience {
                info,
                validation: Part {
                    rows: RowSet::default(),
                    ..train.clone()
                },
                train,
                test: self.part(&target, &slow, (task, 1), seed)?,
                ahead: None,
            });
        }
        Ok(Stream {
            info: StreamInfo {
                scenario: Scenario::DomainIncremental,
                title: format!("{} bits, of which {} flip seldom", self.bits, self.slow),
                task_names: (1..=self.experiences).map(|i| format!("stretch {i}")).collect(),
                target: kind,
                features,
                shape: vec![features],
                classes: None,
                chance: None,
                problem: None,
                evaluated: EvaluatedRows::HeldOut,
            },
            experiences,
        })
    }
}

register!(
    stream,
    BitFlip,
    "bit-flip",
    summary = "regression on random bits, some of which flip rarely",
    citation = "Dohare, Sutton & Mahmood 2021, Continual backprop: stochastic gradient descent with persistent randomness, arXiv:2108.06325",
);

#[cfg(test)]
mod tests;

//! The weights of new units: pairs of an incoming and an outgoing vector.

use super::Directions;
use crate::parts::initializer::activations::value;
use crate::parts::initializer::surroundings::{direction, mean_norm, norm};
use dentate_core::spectrum::{leading, orthonormalise};
use dentate_core::{Activation, Random, Seed, least_squares};
use ndarray::{Array1, Array2, Axis, concatenate};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// The settings that concern weights.
pub(super) struct Family {
    pub(super) covariance: bool,
    pub(super) zero_incoming: bool,
    pub(super) projection: bool,
    pub(super) scale: Option<f64>,
    pub(super) directions: Directions,
    pub(super) steps: u32,
    pub(super) threshold: f64,
    pub(super) ridge: f64,
}

/// Measurements around a layer, over the same rows.
pub(super) struct Measurements {
    /// Outputs of the layers below `[rows, sources]`.
    pub(super) inputs: Array2<f64>,
    /// Outputs of the layer `[rows, units]`.
    pub(super) outputs: Array2<f64>,
    /// The desired change of the summed inputs above `[rows, targets]`.
    pub(super) desired: Array2<f64>,
    /// Incoming weights `[units, sources]`.
    pub(super) incoming: Array2<f64>,
    /// Outgoing weights `[targets, units]`.
    pub(super) outgoing: Array2<f64>,
}

/// The weights of new units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pairs {
    /// Incoming weights `[units, sources]`.
    pub(super) incoming: Array2<f32>,
    /// Outgoing weights `[targets, units]`.
    pub(super) outgoing: Array2<f32>,
    /// Units beyond the rank, whose incoming weights are random and stay as they are.
    spare: Vec<bool>,
}

impl Pairs {
    pub(super) fn is_finite(&self) -> bool {
        self.incoming.iter().chain(&self.outgoing).all(|w| w.is_finite())
    }

    /// Incoming weights by this factor, but for spare units.
    pub(super) fn amplified(&self, by: f32) -> Array2<f32> {
        let mut all = self.incoming.clone();
        for (mut row, spare) in all.rows_mut().into_iter().zip(&self.spare) {
            if !spare {
                row *= by;
            }
        }
        all
    }
}

/// The objective of a family: the moments N `[sources, targets]`, S⁻¹N, and NᵀS⁻¹N, whose eigenvalues are λ².
struct Moments {
    solved: Array2<f64>,
    squared: Array2<f64>,
}

impl Family {
    /// The weights of `units` new units.
    pub(super) fn pairs(&self, of: &Measurements, activation: Activation, units: usize, seed: Seed) -> Pairs {
        let desired = self.left_over(of);
        let moments = self.moments(&of.inputs, &desired);
        let mut random = seed.random();
        let targets = desired.ncols();
        let count = units.min(targets);
        let best = leading(&moments.squared, count, seed.derive("leading"));
        let chosen = match self.directions {
            Directions::Solved | Directions::Random => best,
            Directions::Ascended => self.ascended(&moments.squared, count, &mut random),
        };
        let first = chosen.columns().into_iter().next();
        let first = first.map_or(0.0, |v| strength(&moments.squared, &v.to_owned()));
        let sizes = Sizes {
            incoming: mean_norm(Axis(0), &of.incoming),
            outgoing: mean_norm(Axis(1), &of.outgoing),
        };
        let sources = of.inputs.ncols();
        let mut pairs = Pairs {
            incoming: Array2::zeros((units, sources)),
            outgoing: Array2::zeros((targets, units)),
            spare: vec![true; units],
        };
        for unit in 0..units {
            let direction_of = |unit: usize| chosen.columns().into_iter().nth(unit).map(|v| v.to_owned());
            let found = direction_of(unit).map(|v| (strength(&moments.squared, &v), v));
            let strong = found.filter(|(lambda, _)| *lambda > self.threshold * first);
            let (alpha, omega, spare) = match strong {
                Some((lambda, v)) => {
                    let (alpha, omega) = self.pair(&moments, lambda, v, &mut random);
                    let sign = self.sign(of, &desired, activation, &alpha, &omega);
                    (alpha * sign, omega * sign, false)
                }
                // With no incoming weights either it would never learn.
                None if self.zero_incoming => {
                    let omega = direction(targets, 1.0, &mut random);
                    (Array1::zeros(sources), omega, false)
                }
                None => (
                    direction(sources, sizes.incoming, &mut random),
                    Array1::zeros(targets),
                    true,
                ),
            };
            let (alpha, omega) = if spare {
                (alpha, omega)
            } else {
                self.scaled(alpha, omega, &sizes)
            };
            pairs.incoming.row_mut(unit).assign(&alpha.mapv(|w| w as f32));
            pairs.outgoing.column_mut(unit).assign(&omega.mapv(|w| w as f32));
            pairs.spare[unit] = spare;
        }
        pairs
    }

    /// The desired change without what the existing weights can do, if that is taken out.
    pub(super) fn left_over(&self, of: &Measurements) -> Array2<f64> {
        if !self.projection {
            return of.desired.clone();
        }
        let one = Array2::ones((of.outputs.nrows(), 1));
        let outputs = concatenate(Axis(1), &[of.outputs.view(), one.view()]).unwrap_or(one);
        let step = least_squares(&outputs, &of.desired, self.ridge);
        &of.desired - &outputs.dot(&step)
    }

    fn moments(&self, inputs: &Array2<f64>, desired: &Array2<f64>) -> Moments {
        let rows = inputs.nrows().max(1) as f64;
        let moment = inputs.t().dot(desired) / rows;
        let solved = if self.covariance {
            least_squares(inputs, desired, self.ridge)
        } else {
            moment.clone()
        };
        let squared = moment.t().dot(&solved);
        Moments { solved, squared }
    }

    /// Orthonormal directions after gradient steps on Σ λ², whose gradient is `NᵀS⁻¹N` times them.
    fn ascended(&self, squared: &Array2<f64>, count: usize, random: &mut Random) -> Array2<f64> {
        let size = squared
            .iter()
            .map(|v| v * v)
            .sum::<f64>()
            .sqrt()
            .max(f64::MIN_POSITIVE);
        let draw = || -> f64 { StandardNormal.sample(random) };
        let mut directions = Array2::from_shape_simple_fn((squared.nrows(), count), draw);
        orthonormalise(&mut directions);
        for _ in 0..self.steps {
            directions = &directions + &(squared.dot(&directions) / size);
            orthonormalise(&mut directions);
        }
        directions
    }

    /// Incoming and outgoing weights for a direction of strength λ.
    fn pair(
        &self,
        moments: &Moments,
        lambda: f64,
        v: Array1<f64>,
        random: &mut Random,
    ) -> (Array1<f64>, Array1<f64>) {
        let root = lambda.sqrt();
        let alpha = moments.solved.dot(&v) / root;
        let (alpha, v) = match self.directions {
            Directions::Random => {
                let size = norm(alpha.view());
                (
                    direction(alpha.len(), size, random),
                    direction(v.len(), 1.0, random),
                )
            }
            _ => (alpha, v),
        };
        let alpha = if self.zero_incoming { alpha * 0.0 } else { alpha };
        (alpha, v * root)
    }

    /// The sign of both with which a unit follows the desired change better, to first order in its outgoing weights.
    fn sign(
        &self,
        of: &Measurements,
        desired: &Array2<f64>,
        activation: Activation,
        alpha: &Array1<f64>,
        omega: &Array1<f64>,
    ) -> f64 {
        if self.zero_incoming || self.directions == Directions::Random {
            return 1.0;
        }
        let (sums, along) = (of.inputs.dot(alpha), desired.dot(omega));
        let gain = |sign: f64| {
            let outputs = sums.iter().zip(&along);
            outputs
                .map(|(z, v)| sign * v * value(activation, sign * z))
                .sum::<f64>()
        };
        if gain(-1.0) > gain(1.0) { -1.0 } else { 1.0 }
    }

    /// Weights of the fixed norms, if they are fixed.
    fn scaled(&self, alpha: Array1<f64>, omega: Array1<f64>, sizes: &Sizes) -> (Array1<f64>, Array1<f64>) {
        let Some(scale) = self.scale else {
            return (alpha, omega);
        };
        let to = |vector: Array1<f64>, size: f64| {
            let norm = norm(vector.view());
            if norm > 0.0 {
                vector * (scale * size / norm)
            } else {
                vector
            }
        };
        (to(alpha, sizes.incoming), to(omega, sizes.outgoing))
    }
}

/// Mean norms of the existing units' weights.
struct Sizes {
    incoming: f64,
    outgoing: f64,
}

/// λ of a direction: the root of its Rayleigh quotient.
fn strength(squared: &Array2<f64>, v: &Array1<f64>) -> f64 {
    v.dot(&squared.dot(v)).max(0.0).sqrt()
}

/// Σ λ² of the best new units: the fall of the loss for a unit of amplitude, to first order, by the covariance and with projection.
pub(in crate::parts::initializer) fn gain_of(
    inputs: Array2<f64>,
    outputs: Array2<f64>,
    desired: Array2<f64>,
    (units, ridge): (usize, f64),
    seed: Seed,
) -> f64 {
    let family = Family {
        covariance: true,
        zero_incoming: false,
        projection: true,
        scale: None,
        directions: Directions::Solved,
        steps: 1,
        threshold: 0.0,
        ridge,
    };
    let of = Measurements {
        inputs,
        outputs,
        desired,
        incoming: Array2::zeros((0, 0)),
        outgoing: Array2::zeros((0, 0)),
    };
    let moments = family.moments(&of.inputs, &family.left_over(&of));
    let count = units.min(moments.squared.nrows());
    let best = leading(&moments.squared, count, seed);
    let strengths = best.columns().into_iter();
    strengths
        .map(|v| strength(&moments.squared, &v.to_owned()).powi(2))
        .sum()
}

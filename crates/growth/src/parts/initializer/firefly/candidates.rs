//! Candidates, their gains, and the search for better directions.

use crate::parts::initializer::activations::{slope, value};
use crate::parts::initializer::neighbourhood::Neighbourhood;
use crate::parts::initializer::surroundings::{direction, norm};
use dentate_core::{Activation, Random, Seed};
use ndarray::{Array2, Axis, s};
use serde::{Deserialize, Serialize};

/// The settings of a search.
pub(super) struct Search {
    pub(super) step: f64,
    pub(super) candidates: usize,
    pub(super) steps: u32,
    pub(super) rate: f64,
    pub(super) activation: Activation,
}

/// The chosen candidates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Chosen {
    /// Positions of units to split.
    pub(super) split: Vec<usize>,
    /// The moves of their copies `[splits, inputs]`.
    pub(super) along: Array2<f64>,
    /// Incoming weights of new units `[units, sources]`.
    pub(super) incoming: Array2<f64>,
    /// Their outgoing weights `[targets, units]`.
    pub(super) outgoing: Array2<f64>,
}

impl Chosen {
    /// The same with ε multiplied by this.
    pub(super) fn scaled(&self, by: f64) -> Self {
        Self {
            along: &self.along * by,
            outgoing: &self.outgoing * by,
            ..self.clone()
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        let weights = self.along.iter().chain(&self.incoming).chain(&self.outgoing);
        weights.into_iter().all(|w| (*w as f32).is_finite())
    }
}

/// Directions, one in each column, with their gains.
pub(super) struct Found {
    pub(super) directions: Array2<f64>,
    pub(super) gains: Vec<f64>,
}

impl Search {
    /// The candidates of the largest gains, splits of the units at `able` and new units.
    pub(super) fn chosen(&self, of: &Neighbourhood, able: &[usize], units: usize, seed: Seed) -> Chosen {
        let mut random = seed.random();
        let splits = self.splits(of, able, &mut random);
        let new = self.new_units(of, &mut random);
        let mut all: Vec<(f64, bool, usize)> = Vec::new();
        all.extend(splits.gains.iter().enumerate().map(|(i, &gain)| (gain, true, i)));
        all.extend(new.gains.iter().enumerate().map(|(i, &gain)| (gain, false, i)));
        // Of equal gains, new units first: a split of a unit that gains nothing would be one for nothing.
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        // A split that gains nothing is worse than a new unit, of which there are enough.
        all.retain(|(gain, is_split, _)| !is_split || *gain > 0.0);
        all.truncate(units);
        let of_kind = |kind: bool| {
            all.iter()
                .filter(move |c| c.1 == kind)
                .map(|c| c.2)
                .collect::<Vec<_>>()
        };
        let (split, fresh) = (of_kind(true), of_kind(false));
        let incoming = new.directions.select(Axis(1), &fresh);
        Chosen {
            along: splits.directions.select(Axis(1), &split).t().to_owned() * self.step,
            split: split.into_iter().map(|i| able[i]).collect(),
            outgoing: self.outgoing(of, &incoming),
            incoming: incoming.t().to_owned(),
        }
    }

    /// The best directions of splits of these units.
    pub(super) fn splits(&self, of: &Neighbourhood, able: &[usize], random: &mut Random) -> Found {
        let (sums, slopes) = (of.sums.select(Axis(1), able), of.slopes.select(Axis(1), able));
        let gains_of = |directions: &Array2<f64>| {
            let moved = of.inputs.dot(directions) * self.step;
            let mut gains = vec![0.0; able.len()];
            let mut pull = moved.clone();
            for ((r, i), by) in moved.indexed_iter() {
                let (z, g) = (sums[(r, i)], slopes[(r, i)]);
                let (up, down) = (z + by, z - by);
                let f = |z| value(self.activation, z);
                gains[i] -= g * (0.5 * f(up) + 0.5 * f(down) - f(z));
                let rise = slope(self.activation, up) - slope(self.activation, down);
                pull[(r, i)] = -0.5 * g * self.step * rise;
            }
            (gains, of.inputs.t().dot(&pull))
        };
        let start = directions(of.inputs.ncols(), able.len(), of.incoming, random);
        self.ascend(start, of.incoming, gains_of)
    }

    /// The best incoming weights of new units, each with its best outgoing ones.
    pub(super) fn new_units(&self, of: &Neighbourhood, random: &mut Random) -> Found {
        let inputs = of.inputs.slice(s![.., ..of.sources]);
        let gains_of = |directions: &Array2<f64>| {
            let sums = inputs.dot(directions);
            let outgoing = self.outgoing(of, directions);
            let asked = of.errors.dot(&outgoing);
            let outputs = sums.mapv(|z| value(self.activation, z));
            let gains = (&asked * &outputs).sum_axis(Axis(0)).mapv(|v| -v).to_vec();
            let pull = &asked * &sums.mapv(|z| -slope(self.activation, z));
            (gains, inputs.t().dot(&pull))
        };
        let start = directions(of.sources, self.candidates, of.incoming, random);
        self.ascend(start, of.incoming, gains_of)
    }

    /// The best outgoing weights `[targets, units]` for these incoming ones `[sources, units]`; 0 where none gains anything.
    pub(super) fn outgoing(&self, of: &Neighbourhood, incoming: &Array2<f64>) -> Array2<f64> {
        let inputs = of.inputs.slice(s![.., ..of.sources]);
        let outputs = inputs.dot(incoming).mapv(|z| value(self.activation, z));
        let mut best = -of.errors.t().dot(&outputs);
        for mut column in best.columns_mut() {
            let size = norm(column.view());
            if size > 0.0 {
                column *= self.step * of.outgoing / size;
            }
        }
        best
    }

    /// Steps of gradient ascent on spheres, each column for itself, of which the best is kept.
    fn ascend(
        &self,
        mut directions: Array2<f64>,
        radius: f64,
        gains_of: impl Fn(&Array2<f64>) -> (Vec<f64>, Array2<f64>),
    ) -> Found {
        let (gains, mut pull) = gains_of(&directions);
        let mut best = Found {
            directions: directions.clone(),
            gains,
        };
        for _ in 0..self.steps {
            for (mut column, pull) in directions.columns_mut().into_iter().zip(pull.columns()) {
                let size = norm(pull);
                if size > 0.0 {
                    column.scaled_add(self.rate * radius / size, &pull);
                    let long = norm(column.view()).max(f64::MIN_POSITIVE);
                    column *= radius / long;
                }
            }
            let (gains, next) = gains_of(&directions);
            pull = next;
            for (i, gain) in gains.into_iter().enumerate() {
                if gain > best.gains[i] {
                    best.gains[i] = gain;
                    best.directions.column_mut(i).assign(&directions.column(i));
                }
            }
        }
        best
    }
}

/// Random directions of this length, one in each column.
fn directions(inputs: usize, count: usize, size: f64, random: &mut Random) -> Array2<f64> {
    let mut all = Array2::zeros((inputs, count));
    for mut column in all.columns_mut() {
        column.assign(&direction(inputs, size, random));
    }
    all
}

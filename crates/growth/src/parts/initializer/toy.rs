//! A network with one hidden layer in double precision, whose loss is computed by loops: the reference for what splits and new units do.

use super::activations::value;
use super::neighbourhood::Neighbourhood;
use super::surroundings::{direction, norm};
use dentate_core::{Activation, Random, Seed};
use ndarray::{Array1, Array2, Axis, concatenate, s};

/// Inputs with a 1 `[rows, inputs]`, incoming weights with biases `[units, inputs]`, outgoing ones `[targets, units]`, and real targets.
pub(super) struct Toy {
    pub(super) inputs: Array2<f64>,
    pub(super) incoming: Array2<f64>,
    pub(super) outgoing: Array2<f64>,
    targets: Array2<f64>,
    activation: Activation,
}

/// A unit beside the others: its incoming weights with its bias, and its outgoing ones.
pub(super) type Beside<'a> = (&'a Array1<f64>, &'a Array1<f64>);

fn draw(shape: (usize, usize), random: &mut Random) -> Array2<f64> {
    let mut all = Array2::zeros(shape);
    for mut row in all.rows_mut() {
        row.assign(&direction(shape.1, (shape.1 as f64).sqrt(), random));
    }
    all
}

impl Toy {
    pub(super) fn new(activation: Activation, units: usize, seed: u64) -> Self {
        let mut random = Seed(seed).random();
        let one = Array2::ones((30, 1));
        let inputs = draw((30, 3), &mut random);
        Self {
            inputs: concatenate(Axis(1), &[inputs.view(), one.view()]).unwrap(),
            incoming: draw((units, 4), &mut random),
            outgoing: draw((2, units), &mut random),
            targets: draw((30, 2), &mut random) * 2.0,
            activation,
        }
    }

    fn answers(&self, output: impl Fn(usize, f64, ndarray::ArrayView1<'_, f64>) -> f64) -> Array2<f64> {
        let mut answers = Array2::zeros(self.targets.dim());
        for ((r, o), answer) in answers.indexed_iter_mut() {
            let x = self.inputs.row(r);
            for unit in 0..self.incoming.nrows() {
                let z = self.incoming.row(unit).dot(&x);
                *answer += self.outgoing[(o, unit)] * output(unit, z, x);
            }
        }
        answers
    }

    fn f(&self, z: f64) -> f64 {
        value(self.activation, z)
    }

    fn loss_of(&self, answers: &Array2<f64>) -> f64 {
        let squares = (answers - &self.targets).mapv(|d| d * d);
        squares.sum() / answers.nrows() as f64
    }

    /// The squared distance from the targets, a mean over rows.
    pub(super) fn loss(&self) -> f64 {
        self.loss_of(&self.answers(|_, z, _| self.f(z)))
    }

    /// The loss with a unit split along ±`by`, in its incoming weights and its bias.
    pub(super) fn loss_split(&self, split: usize, by: &Array1<f64>) -> f64 {
        let output = |unit: usize, z: f64, x: ndarray::ArrayView1<'_, f64>| {
            let off = if unit == split { by.dot(&x) } else { 0.0 };
            0.5 * self.f(z + off) + 0.5 * self.f(z - off)
        };
        self.loss_of(&self.answers(output))
    }

    /// The loss with a new unit without a bias.
    pub(super) fn loss_beside(&self, (into, out): Beside<'_>) -> f64 {
        let mut answers = self.answers(|_, z, _| self.f(z));
        for ((r, o), answer) in answers.indexed_iter_mut() {
            let z = self.inputs.slice(s![r, ..3]).dot(into);
            *answer += out[o] * self.f(z);
        }
        self.loss_of(&answers)
    }

    /// Measurements around its hidden layer.
    pub(super) fn neighbourhood(&self) -> Neighbourhood {
        let answers = self.answers(|_, z, _| self.f(z));
        let errors = (answers - &self.targets) * (2.0 / self.targets.nrows() as f64);
        let mean = |axis, of: &Array2<f64>| {
            let all = of.axis_iter(axis).map(norm).collect::<Vec<_>>();
            all.iter().sum::<f64>() / all.len() as f64
        };
        Neighbourhood {
            sums: self.inputs.dot(&self.incoming.t()),
            slopes: errors.dot(&self.outgoing),
            incoming: mean(Axis(0), &self.incoming.slice(s![.., ..3]).to_owned()),
            outgoing: mean(Axis(1), &self.outgoing),
            inputs: self.inputs.clone(),
            sources: 3,
            errors,
        }
    }
}

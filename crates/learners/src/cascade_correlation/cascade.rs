//! The numbers of a cascade: hidden units that see all inputs and all earlier units, and outputs that see all of these.

use super::candidates::activate;
use super::quickprop::Weights;
use ndarray::{Array1, Array2, ArrayView1, Axis, concatenate};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The activation of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// 1 / (1 + e^−x) − ½ + the middle of the targets.
    Sigmoid {
        middle: f64,
    },
    Linear,
}

impl Answer {
    fn value(self, sum: f64) -> f64 {
        match self {
            Self::Sigmoid { middle } => activate(sum) + middle,
            Self::Linear => sum,
        }
    }

    /// The factor on an error, from the output: the slope of the activation with an offset that keeps it from vanishing.
    pub(super) fn slope(self, value: f64, offset: f64) -> f64 {
        match self {
            Self::Sigmoid { middle } => offset + 0.25 - (value - middle).powi(2),
            Self::Linear => 1.0,
        }
    }
}

/// The numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cascade {
    /// Number of inputs without the constant.
    pub(super) inputs: usize,
    /// Incoming weights of the hidden units: of the constant, the inputs, and the units before.
    pub(super) hidden: Vec<Vec<f64>>,
    /// Incoming weights of the outputs: of the constant, the inputs, and all units.
    pub(super) outputs: Vec<Weights>,
}

impl Cascade {
    /// The number of weights into an output, or into the next candidate.
    pub(super) fn fan_in(&self) -> usize {
        1 + self.inputs + self.hidden.len()
    }

    /// The inputs of outputs and candidates on these rows: a column of ones, the inputs, and the values of the units.
    pub(super) fn seen(&self, rows: &Array2<f64>) -> Array2<f64> {
        let one = Array2::ones((rows.nrows(), 1));
        let mut seen = concatenate(Axis(1), &[one.view(), rows.view()]).unwrap_or(one);
        for unit in &self.hidden {
            let values = seen.dot(&ArrayView1::from(unit)).mapv(activate);
            // As many rows as there are values.
            let _ = seen.push_column(values.view());
        }
        seen
    }

    /// The output of one of the outputs on what is seen.
    pub(super) fn output(&self, seen: &Array2<f64>, index: usize, answer: Answer) -> Array1<f64> {
        match self.outputs.get(index) {
            Some(weights) => seen
                .dot(&ArrayView1::from(&weights.values))
                .mapv(|sum| answer.value(sum)),
            None => Array1::zeros(seen.nrows()),
        }
    }

    /// Adds an output with random weights.
    pub(super) fn add_output(&mut self, range: f64, random: &mut dentate_core::Random) {
        let weights = (0..self.fan_in()).map(|_| random.random_range(-range..=range));
        self.outputs.push(Weights::new(weights.collect()));
    }

    /// Installs a unit, with a weight to each output.
    pub(super) fn install(&mut self, incoming: Vec<f64>, outgoing: impl Fn(usize) -> f64) {
        self.hidden.push(incoming);
        for (index, output) in self.outputs.iter_mut().enumerate() {
            output.push(outgoing(index));
        }
    }
}

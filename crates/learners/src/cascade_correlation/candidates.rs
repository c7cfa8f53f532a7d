//! A pool of candidate units, which learn to follow the errors of the outputs.

use super::quickprop::{Quickprop, Weights};
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The hidden activation 1 / (1 + e^−x) − ½.
pub(super) fn activate(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp()) - 0.5
}

/// The slope of the hidden activation, from its value.
pub(super) fn slope(value: f64) -> f64 {
    0.25 - value * value
}

/// The candidates of a phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pool {
    pub(super) units: Vec<Weights>,
}

/// Errors of the outputs, as correlations take them: less their mean `[rows, outputs]`, and the sum of the squares of what they were.
pub(super) struct Errors {
    pub(super) centred: Array2<f64>,
    squares: f64,
}

impl Errors {
    pub(super) fn of(errors: &Array2<f64>) -> Self {
        let mean = errors
            .mean_axis(Axis(0))
            .unwrap_or_else(|| Array1::zeros(errors.ncols()));
        Self {
            centred: errors - &mean,
            squares: errors.iter().map(|e| e * e).sum::<f64>().max(f64::MIN_POSITIVE),
        }
    }

    /// Σ (V − V̄)(E − Ē) / Σ E² for each output: a centred error needs no centred value.
    pub(super) fn correlations(&self, values: &Array1<f64>) -> Array1<f64> {
        values.dot(&self.centred) / self.squares
    }
}

impl Pool {
    /// Candidates with `inputs` weights each, uniform within ±`range`.
    pub(super) fn draw(
        candidates: usize,
        inputs: usize,
        range: f64,
        random: &mut dentate_core::Random,
    ) -> Self {
        let mut unit = || (0..inputs).map(|_| random.random_range(-range..=range)).collect();
        Self {
            units: (0..candidates).map(|_| Weights::new(unit())).collect(),
        }
    }

    /// The outputs of a candidate over all rows.
    fn values(inputs: &Array2<f64>, unit: &Weights) -> Array1<f64> {
        inputs.dot(&ArrayView1::from(&unit.values)).mapv(activate)
    }

    /// The candidate with the largest score S = Σ_o |correlation|, and its correlations.
    pub(super) fn best(&self, inputs: &Array2<f64>, errors: &Errors) -> Option<(usize, f64, Array1<f64>)> {
        let scored = self.units.iter().enumerate().map(|(i, unit)| {
            let correlations = errors.correlations(&Self::values(inputs, unit));
            let score = correlations.iter().map(|c| c.abs()).sum::<f64>();
            (i, score, correlations)
        });
        // The first one of ties.
        scored.fold(None, |best, one| match best {
            Some((_, most, _)) if one.1 <= most || one.1.is_nan() => best,
            _ => Some(one),
        })
    }

    /// −∂S/∂w of a candidate.
    pub(super) fn slopes(inputs: &Array2<f64>, errors: &Errors, unit: &Weights) -> Array1<f64> {
        let values = Self::values(inputs, unit);
        let signs = errors
            .correlations(&values)
            .mapv(|c| if c < 0.0 { -1.0 } else { 1.0 });
        let along = errors.centred.dot(&signs) / errors.squares;
        let by_row = values.mapv(slope) * along;
        -by_row.dot(inputs)
    }

    /// One epoch of every candidate towards a larger S.
    pub(super) fn learn(&mut self, inputs: &Array2<f64>, errors: &Errors, by: &Quickprop) {
        for unit in &mut self.units {
            let slopes = Self::slopes(inputs, errors, unit);
            by.update(unit, slopes.into_iter());
        }
    }
}

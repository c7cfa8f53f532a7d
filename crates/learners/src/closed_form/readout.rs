//! A linear read-out: a score for each class, `(x − o) W + b`.

use ndarray::{Array1, Array2, Axis};

/// A column of numbers `[features, classes]` for each class, by its label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Means {
    pub(crate) labels: Vec<u32>,
    pub(crate) columns: Array2<f64>,
}

impl Means {
    /// Takes their own mean off all of them, and returns it. Differences of scores are better conditioned about it.
    pub(crate) fn centre(&mut self) -> Array1<f64> {
        let centre = self.columns.mean_axis(Axis(1));
        let centre = centre.unwrap_or_else(|| Array1::zeros(self.columns.nrows()));
        for mut column in self.columns.columns_mut() {
            column -= &centre;
        }
        centre
    }
}

/// The read-out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReadOut {
    /// The label of each class.
    pub(crate) labels: Vec<u32>,
    /// o `[features]`.
    pub(crate) origin: Array1<f64>,
    /// W `[features, classes]`.
    pub(crate) weights: Array2<f64>,
    /// b `[classes]`.
    pub(crate) bias: Array1<f64>,
}

impl ReadOut {
    /// Scores of the classes in `asked` (all, if it is absent) for each row, in a column for each of `width` labels: how far a class
    /// is below the row's best one, which has 0. So rounding to single precision does not change which is best. −∞ for
    /// others.
    pub(crate) fn scores(&self, rows: &Array2<f64>, asked: Option<&[u32]>, width: usize) -> Array2<f32> {
        let found = (rows - &self.origin).dot(&self.weights) + &self.bias;
        let mut scores = Array2::from_elem((rows.nrows(), width), f32::NEG_INFINITY);
        let competes = |label: &u32| asked.is_none_or(|asked| asked.contains(label));
        for (found, mut scores) in found.rows().into_iter().zip(scores.rows_mut()) {
            let in_race = || self.labels.iter().zip(found).filter(|(label, _)| competes(label));
            let best = in_race()
                .map(|(_, score)| *score)
                .fold(f64::NEG_INFINITY, f64::max);
            for (label, score) in in_race() {
                // Features that are not finite have no order.
                let below = (score - best) as f32;
                if let Some(place) = scores.get_mut(*label as usize) {
                    *place = if below.is_nan() { 0.0 } else { below.max(f32::MIN) };
                }
            }
        }
        scores
    }

    /// Returns whether it knows any class of these (any at all, if they are absent).
    pub(crate) fn knows(&self, asked: Option<&[u32]>) -> bool {
        let mut labels = self.labels.iter();
        labels.any(|label| asked.is_none_or(|asked| asked.contains(label)))
    }
}

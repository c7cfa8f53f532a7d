//! The stored statistics of each class, and the rows replayed from them.

use super::statistics::Moments;
use dentate_core::data::DataError;
use dentate_core::linear_algebra;
use dentate_core::{DataId, Dataset, LearnError, Rows, Samples, Seed, Targets, TaskId};
use ndarray::{Array2, concatenate, s};
use rand::Rng;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

/// A row and its task.
pub(super) type Row = (DataId, TaskId, u32);

/// The data set of decoded rows.
pub(super) const DREAMT: DataId = DataId::scratch(0);
/// The data set of drawn codes while they are decoded.
pub(super) const DRAWN: DataId = DataId::scratch(1);

/// A class of one experience. If experiences share labels, each experience has a class of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ClassStats {
    pub(super) task: TaskId,
    pub(super) label: u32,
    /// Its rows, if originals are replayed.
    pub(super) originals: Vec<Row>,
    /// The mean of its codes, `[1, units]`.
    #[serde(skip)]
    pub(super) mean: Array2<f32>,
    /// The lower Cholesky factor of their covariance, `[units, units]`.
    #[serde(skip)]
    pub(super) factor: Array2<f32>,
}

impl ClassStats {
    /// A class without statistics.
    pub(super) fn new(task: TaskId, label: u32, originals: Vec<Row>) -> Self {
        Self {
            task,
            label,
            originals,
            mean: Array2::zeros((1, 0)),
            factor: Array2::zeros((0, 0)),
        }
    }

    /// Sets the statistics from its rows' codes; false, without any change, if they are not finite.
    pub(super) fn settle(&mut self, moments: &Moments, jitter: f64) -> bool {
        let width = moments.mean().len();
        let Some(factor) = linear_algebra::factor(&moments.covariance(), width, jitter) else {
            return false;
        };
        let mean = Array2::from_shape_fn((1, width), |(_, j)| moments.mean()[j] as f32);
        let factor = Array2::from_shape_fn((width, width), |(i, j)| factor[i * width + j] as f32);
        let finite = |values: &Array2<f32>| values.iter().all(|v| v.is_finite());
        if !finite(&mean) || !finite(&factor) {
            return false;
        }
        self.mean = mean;
        self.factor = factor;
        true
    }

    /// Extends the statistics to codes of `width` units: the entries of new units are zero, since they did not exist.
    pub(super) fn widen(&mut self, width: usize) {
        let old = self.mean.ncols();
        if old < width {
            let mut mean = Array2::zeros((1, width));
            mean.slice_mut(s![.., ..old]).assign(&self.mean);
            let mut factor = Array2::zeros((width, width));
            factor.slice_mut(s![..old, ..old]).assign(&self.factor);
            self.mean = mean;
            self.factor = factor;
        }
    }

    /// Draws `rows` codes `μ + C z`.
    pub(super) fn draw(&self, rows: usize, seed: Seed) -> Array2<f32> {
        let mut random = seed.random();
        let z = Array2::from_shape_simple_fn((rows, self.mean.ncols()), || {
            random.sample::<f32, _>(StandardNormal)
        });
        z.dot(&self.factor.t()) + &self.mean
    }
}

/// Rows decoded from the stored statistics, the same number per concept, in the order of the concepts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct GeneratedSamples {
    /// The rows `[rows, features]`.
    pub(super) inputs: Array2<f32>,
}

impl GeneratedSamples {
    /// Appends the rows of the next concept.
    pub(super) fn extend(&mut self, decoded: Array2<f32>) -> Result<(), LearnError> {
        if self.inputs.is_empty() {
            self.inputs = decoded;
            return Ok(());
        }
        let both = concatenate(ndarray::Axis(0), &[self.inputs.view(), decoded.view()]);
        self.inputs = both.map_err(|_| {
            let (old, new) = (self.inputs.ncols(), decoded.ncols());
            LearnError::State(format!(
                "rows of {old} features were decoded before, and now rows of {new}"
            ))
        })?;
        Ok(())
    }

    /// The rows as a data set; `None` if there are none.
    pub(super) fn dataset(&self) -> Result<Option<Dataset>, DataError> {
        if self.inputs.is_empty() {
            return Ok(None);
        }
        plain(DREAMT, &self.inputs).map(Some)
    }
}

/// Converts an array to a data set without targets.
pub(super) fn plain(id: DataId, values: &Array2<f32>) -> Result<Dataset, DataError> {
    let samples = Samples::Floats(values.iter().copied().collect());
    Dataset::new(id, samples, vec![values.ncols()], Targets::None)
}

/// Collects rows into a batch.
pub(super) fn batch<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Rows {
    let mut batch = Rows::default();
    for &(data, task, index) in rows {
        batch.push(data, task, index);
    }
    batch
}

#[cfg(test)]
mod tests;

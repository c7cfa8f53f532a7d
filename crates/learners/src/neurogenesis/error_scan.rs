//! Reconstruction errors of many rows, measured in chunks, and their uses: thresholds and outliers.

use super::class_stats::{Row, batch};
use super::stack::Stack;
use dentate_core::{GrowingNetwork, LearnError, Request, Seed};
use serde::{Deserialize, Serialize};

/// Rows per measurement: more would need larger buffers than training does.
pub(super) const AT_ONCE: usize = 1000;

/// A measurement in progress: the errors of the first rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Survey {
    pub(super) errors: Vec<f32>,
}

impl Survey {
    /// Measures the next chunk of `rows` at `level`; returns whether all are done. `Ok(None)`, without any change, if an
    /// error is not finite.
    pub(super) fn go_on(
        &mut self,
        network: &mut GrowingNetwork,
        stack: &Stack,
        level: usize,
        rows: &[Row],
    ) -> Result<Option<bool>, LearnError> {
        let start = self.errors.len();
        let end = (start + AT_ONCE).min(rows.len());
        if let (true, Some(&output)) = (start < end, stack.down.first()) {
            let request = Request::ReconstructionErrors(output);
            let measured = network.measure(&request, &batch(&rows[start..end]), &stack.route(level))?;
            let errors: Vec<f32> = measured.arrays.into_iter().flatten().collect();
            if errors.iter().any(|e| !e.is_finite()) {
                return Ok(None);
            }
            self.errors.extend(errors);
        }
        Ok(Some(self.errors.len() >= rows.len()))
    }

    /// Positions of the rows whose error exceeds a threshold.
    pub(super) fn above(&self, threshold: f32) -> Vec<u32> {
        let numbered = (0..).zip(&self.errors);
        numbered
            .filter(|(_, e)| **e > threshold)
            .map(|(i, _)| i)
            .collect()
    }
}

/// A random sample of at most `most` of the rows, without replacement; all of them, in their order, if there are no more,
/// or if `most` is 0.
pub(super) fn drawn(rows: Vec<Row>, most: usize, seed: Seed) -> Vec<Row> {
    if most == 0 || rows.len() <= most {
        return rows;
    }
    let places = rand::seq::index::sample(&mut seed.random(), rows.len(), most);
    places.iter().map(|i| rows[i]).collect()
}

/// Extrapolates the number of outliers among `surveyed` rows to `all` rows; rounded to the nearest.
pub(super) fn extrapolated(outliers: usize, surveyed: usize, all: usize) -> usize {
    let surveyed = surveyed.max(1);
    (outliers * all + surveyed / 2) / surveyed
}

/// The percentile of some values, interpolated linearly between the two nearest ranks (the default of NumPy); 0 of none.
pub(super) fn percentile(values: &[f32], percent: f64) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = percent / 100.0 * last as f64;
    let below = (place.floor() as usize).min(last);
    let (low, high) = (f64::from(sorted[below]), f64::from(sorted[(below + 1).min(last)]));
    (low + (high - low) * (place - below as f64)) as f32
}

#[cfg(test)]
mod tests;

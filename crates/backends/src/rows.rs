//! The rows of a batch, the same for every backend: their checks, and their corruption for denoising.

use dentate_core::{BackendError, DataId, Dataset, LayerId, Rows};
use ndarray::Array2;
use std::collections::BTreeMap;

/// The loaded data sets.
pub(super) type Shown = BTreeMap<DataId, Dataset>;

pub(super) fn shown(data: &Shown, id: DataId) -> Result<&Dataset, BackendError> {
    data.get(&id).ok_or(BackendError::NotLoaded(id))
}

/// Check that every row exists and has as many features as `layer`, the entry layer, has units.
pub(super) fn check(data: &Shown, rows: &Rows, layer: LayerId, width: usize) -> Result<(), BackendError> {
    if rows.is_empty() {
        return Err(BackendError::EmptyBatch);
    }
    for segment in &rows.segments {
        let set = shown(data, segment.data)?;
        if set.features() != width {
            return Err(BackendError::Width {
                what: "the data",
                layer,
                found: set.features(),
                expected: width,
            });
        }
        if let Some(&row) = segment.indices.iter().find(|&&row| row as usize >= set.len()) {
            return Err(BackendError::Row {
                data: segment.data,
                row,
                len: set.len(),
            });
        }
    }
    Ok(())
}

/// Check that an array has as many columns as a layer has units.
pub(super) fn fits(
    what: &'static str,
    layer: LayerId,
    found: usize,
    expected: usize,
) -> Result<(), BackendError> {
    if found == expected {
        return Ok(());
    }
    Err(BackendError::Width {
        what,
        layer,
        found,
        expected,
    })
}

/// `(output − target)²` of a layer's outputs `[rows, units]` for these rows.
pub(super) fn squared_errors(
    data: &Shown,
    rows: &Rows,
    layer: LayerId,
    mut outputs: Array2<f32>,
) -> Result<Array2<f32>, BackendError> {
    for ((id, _, row), mut outputs) in rows.iter().zip(outputs.rows_mut()) {
        let values = shown(data, id)?.values().ok_or(BackendError::Targets {
            data: id,
            wanted: "values",
        })?;
        fits("the target", layer, values.ncols(), outputs.len())?;
        for (output, target) in outputs.iter_mut().zip(values.row(row as usize)) {
            *output = (*output - target) * (*output - target);
        }
    }
    Ok(outputs)
}

/// Draw which features of which batch rows are corrupted, each with probability `share`. The draw depends on the seed, the data
/// set, the row's number there and the feature, so a row is corrupted in the same way in every batch, on every backend.
pub(super) fn corrupt(
    rows: &Rows,
    share: f32,
    seed: u64,
    features: usize,
    mut gone: impl FnMut(usize, usize),
) {
    for (at, (data, _, row)) in rows.iter().enumerate() {
        let start = mix(mix(seed ^ mix(data.0)) ^ u64::from(row));
        for j in 0..features {
            // The upper 24 bits, as a number in [0, 1).
            let drawn = (mix(start.wrapping_add(j as u64)) >> 40) as f32 / (1u32 << 24) as f32;
            if drawn < share {
                gone(at, j);
            }
        }
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

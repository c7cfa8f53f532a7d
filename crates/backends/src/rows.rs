//! The rows of a batch as every backend reads them: checked, and for denoising corrupted.

use dentate_core::{BackendError, DataId, Dataset, LayerId, Rows};
use std::collections::BTreeMap;

/// Data sets that were shown.
pub(super) type Shown = BTreeMap<DataId, Dataset>;

pub(super) fn shown(data: &Shown, id: DataId) -> Result<&Dataset, BackendError> {
    data.get(&id).ok_or(BackendError::NotLoaded(id))
}

/// Check that every row is there and has as many features as `layer`, where rows enter, has units.
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

/// Draw which features of which batch rows are corrupted, each with probability `share`. It depends on the seed, the data set,
/// the row's number there and the feature, so a row is corrupted in the same way whatever batch it stands in, on every backend.
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

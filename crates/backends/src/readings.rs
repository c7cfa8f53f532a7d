//! Readings of meters, the same for every backend: accumulated means, corrected for their start at 0 (`m / (1 − decay^age)`).

use dentate_core::{BackendError, Meter, MeterKind, Readings, Silences};
use std::collections::BTreeMap;

/// Check that every meter that builds on another has that one beside it.
pub(super) fn accompanied(meters: &[Meter]) -> Result<(), BackendError> {
    let builds = |meter: &&Meter| meter.of.builds_on_means();
    for meter in meters.iter().filter(builds) {
        let beside = Meter {
            of: MeterKind::Activation,
            ..*meter
        };
        if !meters.contains(&beside) {
            let (layer, of) = (meter.layer, meter.of);
            return Err(BackendError::Unaccompanied { layer, of });
        }
    }
    Ok(())
}

/// The corrected mean of a unit of this age.
pub(super) fn unbiased(decay: f32, m: f32, age: u64) -> f32 {
    let age = i32::try_from(age).unwrap_or(i32::MAX);
    let share = 1.0 - f64::from(decay).powi(age);
    if share > 0.0 {
        (f64::from(m) / share) as f32
    } else {
        m
    }
}

/// The readings of a layer whose units were created at these updates.
pub(super) fn corrected<'a, V: AsRef<[f32]>>(
    births: Option<&Vec<u64>>,
    updates: u64,
    accumulated: impl Iterator<Item = (&'a Meter, V)>,
) -> Readings {
    let births = births.map_or(&[] as &[u64], Vec::as_slice);
    let age: Vec<u64> = births.iter().map(|born| updates.saturating_sub(*born)).collect();
    let mut values = BTreeMap::new();
    for (meter, accumulated) in accumulated {
        let accumulated = accumulated.as_ref();
        let pairs = accumulated.iter().zip(&age);
        let read = |(m, age): (&f32, &u64)| unbiased(meter.decay, *m, *age);
        let read = match meter.of {
            MeterKind::Silences => Silences::reading(accumulated),
            of if of.counts() => accumulated.to_vec(),
            _ => pairs.map(read).collect(),
        };
        values.insert(meter.of, read);
    }
    Readings { age, values }
}

//! Meters as every backend reads them: accumulated means, corrected for having begun at 0 (`m / (1 − decay^age)`).

use dentate_core::{Meter, Readings};
use std::collections::BTreeMap;

/// The readings of a layer whose units were born at these updates.
pub(super) fn corrected<'a, V: AsRef<[f32]>>(
    births: Option<&Vec<u64>>,
    updates: u64,
    accumulated: impl Iterator<Item = (&'a Meter, V)>,
) -> Readings {
    let births = births.map_or(&[] as &[u64], Vec::as_slice);
    let age: Vec<u64> = births.iter().map(|born| updates.saturating_sub(*born)).collect();
    let corrected = |decay: f32, m: f32, age: u64| {
        let age = i32::try_from(age).unwrap_or(i32::MAX);
        let share = 1.0 - f64::from(decay).powi(age);
        if share > 0.0 {
            (f64::from(m) / share) as f32
        } else {
            m
        }
    };
    let mut values = BTreeMap::new();
    for (meter, accumulated) in accumulated {
        let pairs = accumulated.as_ref().iter().zip(&age);
        let read = pairs.map(|(m, age)| corrected(meter.decay, *m, *age));
        values.insert(meter.of, read.collect());
    }
    Readings { age, values }
}

//! The metrics of maps.

use super::{Measured, Metric};
use crate::frames::{Frames, Observation, by_run};
use crate::maps::LAYER;
use dentate_core::record::metric;
use polars::prelude::PolarsResult;

/// Number of windows whose mean is the level.
const WINDOWS: usize = 10;
/// The multiple of the first experience's level that counts as recovered.
const BACK: f64 = 1.5;

/// Enter the measures of maps.
pub(super) fn measure(frames: &Frames, measured: &mut [Measured]) -> PolarsResult<()> {
    let quantization = frames.observations(metric::QUANTIZATION_ERROR)?;
    for (run, rows) in by_run(&quantization) {
        let own = rows
            .iter()
            .filter(|o| o.task == Some(o.experience))
            .map(|o| o.value);
        enter(measured, run, Metric::QuantizationError, mean(own));
    }
    for (run, rows) in by_run(&frames.observations(metric::TOPOGRAPHIC_ERROR)?) {
        let last = rows.iter().rev().take(WINDOWS).map(|o| o.value);
        enter(measured, run, Metric::TopographicError, mean(last));
    }
    for (run, rows) in by_run(&frames.observations(metric::UNITS)?) {
        let units = rows.iter().rfind(|o| o.item.as_deref() == Some(LAYER));
        enter(measured, run, Metric::MapUnits, units.map(|o| o.value));
    }
    for (run, rows) in by_run(&frames.observations(metric::EDGES)?) {
        enter(measured, run, Metric::MapEdges, rows.last().map(|o| o.value));
    }
    let deaths = frames.observations(metric::DEATHS)?;
    for (run, rows) in by_run(&deaths) {
        let all = rows.iter().map(|o| o.value).sum();
        enter(measured, run, Metric::UnitsDied, Some(all));
    }
    if !deaths.is_empty() {
        // A map that lost no unit has recorded no removal, and still counts in the mean.
        for map in measured
            .iter_mut()
            .filter(|m| m.values.contains_key(&Metric::MapUnits))
        {
            map.values.entry(Metric::UnitsDied).or_insert(0.0);
        }
    }
    let errors = frames.observations(metric::SIGNAL_ERROR)?;
    for (run, rows) in by_run(&errors) {
        // On labelled streams a new task has new classes: there is no level to recover.
        if measured[run].values.contains_key(&Metric::QuantizationError) {
            let boundaries = recoveries(&rows);
            let back: Vec<f64> = boundaries.iter().copied().flatten().collect();
            let share = (!boundaries.is_empty()).then(|| back.len() as f64 / boundaries.len() as f64);
            enter(measured, run, Metric::Recovered, share);
            enter(measured, run, Metric::RecoveryTime, mean(back.into_iter()));
        }
    }
    Ok(())
}

fn enter(measured: &mut [Measured], run: usize, metric: Metric, value: Option<f64>) {
    if let Some(value) = value.filter(|v| v.is_finite()) {
        measured[run].values.insert(metric, value);
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// For each boundary the number of signals until the error was back at its level in the first experience; `None` if it never
/// was.
fn recoveries(windows: &[&Observation]) -> Vec<Option<f64>> {
    let last = windows.last().map_or(0, |o| o.experience);
    let of = |e: usize| windows.iter().filter(move |o| o.experience == e);
    // Later levels may be those of a map that never recovered.
    let first: Vec<f64> = of(0).map(|o| o.value).collect();
    let level = mean(first.iter().rev().take(WINDOWS).copied());
    let boundary = |e: usize| {
        let level = level?;
        let start = of(e - 1).next_back()?.step;
        let back = of(e).find(|o| o.value <= BACK * level);
        Some(back.map(|o| o.step.saturating_sub(start) as f64))
    };
    (1..=last).filter_map(boundary).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_is_counted_from_the_boundary_to_the_first_window_at_the_first_level() {
        let window = |experience, step, value| Observation {
            run: 0,
            experience,
            step,
            task: None,
            item: None,
            value,
        };
        let all = [
            window(0, 10, 4.0),
            window(0, 20, 1.0),
            window(1, 30, 9.0),
            window(1, 40, 2.0),
            window(2, 50, 9.0),
        ];
        // The level is 2.5.
        let all: Vec<&Observation> = all.iter().collect();
        assert_eq!(recoveries(&all), [Some(20.0), None]);
    }
}

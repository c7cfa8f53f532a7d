//! Counts of growth.

use super::derived::derived;
use crate::frames::Frames;
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(GROWTH_EDITS, edits);
derived!(UNITS_BORN, born);

fn edits(frames: &Frames) -> PolarsResult<DataFrame> {
    let counts = group::count(&frames.records(metric::GROWTH)?, &["run"], "value")?;
    let mut counts = counts;
    let numbers = counts.column("value")?.cast(&DataType::Float64)?;
    counts.with_column(numbers)?;
    of_growing(frames, counts)
}

fn born(frames: &Frames) -> PolarsResult<DataFrame> {
    let sums = group::sum(&frames.records(metric::GROWTH)?, &["run"], "value")?;
    of_growing(frames, sums)
}

/// A growing method that never grew did so zero times; the others have no such count.
fn of_growing(frames: &Frames, counts: DataFrame) -> PolarsResult<DataFrame> {
    let runs = frames.runs();
    let growing = runs.column("grows")?.bool()? & runs.column("finished")?.bool()?;
    with_zeros(counts, &runs.filter(&growing)?)
}

/// Counts, and zeros for further runs.
pub(super) fn with_zeros(mut counts: DataFrame, runs: &DataFrame) -> PolarsResult<DataFrame> {
    let zeros = Column::new("value".into(), vec![0.0; runs.height()]);
    let zeros = DataFrame::new(runs.height(), vec![runs.column("run")?.clone(), zeros])?;
    counts.vstack_mut(&zeros)?;
    group::sum(&counts, &["run"], "value")
}

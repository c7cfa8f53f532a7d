//! The metrics of maps.

use super::derived::derived;
use super::errors::quantization_error;
use super::growth::with_zeros;
use crate::frames::Frames;
use crate::group;
use crate::maps::LAYER;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(TOPOGRAPHIC_ERROR, topographic_error);
derived!(MAP_UNITS, units);
derived!(UNITS_DIED, died);
derived!(RECOVERED, recovered);
derived!(RECOVERY_TIME, recovery_time);

/// Number of windows whose mean is the level.
const WINDOWS: u32 = 10;
/// The multiple of the first experience's level that counts as recovered.
const BACK: f64 = 1.5;

/// The mean of the last windows of each run.
fn level(windows: &DataFrame) -> PolarsResult<DataFrame> {
    let numbered = windows.with_row_index("row".into(), None)?;
    let mut ends = group::last(&numbered, &["run"], "row")?;
    ends.rename("row", "end".into())?;
    let numbered = group::join(&numbered, &ends, &["run"])?;
    let behind = numbered.column("end")?.u32()? - numbered.column("row")?.u32()?;
    group::mean(&numbered.filter(&behind.lt(WINDOWS))?, &["run"], "value")
}

fn topographic_error(frames: &Frames) -> PolarsResult<DataFrame> {
    level(&frames.records(metric::TOPOGRAPHIC_ERROR)?)
}

fn units(frames: &Frames) -> PolarsResult<DataFrame> {
    let records = frames.records(metric::UNITS)?;
    let own = records.filter(&records.column("item")?.str()?.equal(LAYER))?;
    group::last(&own, &["run"], "value")
}

/// A map that lost no unit has recorded no removal, and still counts in the mean where others lost some.
fn died(frames: &Frames) -> PolarsResult<DataFrame> {
    let sums = group::sum(&frames.records(metric::DEATHS)?, &["run"], "value")?;
    if sums.height() == 0 {
        return Ok(sums);
    }
    with_zeros(sums, &units(frames)?)
}

fn recovered(frames: &Frames) -> PolarsResult<DataFrame> {
    let mut boundaries = recoveries(frames)?;
    let back = boundaries
        .column("back")?
        .is_not_null()
        .cast(&DataType::Float64)?;
    boundaries.with_column(back.with_name("value".into()).into_column())?;
    group::mean(&boundaries, &["run"], "value")
}

fn recovery_time(frames: &Frames) -> PolarsResult<DataFrame> {
    let boundaries = recoveries(frames)?;
    let mut back = boundaries.filter(&boundaries.column("back")?.is_not_null())?;
    let float = |name: &str| back.column(name)?.cast(&DataType::Float64);
    let (start, end) = (float("start")?, float("back")?);
    let time = (end.f64()? - start.f64()?).apply_values(|time| time.max(0.0));
    back.with_column(time.with_name("value".into()).into_column())?;
    group::mean(&back, &["run"], "value")
}

/// A row for each boundary: `run`, `start` (the signals before it) and `back` (those until the error was at its level in the first
/// experience again; null if it never was). Later levels may be those of a map that never recovered. On labelled streams a new task
/// has new classes: there is no level to recover, and so no row.
fn recoveries(frames: &Frames) -> PolarsResult<DataFrame> {
    let windows = frames.records(metric::SIGNAL_ERROR)?;
    let unlabelled = quantization_error(frames)?.select(["run"])?;
    let windows = group::join(&windows, &unlabelled, &["run"])?;
    let first = windows.filter(&windows.column("experience")?.u32()?.equal(0))?;
    let mut level = level(&first)?;
    level.rename("value", "level".into())?;
    let known = level.column("level")?.f64()?.is_not_nan();
    let windows = group::join(&windows, &level.filter(&known)?, &["run"])?;

    let mut starts = group::last(&windows, &["run", "experience"], "step")?;
    starts.rename("step", "start".into())?;
    let next = starts.column("experience")?.u32()? + 1;
    starts.with_column(next.with_name("experience".into()).into_column())?;
    let mut last = group::max(&windows, &["run"], "experience")?;
    last.rename("experience", "last".into())?;
    let starts = group::join(&starts, &last, &["run"])?;
    let within = starts
        .column("experience")?
        .u32()?
        .lt_eq(starts.column("last")?.u32()?);
    let starts = starts.filter(&within)?;

    let (value, level) = (windows.column("value")?.f64()?, windows.column("level")?.f64()?);
    let back = windows.filter(&(value.is_not_nan() & value.lt_eq(&(level * BACK))))?;
    let mut back = group::first(&back, &["run", "experience"], "step")?;
    back.rename("step", "back".into())?;
    group::join_left(&starts, &back, &["run", "experience"])
}

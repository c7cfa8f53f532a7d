//! Metrics of the accuracies at the ends of experiences.

use super::derived::derived;
use crate::frames::Frames;
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(AVERAGE_ACCURACY, average);
derived!(ANYTIME_ACCURACY, anytime);
derived!(LEARNING_ACCURACY, learning);
derived!(LEARNING_TREND, trend);
derived!(ONLINE_ACCURACY, online);

/// The entries at which two columns of a frame are the same.
pub(super) fn same(frame: &DataFrame, one: &str, other: &str) -> PolarsResult<DataFrame> {
    frame.filter(&frame.column(one)?.u32()?.equal(frame.column(other)?.u32()?))
}

/// The entries of the last experience: `R[T][j]`.
pub(super) fn last(entries: &DataFrame) -> PolarsResult<DataFrame> {
    let end = entries.column("experiences")?.u32()? - 1;
    entries.filter(&entries.column("experience")?.u32()?.equal(&end))
}

/// The diagonal: `R[i][i]`.
pub(super) fn own(entries: &DataFrame) -> PolarsResult<DataFrame> {
    same(entries, "experience", "task")
}

/// `mean_j R[T][j]`.
fn average(frames: &Frames) -> PolarsResult<DataFrame> {
    group::complete_mean(&last(frames.accuracies()?)?, "tasks")
}

/// `mean_i mean_{j≤i} R[i][j]`.
fn anytime(frames: &Frames) -> PolarsResult<DataFrame> {
    let all = frames.sequences()?;
    let (experience, task) = (all.column("experience")?.u32()?, all.column("task")?.u32()?);
    let seen = all.filter(&task.lt_eq(experience))?;
    let keys = ["run", "experience"];
    let mut means = group::mean(&seen, &keys, "value")?;
    let counts = group::count(&seen, &keys, "value")?;
    let tasks = group::first(&seen, &keys, "tasks")?;
    means.with_column(tasks.column("tasks")?.clone())?;
    let wanted = means.column("experience")?.u32()? + 1;
    let whole = means.filter(&counts.column("value")?.u32()?.equal(&wanted))?;
    group::complete_mean(&whole, "tasks")
}

/// `mean_i R[i][i]`.
fn learning(frames: &Frames) -> PolarsResult<DataFrame> {
    group::complete_mean(&own(frames.sequences()?)?, "tasks")
}

/// The mean of `R[i][i]` over the last fifth of the tasks minus that over the first fifth.
fn trend(frames: &Frames) -> PolarsResult<DataFrame> {
    let mut own = own(frames.accuracies()?)?;
    let fifth = own.column("tasks")?.u32()? / 5;
    own.with_column(fifth.with_name("fifth".into()).into_column())?;
    let own = own.filter(&own.column("fifth")?.u32()?.gt(1))?;
    let (task, fifth) = (own.column("task")?.u32()?, own.column("fifth")?.u32()?);
    let late = own.column("tasks")?.u32()? - fifth;
    let early = group::complete_mean(&own.filter(&task.lt(fifth))?, "fifth")?;
    let late = group::complete_mean(&own.filter(&task.gt_eq(&late))?, "fifth")?;
    difference(&late, &early, &["run"])
}

/// `mean_i ā_i`; rows that a gradual transition shows before their task belong to no task's ā.
fn online(frames: &Frames) -> PolarsResult<DataFrame> {
    let rows = frames.records(metric::PREQUENTIAL)?;
    let rows = group::join(&rows, frames.sides()?, &["run"])?;
    let task = rows.column("task")?.fill_null(FillNullStrategy::Zero)?;
    let known = task.u32()?.lt_eq(rows.column("experience")?.u32()?);
    let rows = rows.filter(&(known | !crate::frames::is_sequence(&rows)?))?;
    group::mean(&rows, &["run"], "value")
}

/// The differences of the values that two frames have at the same keys, in `value`, with the other columns of the first.
pub(super) fn difference(one: &DataFrame, other: &DataFrame, on: &[&str]) -> PolarsResult<DataFrame> {
    let mut subtrahend = other.select(on.iter().copied().chain(["value"]))?;
    subtrahend.rename("value", "subtrahend".into())?;
    let mut both = group::join(one, &subtrahend, on)?;
    let values = both.column("value")?.f64()? - both.column("subtrahend")?.f64()?;
    both.with_column(values.with_name("value".into()).into_column())?;
    Ok(both)
}

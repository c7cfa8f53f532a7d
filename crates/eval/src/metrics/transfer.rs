//! Effects of learning one task on the others: forgetting and transfer.

use super::accuracy::{difference, last, own};
use super::derived::derived;
use crate::frames::{Frames, with_task};
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(FORGETTING, forgetting);
derived!(BACKWARD_TRANSFER, backward);
derived!(ONE_STEP_TRANSFER, one_step);
derived!(FORWARD_TRANSFER, forward);

const ENTRY: [&str; 2] = ["run", "task"];

/// The mean over all tasks but the last of a frame with one row for each task that was measured.
pub(super) fn mean_of_earlier(terms: &DataFrame) -> PolarsResult<DataFrame> {
    mean_of_all_but_one(terms, |task, earlier| task.lt(earlier))
}

/// The same over all tasks but one, which is that of the rows that `keep` leaves out.
fn mean_of_all_but_one(
    terms: &DataFrame,
    keep: fn(&UInt32Chunked, &UInt32Chunked) -> BooleanChunked,
) -> PolarsResult<DataFrame> {
    let earlier = (terms.column("tasks")?.u32()? - 1).with_name("earlier".into());
    let kept = keep(terms.column("task")?.u32()?, &earlier);
    let mut terms = terms.clone();
    terms.with_column(earlier.into_column())?;
    group::complete_mean(&terms.filter(&kept)?, "earlier")
}

/// `mean_{j<T} (max_{l<T} R[l][j] − R[T][j])`, the maximum over the measured entries.
fn forgetting(frames: &Frames) -> PolarsResult<DataFrame> {
    let all = frames.sequences()?;
    let end = all.column("experiences")?.u32()? - 1;
    let before = all.filter(&all.column("experience")?.u32()?.lt(&end))?;
    let best = group::max(&before, &ENTRY, "value")?;
    let tasks = group::first(&before, &ENTRY, "tasks")?;
    let best = best.hstack(&[tasks.column("tasks")?.clone()])?;
    mean_of_earlier(&difference(&best, &last(all)?, &ENTRY)?)
}

/// `mean_{i<T} (R[T][i] − R[i][i])`.
fn backward(frames: &Frames) -> PolarsResult<DataFrame> {
    let all = frames.sequences()?;
    mean_of_earlier(&difference(&last(all)?, &own(all)?, &ENTRY)?)
}

/// `mean_{i<T} (R[i+1][i] − R[i][i])`.
fn one_step(frames: &Frames) -> PolarsResult<DataFrame> {
    let all = frames.sequences()?;
    let behind = all.column("task")?.u32()? + 1;
    let next = all.filter(&all.column("experience")?.u32()?.equal(&behind))?;
    mean_of_earlier(&difference(&next, &own(all)?, &ENTRY)?)
}

/// `mean_{i≥2} (R[i−1][i] − b_i)`, `b_i` the accuracy of the untrained network.
fn forward(frames: &Frames) -> PolarsResult<DataFrame> {
    let all = frames.sequences()?;
    let behind = all.column("experience")?.u32()? + 1;
    let before = all.filter(&all.column("task")?.u32()?.equal(&behind))?;
    let untrained = with_task(&frames.records(metric::UNTRAINED)?)?;
    let untrained = group::last(&untrained, &ENTRY, "value")?;
    mean_of_all_but_one(&difference(&before, &untrained, &ENTRY)?, |task, _| task.gt(0))
}

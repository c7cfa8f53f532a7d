//! The lowest accuracies since tasks were learned.

use super::accuracy::{last, own};
use super::derived::derived;
use super::transfer::mean_of_earlier;
use crate::frames::{Frames, is_sequence, with_task};
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(MIN_ACCURACY, lowest);
derived!(WORST_CASE_ACCURACY, worst_case);

/// `mean_{j<T} min_n A_n[j]`, over all measurements after the end of experience j. A task that was not measured within any later
/// experience has none.
fn lowest(frames: &Frames) -> PolarsResult<DataFrame> {
    let columns = ["run", "experience", "task", "value"];
    let within = with_task(&frames.records(metric::CONTINUAL_ACCURACY)?)?.select(columns)?;
    let within = later(&within)?;
    let mut all = within.clone();
    all.vstack_mut(&later(&frames.sequences()?.select(columns)?)?)?;
    let lowest = group::min(&all, &["run", "task"], "value")?;
    let measured = group::count(&within, &["run", "task"], "experience")?;
    let lowest = group::join(&lowest, &measured, &["run", "task"])?;
    let lowest = group::join(&lowest, frames.sides()?, &["run"])?;
    mean_of_earlier(&lowest.filter(&is_sequence(&lowest)?)?)
}

/// The rows of experiences after the one that their task was learned in.
fn later(frame: &DataFrame) -> PolarsResult<DataFrame> {
    frame.filter(
        &frame
            .column("experience")?
            .u32()?
            .gt(frame.column("task")?.u32()?),
    )
}

/// `R[T][T]/T + (1 − 1/T) min-ACC`.
fn worst_case(frames: &Frames) -> PolarsResult<DataFrame> {
    let mut lowest = lowest(frames)?;
    lowest.rename("value", "lowest".into())?;
    let mut both = group::join(&own(&last(frames.sequences()?)?)?, &lowest, &["run"])?;
    let tasks = both.column("tasks")?.cast(&DataType::Float64)?;
    let (tasks, end, lowest) = (
        tasks.f64()?,
        both.column("value")?.f64()?,
        both.column("lowest")?.f64()?,
    );
    let worst = &((end - lowest) / tasks.clone()) + lowest;
    both.with_column(worst.with_name("value".into()).into_column())?;
    Ok(both)
}

//! The accuracy matrices of all runs in one frame.

use super::Frames;
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

/// See the functions of [`Frames`] with these names.
#[derive(Clone, Debug)]
pub(super) struct Accuracies {
    pub(super) entries: DataFrame,
    pub(super) sequences: DataFrame,
    pub(super) sides: DataFrame,
}

impl Accuracies {
    pub(super) fn of(frames: &Frames) -> PolarsResult<Self> {
        let recorded = with_task(&frames.records(metric::ACCURACY)?)?;
        // A value that was recorded twice counts once.
        let recorded = group::last(&recorded, &["run", "experience", "task"], "value")?;
        let sides = sides(frames, &recorded)?;
        let entries = group::join(&recorded, &sides, &["run"])?;
        Ok(Self {
            sequences: entries.filter(&is_sequence(&entries)?)?,
            entries,
            sides,
        })
    }
}

/// Records whose task is 0 where none is given.
pub(crate) fn with_task(records: &DataFrame) -> PolarsResult<DataFrame> {
    let mut records = records.clone();
    let task = records.column("task")?.fill_null(FillNullStrategy::Zero)?;
    records.with_column(task)?;
    Ok(records)
}

/// The rows of runs that learned several tasks in as many experiences.
pub(crate) fn is_sequence(frame: &DataFrame) -> PolarsResult<BooleanChunked> {
    let (tasks, experiences) = (frame.column("tasks")?.u32()?, frame.column("experiences")?.u32()?);
    Ok(tasks.gt(1) & tasks.equal(experiences))
}

/// `run`, `tasks` and `experiences`: as many tasks as the stream has, or more if more were recorded.
fn sides(frames: &Frames, recorded: &DataFrame) -> PolarsResult<DataFrame> {
    let counted = |frame: &DataFrame, place: &str, into: &str| -> PolarsResult<DataFrame> {
        let count = (frame.column(place)?.u32()? + 1).with_name(into.into());
        DataFrame::new_infer_height(vec![frame.column("run")?.clone(), count.into_column()])
    };
    let runs = frames.runs();
    let of_stream = runs.column("stream_tasks")?.clone().with_name("tasks".into());
    let mut tasks = DataFrame::new_infer_height(vec![runs.column("run")?.clone(), of_stream])?;
    tasks.vstack_mut(&counted(recorded, "task", "tasks")?)?;
    for name in [metric::CONTINUAL_ACCURACY, metric::UNTRAINED] {
        let records = with_task(&frames.records(name)?)?;
        tasks.vstack_mut(&counted(&records, "task", "tasks")?)?;
    }
    let tasks = group::max(&tasks, &["run"], "tasks")?;
    let experiences = counted(recorded, "experience", "experiences")?;
    let experiences = group::max(&experiences, &["run"], "experiences")?;
    let mut sides = group::join_left(&tasks, &experiences, &["run"])?;
    let known = sides.column("experiences")?.fill_null(FillNullStrategy::Zero)?;
    sides.with_column(known)?;
    Ok(sides)
}

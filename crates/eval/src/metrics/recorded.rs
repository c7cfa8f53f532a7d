//! Metrics that sum up the values of one record.

use super::{Aggregate, Metric};
use crate::frames::Frames;
use crate::group;
use polars::prelude::*;

/// The values of a metric by its aggregate.
pub(super) fn of(frames: &Frames, metric: Metric, aggregate: Aggregate) -> PolarsResult<DataFrame> {
    let name = metric.info().records.first().copied().unwrap_or_default();
    let all = |of: fn(&DataFrame, &[&str], &str) -> PolarsResult<DataFrame>| {
        of(&frames.records(name)?, &["run"], "value")
    };
    match aggregate {
        Aggregate::Last => last(frames, name),
        Aggregate::Mean => all(group::mean),
        Aggregate::Sum => all(group::sum),
        Aggregate::Max => all(group::max),
    }
}

/// The mean over tasks and items of the last values of a record.
pub(super) fn last(frames: &Frames, name: &str) -> PolarsResult<DataFrame> {
    let records = frames.records(name)?;
    let (task, item) = (records.column("task")?, records.column("item")?);
    if task.null_count() + item.null_count() == 2 * records.height() {
        // There is but one of each run.
        return group::last(&records, &["run"], "value");
    }
    let last = group::last(&records, &["run", "task", "item"], "value")?;
    group::mean(&last, &["run"], "value")
}

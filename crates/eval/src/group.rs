//! Group-bys and joins on frames, as metrics need them: each gives the keys and one column, with the keys in their first order.

// The eager group-bys of polars ask to be replaced by its query engine, whose crates take minutes to build.
#![allow(deprecated, reason = "see above")]

use polars::prelude::*;

type Aggregation = fn(&GroupBy<'_>) -> PolarsResult<DataFrame>;

fn grouped(frame: &DataFrame, by: &[&str], column: &str, aggregate: Aggregation) -> PolarsResult<DataFrame> {
    let keys = frame.select(by.iter().copied())?;
    let groups = frame.group_by_with_series(keys.columns().to_vec(), false, true)?;
    let mut result = aggregate(&groups.select([column]))?;
    if let Some(last) = result.columns().last() {
        let name = last.name().to_string();
        result.rename(&name, column.into())?;
    }
    Ok(result)
}

/// The mean of a column over the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn mean(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.mean())
}

/// The sum of a column over the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn sum(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.sum())
}

/// The smallest value of a column among the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn min(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.min())
}

/// The largest value of a column among the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn max(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.max())
}

/// The first value of a column among the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn first(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.first())
}

/// The last value of a column among the rows with the same values in the columns `by`.
///
/// # Errors
/// If a column is missing.
pub fn last(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.last())
}

/// The number of rows with the same values in the columns `by`, in place of the column (`u32`).
///
/// # Errors
/// If a column is missing.
pub fn count(frame: &DataFrame, by: &[&str], column: &str) -> PolarsResult<DataFrame> {
    grouped(frame, by, column, |groups| groups.count())
}

/// The rows of two frames that have the same values in the columns `on`, in the order of the first.
///
/// # Errors
/// If a column is missing, or has different types.
pub fn join(left: &DataFrame, right: &DataFrame, on: &[&str]) -> PolarsResult<DataFrame> {
    joined(left, right, on, JoinType::Inner)
}

/// All rows of the first frame with those of the second that have the same values in the columns `on`, or nulls.
///
/// # Errors
/// If a column is missing, or has different types.
pub fn join_left(left: &DataFrame, right: &DataFrame, on: &[&str]) -> PolarsResult<DataFrame> {
    joined(left, right, on, JoinType::Left)
}

fn joined(left: &DataFrame, right: &DataFrame, on: &[&str], how: JoinType) -> PolarsResult<DataFrame> {
    let mut arguments = JoinArgs::new(how);
    // Means are sums in this order, and have to be the same on every machine.
    arguments.maintain_order = MaintainOrderJoin::Left;
    left.join(right, on.iter().copied(), on.iter().copied(), arguments, None)
}

/// The mean of `value` for each run that has as many rows as its column `wanted` says: a mean over what was not measured in full does not
/// exist. Gives `run` and `value`.
///
/// # Errors
/// If a column is missing.
pub fn complete_mean(frame: &DataFrame, wanted: &str) -> PolarsResult<DataFrame> {
    let means = mean(frame, &["run"], "value")?;
    let counts = count(frame, &["run"], "value")?;
    let wanted = first(frame, &["run"], wanted)?;
    // All three are by run in the same order.
    let (counts, wanted) = (counts.select_at_idx(1), wanted.select_at_idx(1));
    match (counts, wanted) {
        (Some(counts), Some(wanted)) => means.filter(&counts.u32()?.equal(wanted.u32()?)),
        _ => Ok(means),
    }
}

#[cfg(test)]
mod tests;

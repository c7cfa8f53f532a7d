//! Absent results and their reasons: methods that never grew, and transfer that could not be measured.

use super::title;
use crate::comparison::{MethodRow, Scoring, StreamComparison};
use crate::format::{self, list, plural};
use crate::metrics::Metric;
use crate::suite::Suite;

/// A sentence for each growing method that grew in no run of a stream, with counts of its reasons.
pub(crate) fn never_grew(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let grows = |row: &&MethodRow| suite.manifest.methods[row.method].grows && row.finished > 0;
    let never = |row: &&MethodRow| {
        let changed = [Metric::GrowthEdits, Metric::UnitsReplaced];
        let values = changed.iter().filter_map(|metric| row.values.get(metric));
        values.flat_map(|by_seed| by_seed.values()).all(|n| *n == 0.0)
    };
    let rows = c.rows.iter().filter(grows).filter(never);
    rows.map(|row| {
        let runs = plural(row.finished, "run");
        format!(
            "{} grows and never grew here: in {runs} no unit was added or replaced{}.",
            title(suite, row),
            reasons(row)
        )
    })
    .collect()
}

/// `; it held 1,240 times: 1,200 × window not full, 40 × cap reached`, most frequent first.
fn reasons(row: &MethodRow) -> String {
    let mut counted: Vec<(&String, u64)> = row.held.iter().map(|(reason, n)| (reason, *n)).collect();
    if counted.is_empty() {
        return ", and no reason was recorded".into();
    }
    counted.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
    let all: u64 = counted.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n));
    let each = counted
        .iter()
        .map(|(reason, n)| format!("{} × {}", format::count(*n as f64), reason.replace('-', " ")));
    let each: Vec<String> = each.collect();
    let times = if all == 1 {
        "once".into()
    } else {
        format!("{} times", format::count(all as f64))
    };
    format!("; it held {times}: {}", each.join(", "))
}

/// The reason why methods that learned one task after another have no forward transfer, if some have none.
pub(super) fn forward_transfer(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let without =
        |row: &&MethodRow| row.matrix.is_sequence() && !row.estimates.contains_key(&Metric::ForwardTransfer);
    let without: Vec<&MethodRow> = c.rows.iter().filter(without).collect();
    let first = without.first().filter(|_| c.scoring == Scoring::Accuracy)?;
    let ahead = (1..first.matrix.tasks()).all(|j| first.matrix.get(j - 1, j).is_some());
    let why = match suite.manifest.streams[c.stream].scenario.as_str() {
        "task-incremental" => {
            "a task's head comes with the task, so that nothing answers for it before".to_owned()
        }
        _ if !ahead => "tasks are not judged before they are learned".to_owned(),
        "class-incremental" => {
            "outputs for a task's classes come with the task, so that nothing answers for it before"
                .to_owned()
        }
        _ => {
            let names: Vec<String> = without.iter().map(|row| title(suite, row)).collect();
            format!(
                "before the first update nothing answers for every task in {}",
                list(&names)
            )
        }
    };
    Some(format!("There is no forward transfer: {why}."))
}

#[cfg(test)]
mod tests;

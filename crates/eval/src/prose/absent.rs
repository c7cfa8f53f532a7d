//! Absent results and their reasons: methods that never grew, transfer that could not be measured, tasks without test rows.

use super::{name, title};
use crate::comparison::{MethodRow, Scoring, StreamComparison};
use crate::format::{self, list, plural};
use crate::metrics::Metric;
use crate::suite::Suite;

/// A sentence for each growing method that grew in no run of a stream, with counts of its reasons.
pub(crate) fn never_grew(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let grows = |row: &&MethodRow| suite.manifest.methods[row.method].grows && row.finished > 0;
    let never = |row: &&MethodRow| {
        let changed = [Metric::GROWTH_EDITS, Metric::UNITS_REPLACED];
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
        |row: &&MethodRow| row.matrix.is_sequence() && !row.estimates.contains_key(&Metric::FORWARD_TRANSFER);
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

/// The reason why there is no min-ACC and no WC-ACC, where methods that learned one task after another have none.
pub(super) fn min_accuracy(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let sequences = || c.rows.iter().filter(|row| row.matrix.is_sequence());
    let without = || sequences().filter(|row| !row.estimates.contains_key(&Metric::MIN_ACCURACY));
    if c.scoring != Scoring::Accuracy || without().next().is_none() {
        return None;
    }
    if without().count() < sequences().count() {
        let names: Vec<String> = without().map(|row| title(suite, row)).collect();
        let names = list(&names);
        return Some(format!(
            "{names} cannot have a min-ACC or a WC-ACC: accuracies on tasks learned before were not measured between the ends of \
             experiences, as where an experience has fewer updates than `every` in `[evaluation]` or a network of its own."
        ));
    }
    let again = sequences().any(|row| row.matrix.looks_back());
    let why = if again {
        "accuracies were not measured between the ends of experiences, for which `every` in `[evaluation]` asks"
    } else {
        "no task is judged again after it was learned"
    };
    Some(format!("There is no min-ACC and no WC-ACC: {why}."))
}

/// A sentence that methods are not ranked by what the suite asks for, if they are not.
pub(super) fn ranking(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let asked = suite
        .manifest
        .rank_by
        .as_deref()
        .filter(|_| c.rank_by.is_none())?;
    let known = Metric::named(asked);
    let declared = suite.manifest.metrics.iter().find(|entry| entry.name == asked);
    let asked = known
        .map(Metric::title)
        .or(declared.map(|entry| entry.title.as_str()))
        .unwrap_or(asked);
    let instead = match c.scoring {
        // Their table has no rank.
        Scoring::Solving => String::new(),
        _ => format!("; they are ranked by {} instead", c.metric().title()),
    };
    let asked = name(asked);
    Some(format!(
        "Methods cannot be ranked by {asked}, as the suite asks: no run here has it{instead}."
    ))
}

/// The reason why there is no intransigence, if no method that learned one task after another has one.
pub(super) fn intransigence(c: &StreamComparison) -> Option<String> {
    let sequences = || c.rows.iter().filter(|row| row.matrix.is_sequence());
    let measured = sequences().any(|row| row.estimates.contains_key(&Metric::INTRANSIGENCE));
    if c.scoring != Scoring::Accuracy || sequences().next().is_none() || measured {
        return None;
    }
    let joint = c.rows.iter().any(|row| row.matrix.is_joint());
    let why = if joint {
        "the joint reference shares no finished seed with a method"
    } else {
        "no method of the suite learns all tasks of this stream at once, as a reference"
    };
    Some(format!("There is no intransigence: {why}."))
}

/// The reason why accuracies of a stream are not of test rows, if they are not.
pub(super) fn test_rows(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let alone = suite.manifest.streams[c.stream].on_training_rows && c.scoring == Scoring::Accuracy;
    let sentence = "Tasks are evaluated on their training rows, since other rows have no label that could be predicted: accuracy is the \
                    share that is memorised.";
    alone.then(|| sentence.to_owned())
}

#[cfg(test)]
mod tests;

//! The table of accuracies by class at the end.

use super::{ABSENT, Head, StreamComparison, Suite, Table, among, format, start};
use crate::metrics::{Measured, Unit};
use crate::statistics::Estimate;
use std::collections::BTreeSet;

/// The maximum number of classes that are shown by class.
pub(crate) const MOST_CLASSES: usize = 20;

/// One column for each class; `None` if no method has accuracies by class, or if there are more than 20 classes.
pub(crate) fn classes(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Option<Table> {
    let runs = c.rows.iter().flat_map(|r| &r.runs);
    let all: BTreeSet<u32> = runs
        .flat_map(|&run| measured[run].classes.keys().copied())
        .collect();
    if all.is_empty() || all.len() > MOST_CLASSES {
        return None;
    }
    let mut table = start(
        suite,
        c,
        "Accuracy on each class at the end of the stream, mean over seeds.",
    );
    for class in all {
        let explanation =
            "Share of the evaluated rows of this class that are classified correctly at the end.";
        table.push(Head::number(&format!("Class {class}"), "%", explanation), |row| {
            let values: Vec<f64> = row
                .runs
                .iter()
                .filter_map(|&run| measured[run].classes.get(&class).copied())
                .collect();
            let mean = |e: Estimate| Estimate {
                half_width: None,
                ..e
            };
            let text =
                Estimate::of(&values).map(|e| format::estimate(Unit::Percent, &mean(e)) + &among(e.n, row));
            text.unwrap_or_else(|| ABSENT.into()).into()
        });
    }
    Some(table.finish())
}

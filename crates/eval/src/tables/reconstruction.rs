//! The table of reconstruction errors by class: before a class was learned, right after, and at the end.

use super::{ABSENT, Cell, Head, StreamComparison, Suite, Table, among, notation, start};
use crate::comparison::MethodRow;
use crate::metrics::Measured;
use std::collections::BTreeSet;

/// One column for each class, in the order of the stream; none where nothing reconstructs.
pub(crate) fn reconstruction(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Option<Table> {
    let runs = c.rows.iter().flat_map(|r| &r.runs);
    let classes: BTreeSet<&(usize, String)> = runs
        .flat_map(|&run| measured[run].reconstruction.keys())
        .collect();
    if classes.is_empty() {
        return None;
    }
    let caption = "Reconstruction error by class, in thousandths, mean over seeds: before the class was learned / right after it / \
                   at the end of the stream. The first task's has no before.";
    let mut table = start(suite, c, caption);
    for class in classes {
        let explanation = "Mean squared error per input feature.";
        table.push(Head::number(&class.1, "", explanation), |row| {
            cell(row, measured, class)
        });
    }
    Some(table.finish())
}

fn cell(row: &MethodRow, measured: &[Measured], class: &(usize, String)) -> Cell {
    let learned = class.0;
    let of = |experience: Option<usize>| {
        let errors = row
            .runs
            .iter()
            .filter_map(|&run| measured[run].reconstruction.get(class));
        let values = errors.filter_map(|e| match experience {
            Some(experience) => e.get(&experience),
            None => e.values().next_back(),
        });
        let values: Vec<f64> = values.copied().collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (!values.is_empty()).then(|| notation::significant(1000.0 * mean) + &among(values.len(), row))
    };
    let before = learned.checked_sub(1).map(|e| of(Some(e)));
    let parts = before.into_iter().chain([of(Some(learned)), of(None)]);
    let parts: Vec<String> = parts.map(|part| part.unwrap_or_else(|| ABSENT.into())).collect();
    parts.join(" / ").into()
}

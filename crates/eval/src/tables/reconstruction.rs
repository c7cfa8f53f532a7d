//! The table of reconstruction errors by class: before a class was learned, right after, and at the end.

use super::{ABSENT, Cell, Head, StreamComparison, Suite, Table, among, format, start};
use crate::comparison::MethodRow;
use crate::metrics::Measured;
use std::collections::BTreeSet;

/// A column: the task, and the class in it; `None` for the whole task if each seed has its own classes there.
type Column = (usize, Option<String>);

/// One column for each class, in the order of the stream, or for each task if each seed has its own classes; `None` if no
/// method reconstructs.
pub(crate) fn reconstruction(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Option<Table> {
    let entry = &suite.manifest.streams[c.stream];
    let runs = c.rows.iter().flat_map(|r| &r.runs);
    let recorded = runs.flat_map(|&run| measured[run].reconstruction.keys());
    let columns: BTreeSet<Column> = recorded
        .map(|(task, class)| (*task, (!entry.tasks_by_seed).then(|| class.clone())))
        .collect();
    if columns.is_empty() {
        return None;
    }
    let part = if entry.tasks_by_seed { "task" } else { "class" };
    let caption = format!(
        "Reconstruction error by {part}, in thousandths, mean over seeds: before the {part} was learned / right after it / \
         at the end of the stream. The first task's has no before."
    );
    let mut table = start(suite, c, &caption);
    for column in &columns {
        let of_task = || {
            let name = entry.tasks.get(column.0).cloned();
            name.unwrap_or_else(|| format!("Task {}", column.0 + 1))
        };
        let title = column.1.clone().unwrap_or_else(of_task);
        let explanation = "Mean squared error per input feature.";
        table.push(Head::number(&title, "", explanation), |row| {
            cell(row, measured, column)
        });
    }
    Some(table.finish())
}

fn cell(row: &MethodRow, measured: &[Measured], (learned, class): &Column) -> Cell {
    let within = |(task, own): &(usize, String)| task == learned && class.as_ref().is_none_or(|c| c == own);
    let of = |experience: Option<usize>| {
        let errors = row.runs.iter().flat_map(|&run| &measured[run].reconstruction);
        let errors = errors.filter(|(key, _)| within(key)).map(|(_, errors)| errors);
        let values = errors.filter_map(|e| match experience {
            Some(experience) => e.get(&experience),
            None => e.values().next_back(),
        });
        let values: Vec<f64> = values.copied().collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (!values.is_empty()).then(|| format::significant(1000.0 * mean) + &among(values.len(), row))
    };
    let before = learned.checked_sub(1).map(|e| of(Some(e)));
    let parts = before.into_iter().chain([of(Some(*learned)), of(None)]);
    let parts: Vec<Option<String>> = parts.collect();
    if parts.iter().all(Option::is_none) {
        return ABSENT.to_owned().into();
    }
    let parts: Vec<String> = parts
        .into_iter()
        .map(|part| part.unwrap_or_else(|| ABSENT.into()))
        .collect();
    parts.join(" / ").into()
}

//! Tables of what methods keep and cost: size, memory held for learning by part, effort and time.

use super::times::seconds;
use super::{ABSENT, Draft, Head, StreamComparison, Suite, Table, among, format, start};
use crate::metrics::{self as shown, Measured, Unit};
use crate::statistics::Estimate;

/// The parts of the memory held for learning with their titles and explanations, in order.
const PARTS: [(&str, &str, &str); 5] = [
    (
        "parameters",
        "Memory: parameters",
        "Bytes of weights and biases, or prototypes, held for learning at the end.",
    ),
    (
        "slots",
        "Slots",
        "Bytes of what is shaped like the parameters: moments of the optimizer, anchors, importances, masks, slow copies.",
    ),
    (
        "rows",
        "Rows",
        "Bytes of rows kept for later, each with its features and its target.",
    ),
    (
        "payload",
        "Payload",
        "Bytes of numbers stored with rows, such as the logits they were stored with.",
    ),
    (
        "statistics",
        "Statistics",
        "Bytes of means and covariances of classes, and counts of classes.",
    ),
];

/// Forgetting and transfer; `None` if nothing of that was measured.
pub(crate) fn transfer(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let mut table = start(suite, c, "Forgetting and transfer, mean over seeds.");
    table.metrics(c, shown::Table::Transfer);
    let table = table.finish();
    (table.head.len() > 1).then_some(table)
}

/// Size, memory by part, effort and time.
pub(crate) fn cost(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Table {
    let caption = "Cost: size, memory held for learning at the end in bytes, effort and time; mean over seeds, of seconds the median.";
    let mut table = start(suite, c, caption);
    table.metrics(c, shown::Table::Size);
    parts(&mut table, measured);
    table.metrics(c, shown::Table::Cost);
    let explanation =
        "Wall-clock seconds of a run, median over seeds; machines differ, and other work counts too.";
    table.push(Head::number("Seconds", "", explanation), |row| {
        seconds(suite, row)
    });
    table.finish()
}

/// The bytes of each part of the memory.
fn parts(table: &mut Draft<'_>, measured: &[Measured]) {
    for (part, title, explanation) in PARTS {
        table.push(Head::number(title, "", explanation), |row| {
            let of = |run: &usize| measured[*run].memory.get(part).copied();
            let values: Vec<f64> = row.runs.iter().filter_map(of).collect();
            let text = |e: Estimate| {
                let mean = Estimate {
                    half_width: None,
                    ..e
                };
                format::estimate(Unit::Bytes, &mean) + &among(e.n, row)
            };
            let text = Estimate::of(&values).map(text);
            text.unwrap_or_else(|| ABSENT.into()).into()
        });
    }
}

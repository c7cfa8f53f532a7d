//! The table of the memory that methods hold for learning.

use super::{ABSENT, Head, StreamComparison, Suite, Table, among, format, start};
use crate::metrics::{Measured, Metric, Unit};
use crate::statistics::Estimate;

/// The parts with their titles and explanations, in order.
const PARTS: [(&str, &str, &str); 5] = [
    ("parameters", "Parameters", "Weights and biases, or prototypes."),
    (
        "slots",
        "Slots",
        "State in the shape of the parameters: moments of the optimizer, anchors, importances, masks, slow copies.",
    ),
    (
        "rows",
        "Rows",
        "Rows kept for later, each with its features and its target.",
    ),
    (
        "payload",
        "Row payload",
        "Values stored with rows, such as logits.",
    ),
    (
        "statistics",
        "Statistics",
        "Means and covariances of classes, and counts of classes.",
    ),
];

/// The bytes of each part, in all, and the most at the end of an experience; `None` if no method recorded them.
pub(crate) fn memory(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Option<Table> {
    let caption = "Memory held for learning at the end of the stream, in bytes, mean over seeds.";
    let mut table = start(suite, c, caption);
    for (part, title, explanation) in PARTS {
        table.push(Head::number(title, "", explanation), |row| {
            let values = row
                .runs
                .iter()
                .filter_map(|&run| measured[run].memory.get(part).copied());
            let values: Vec<f64> = values.collect();
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
    table.metric(c, Metric::Memory);
    table.metric(c, Metric::LargestMemory);
    let table = table.finish();
    (table.head.len() > 1).then_some(table)
}

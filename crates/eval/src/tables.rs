//! The tables of the report as text, for the writers.

use crate::comparison::{MethodRow, StreamComparison};
use crate::format::{self, ABSENT};
use crate::metrics::{Direction, Metric};
use crate::prose::Solving;
use crate::statistics::{Untested, median};
use crate::suite::Suite;

mod claims;
mod classes;
mod cost;
mod draft;
mod effects;
mod layers;
mod measures;
mod newborns;
mod pairs;
mod ranks;
mod reconstruction;
mod solving;
mod survival;
mod table;
mod times;
mod twins;
mod unfinished;
pub(crate) use claims::{brief_claims, claims};
pub(crate) use classes::{MOST_CLASSES, classes};
pub(crate) use cost::{cost, transfer};
use draft::{Draft, among, start};
pub(crate) use effects::effects;
pub(crate) use layers::{layers, reasons};
pub(crate) use measures::{brief, maps, others, outcome, plasticity};
pub(crate) use newborns::newborns;
pub(crate) use pairs::pairs_table;
pub(crate) use ranks::ranks;
pub(crate) use reconstruction::reconstruction;
pub(crate) use solving::solving;
pub(crate) use survival::survival;
pub use table::{Cell, Head, Line, Table};
pub(crate) use times::times;
pub(crate) use twins::twins;
pub(crate) use unfinished::unfinished;

/// The text with a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The number of finished seeds, of those requested.
pub(crate) fn seeds(row: &MethodRow) -> String {
    if row.finished == row.runs.len() {
        row.finished.to_string()
    } else {
        format!("{} of {}", row.finished, row.runs.len())
    }
}

/// The verdict on a difference in a metric: better or worse where it is significant.
pub(crate) fn said(
    difference: f64,
    metric: Metric,
    significant: bool,
    untested: Option<Untested>,
) -> &'static str {
    let higher = metric.direction() != Some(Direction::Lower);
    match untested {
        Some(untested) => untested.words(),
        None if !significant => "no difference found",
        None if (difference > 0.0) == higher => "▲ better",
        None => "▼ worse",
    }
}

//! The table of the share of the gradient that newborn units get.

use super::{ABSENT, Head, StreamComparison, Suite, Table, among, format, start};
use crate::metrics::{Measured, Unit};
use crate::statistics::Estimate;
use std::collections::BTreeSet;

/// One column for each age; `None` if no method recorded it.
pub(crate) fn newborns(suite: &Suite, c: &StreamComparison, measured: &[Measured]) -> Option<Table> {
    let runs = c.rows.iter().flat_map(|row| &row.runs);
    let ages: BTreeSet<u64> = runs
        .flat_map(|&run| measured[run].newborns.keys().copied())
        .collect();
    if ages.is_empty() {
        return None;
    }
    let caption = "Gradient of the weights into newborn units, root mean square relative to that of older units, by age in \
                   updates: mean over updates, layers and experiences.";
    let mut table = start(suite, c, caption);
    for age in ages {
        let explanation = "1 where a newborn unit gets as much as the others (Lillo & Cheney 2026).";
        table.push(Head::number(&format!("Age {age}"), "", explanation), |row| {
            let values = row
                .runs
                .iter()
                .filter_map(|&run| measured[run].newborns.get(&age).copied());
            let values: Vec<f64> = values.collect();
            let text = Estimate::of(&values).map(|e| format::estimate(Unit::Ratio, &e) + &among(e.n, row));
            text.unwrap_or_else(|| ABSENT.into()).into()
        });
    }
    Some(table.finish())
}

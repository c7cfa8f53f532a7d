//! The tables of a stream's measures: its results, those of maps and of hidden units, and those of plugins.

use super::{ABSENT, Head, Table, among, seeds, start};
use crate::comparison::StreamComparison;
use crate::format;
use crate::metrics::{self as shown, Metric, Unit};
use crate::statistics::Estimate;
use crate::suite::Suite;
use std::collections::BTreeSet;

/// The accuracy (or error) of each method, its difference from the control and the significance.
pub(crate) fn outcome(suite: &Suite, c: &StreamComparison) -> Table {
    let mut table = start(suite, c, "Results over seeds: mean ± half of the 95% interval.");
    table.push(
        Head::number("Seeds", "", "Runs that finished, of those asked for."),
        |r| seeds(r).into(),
    );
    table.metric(c, c.metric());
    table.against_control(c, format::difference);
    table.metrics(c, shown::Table::Outcome);
    table.finish()
}

/// The few columns that fit a terminal.
pub(crate) fn brief(suite: &Suite, c: &StreamComparison) -> Table {
    let mut table = start(suite, c, "");
    table.push(Head::number("Seeds", "", ""), |r| seeds(r).into());
    table.metric(c, c.metric());
    table.against_control(c, format::brief_difference);
    for metric in [Metric::FORGETTING, Metric::PARAMETERS] {
        table.metric(c, metric);
    }
    table.finish()
}

/// Measures of maps beside their main result; `None` if there is no map.
pub(crate) fn maps(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let mut table = start(suite, c, "Maps: neighbours, size, and recovery after a boundary.");
    table.metrics(c, shown::Table::Maps);
    let table = table.finish();
    (table.head.len() > 1).then_some(table)
}

/// Measures of hidden units; `None` if they were not examined.
pub(crate) fn plasticity(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let mut table = start(suite, c, "Plasticity: hidden units at the end of the stream.");
    table.metrics(c, shown::Table::Plasticity);
    let table = table.finish();
    (table.head.len() > 1).then_some(table)
}

/// Metrics of plugins, and records that nobody declares; `None` if there are none.
pub(crate) fn others(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let mut table = start(suite, c, "Metrics of plugins, over seeds.");
    let measured = c.rows.iter().flat_map(|row| row.estimates.keys().copied());
    let declared: BTreeSet<Metric> = measured
        .filter(|metric| metric.table() == shown::Table::Other && *metric != c.metric())
        .collect();
    for metric in declared {
        table.metric(c, metric);
    }
    let names: BTreeSet<&String> = c.rows.iter().flat_map(|r| r.others.keys()).collect();
    for name in names {
        let explanation = "Recorded under this name and declared nowhere; the mean over tasks and items of the last values.";
        table.push(Head::number(name, "", explanation), |r| {
            let of = |e: &Estimate| format::estimate(Unit::Error, e) + &among(e.n, r);
            let text = r.others.get(name).map(of);
            text.unwrap_or_else(|| ABSENT.into()).into()
        });
    }
    let table = table.finish();
    (table.head.len() > 1).then_some(table)
}

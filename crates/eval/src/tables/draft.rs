//! A table of methods under construction: columns without entries are left out.

use super::{ABSENT, Cell, Head, Line, Table, said};
use crate::comparison::{MethodRow, Role, StreamComparison};
use crate::format;
use crate::metrics::{self as shown, Metric, Unit};
use crate::statistics::{Estimate, Untested};
use crate::suite::Suite;

/// A table under construction: columns without entries are left out.
pub(super) struct Draft<'a> {
    rows: &'a [MethodRow],
    table: Table,
}

pub(super) fn start<'a>(suite: &Suite, c: &'a StreamComparison, caption: &str) -> Draft<'a> {
    let title = |r: &MethodRow| Cell::from(suite.manifest.methods[r.method].title.clone());
    let rows = c
        .rows
        .iter()
        .map(|r| Line {
            role: r.role,
            method: Some(r.method),
            cells: vec![title(r)],
        })
        .collect();
    let table = Table {
        id: String::new(),
        caption: caption.into(),
        head: vec![Head::text("Method", "")],
        rows,
    };
    Draft { rows: &c.rows, table }
}

impl Draft<'_> {
    pub(super) fn push(&mut self, head: Head, cell: impl Fn(&MethodRow) -> Cell) {
        let cells: Vec<Cell> = self.rows.iter().map(cell).collect();
        if cells.iter().any(|c| c.text != ABSENT) {
            self.table.head.push(head);
            self.table
                .rows
                .iter_mut()
                .zip(cells)
                .for_each(|(line, cell)| line.cells.push(cell));
        }
    }

    /// The difference from the control and its significance, if there is a control.
    pub(super) fn against_control(&mut self, c: &StreamComparison, write: fn(Unit, &Estimate) -> String) {
        if c.control().is_none() {
            return;
        }
        let (unit, title) = match c.metric().unit() {
            Unit::Percent => (Unit::Points, "points"),
            unit => (unit, ""),
        };
        let explanation = "Mean difference to the control over the seeds that both finished, with its 95% interval, not corrected.";
        self.push(Head::number("Difference to control", title, explanation), |r| {
            let text = r.against_control.map(|v| write(unit, &v.paired.difference));
            text.unwrap_or_else(|| ABSENT.into()).into()
        });
        let explanation = "Paired t-test against the control, Holm-corrected over this stream's methods.";
        self.push(Head::number("p", "", explanation), |r| {
            let p = r.against_control.and_then(|v| v.adjusted).map(format::p_value);
            p.unwrap_or_else(|| ABSENT.into()).into()
        });
        // Too few seeds for any test are said once, with numbers, and not in every row.
        let untested = |r: &MethodRow| {
            r.role != Role::Contender
                || r.against_control
                    .is_none_or(|v| v.paired.p == Err(Untested::TooFewSeeds))
        };
        if c.rows.iter().all(untested) {
            return;
        }
        let explanation = "Better or worse where the corrected p-value is below 0.05; from fewer than 5 shared seeds nothing can be told.";
        let metric = c.metric();
        self.push(Head::text("Verdict", explanation), |r| {
            verdict(r, metric).to_owned().into()
        });
    }

    /// The metrics that are declared for a table, without the one that the stream is ranked by.
    pub(super) fn metrics(&mut self, c: &StreamComparison, shown: shown::Table) {
        for metric in Metric::in_table(shown).filter(|metric| *metric != c.metric()) {
            self.metric(c, metric);
        }
    }

    pub(super) fn metric(&mut self, c: &StreamComparison, metric: Metric) {
        let written = |v: f64| format::value(metric.unit(), v);
        let best = c.best(metric).map(written);
        // What reads alike is equally good, and if all does, none is best.
        let mut means = self
            .rows
            .iter()
            .filter_map(|r| Some(written(r.estimates.get(&metric)?.mean)));
        let first = means.next();
        let differ = means.any(|m| Some(m) != first);
        self.push(Head::of(metric), |r| match r.estimates.get(&metric) {
            Some(e) => Cell {
                text: format::estimate(metric.unit(), e) + &among(e.n, r),
                best: differ && r.role != Role::Reference && best == Some(written(e.mean)),
            },
            None => ABSENT.to_owned().into(),
        });
    }

    pub(super) fn finish(self) -> Table {
        let mut table = self.table;
        // A method without any of the quantities has no row.
        let has = |line: &Line| line.cells.iter().skip(1).any(|cell| cell.text != ABSENT);
        if table.rows.iter().any(has) {
            table.rows.retain(has);
        }
        table
    }
}

/// The number of seeds of a mean, if not all finished runs have the quantity.
pub(super) fn among(n: usize, row: &MethodRow) -> String {
    if n == row.finished {
        String::new()
    } else {
        format!(" (n = {n})")
    }
}

fn verdict(row: &MethodRow, metric: Metric) -> &'static str {
    match (row.role, row.against_control) {
        (Role::Control, _) => "control",
        (Role::Reference, _) => "reference",
        (Role::Contender, Some(v)) => said(v.paired.difference.mean, metric, v.significant, v.paired.p.err()),
        (Role::Contender, None) => ABSENT,
    }
}

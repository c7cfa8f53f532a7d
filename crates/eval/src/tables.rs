//! The tables of the report as text, for the writers.

use crate::comparison::{MethodRow, Role, StreamComparison};
use crate::format::{self, ABSENT};
use crate::metrics::{self as shown, Direction, Metric, Unit};
use crate::prose::Solving;
use crate::statistics::{Estimate, Untested, median};
use crate::suite::{Outcome, Suite};
use std::collections::BTreeSet;

mod claims;
mod classes;
mod cost;
mod effects;
mod layers;
mod newborns;
mod pairs;
mod ranks;
mod reconstruction;
mod solving;
mod survival;
mod twins;
pub(crate) use claims::{brief_claims, claims};
pub(crate) use classes::{MOST_CLASSES, classes};
pub(crate) use cost::{cost, transfer};
pub(crate) use effects::effects;
pub(crate) use layers::{layers, reasons};
pub(crate) use newborns::newborns;
pub(crate) use pairs::pairs_table;
pub(crate) use ranks::ranks;
mod times;
pub(crate) use reconstruction::reconstruction;
pub(crate) use solving::solving;
pub(crate) use survival::survival;
pub(crate) use times::times;
pub(crate) use twins::twins;

/// A table; the first column names the row.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name in the report and as a file, as a [`Figure`](crate::figure::Figure) has one; empty before it has its place.
    pub id: String,
    /// Its caption.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<Head>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Line>,
}

/// A column's head.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its title.
    pub title: String,
    /// The unit of its numbers, if it has to be stated.
    pub unit: &'static str,
    /// The metric it shows, which has an explanation.
    pub metric: Option<Metric>,
    /// A one-line explanation, for columns that show no metric.
    pub explanation: &'static str,
    /// True if it holds text and not numbers.
    pub text: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Line {
    /// The role of its method.
    pub role: Role,
    /// Its method in the manifest, if it is one's.
    pub method: Option<usize>,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// An entry.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// True for the best of the competing methods.
    pub best: bool,
}

impl Line {
    /// A row of texts that belongs to no method.
    pub(crate) fn plain(cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            role: Role::Contender,
            method: None,
            cells: cells.into_iter().map(Cell::from).collect(),
        }
    }
}

impl Table {
    /// The table with its name.
    pub(crate) fn called(self, id: String) -> Self {
        Self { id, ..self }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, best: false }
    }
}

impl Head {
    pub(crate) fn text(title: &str, explanation: &'static str) -> Self {
        Self {
            title: title.into(),
            unit: "",
            metric: None,
            explanation,
            text: true,
        }
    }

    pub(crate) fn number(title: &str, unit: &'static str, explanation: &'static str) -> Self {
        Self {
            title: title.into(),
            unit,
            metric: None,
            explanation,
            text: false,
        }
    }

    fn of(metric: Metric) -> Self {
        let unit = match metric.unit() {
            Unit::Percent => "%",
            Unit::Points | Unit::Fall => "points",
            _ => "",
        };
        Self {
            title: capital(metric.title()),
            unit,
            metric: Some(metric),
            explanation: "",
            text: false,
        }
    }
}

/// The text with a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

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

/// The runs without a result, with the reason; `None` if all have one.
pub(crate) fn unfinished(suite: &Suite) -> Option<Table> {
    let rows: Vec<Line> = suite
        .runs
        .iter()
        .filter(|r| r.outcome != Outcome::Finished)
        .map(|r| {
            let method = suite.manifest.methods[r.method].title.clone();
            let stream = suite.manifest.streams[r.stream].title.clone();
            Line::plain([
                method,
                stream,
                r.entry.seed.to_string(),
                r.outcome.word().into(),
                r.outcome.detail(),
                suite.page_of(r).unwrap_or_else(|| ABSENT.into()),
            ])
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let head = ["Method", "Stream", "Seed", "State", "What is known", "Page"].map(|t| Head::text(t, ""));
    let mut table = Table {
        id: String::new(),
        caption: "Requested runs that are not part of the comparison.".into(),
        head: head.into(),
        rows,
    };
    // Pages stand beside the report, and may not have been asked for.
    if table
        .rows
        .iter()
        .all(|line| line.cells.last().is_none_or(|cell| cell.text == ABSENT))
    {
        table.head.pop();
        table.rows.iter_mut().for_each(|line| drop(line.cells.pop()));
    }
    Some(table)
}

/// The number of seeds of a mean, if not all finished runs have the quantity.
fn among(n: usize, row: &MethodRow) -> String {
    if n == row.finished {
        String::new()
    } else {
        format!(" (n = {n})")
    }
}

/// The number of finished seeds, of those requested.
pub(crate) fn seeds(row: &MethodRow) -> String {
    if row.finished == row.runs.len() {
        row.finished.to_string()
    } else {
        format!("{} of {}", row.finished, row.runs.len())
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

/// A table under construction: columns without entries are left out.
struct Draft<'a> {
    rows: &'a [MethodRow],
    table: Table,
}

fn start<'a>(suite: &Suite, c: &'a StreamComparison, caption: &str) -> Draft<'a> {
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
    fn push(&mut self, head: Head, cell: impl Fn(&MethodRow) -> Cell) {
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
    fn against_control(&mut self, c: &StreamComparison, write: fn(Unit, &Estimate) -> String) {
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
    fn metrics(&mut self, c: &StreamComparison, shown: shown::Table) {
        for metric in Metric::in_table(shown).filter(|metric| *metric != c.metric()) {
            self.metric(c, metric);
        }
    }

    fn metric(&mut self, c: &StreamComparison, metric: Metric) {
        let best = c.best(metric);
        // If all are equal none is best.
        let mut means = self
            .rows
            .iter()
            .filter_map(|r| Some(r.estimates.get(&metric)?.mean));
        let first = means.next();
        let differ = means.any(|m| Some(m) != first);
        self.push(Head::of(metric), |r| match r.estimates.get(&metric) {
            Some(e) => Cell {
                text: format::estimate(metric.unit(), e) + &among(e.n, r),
                best: differ && r.role != Role::Reference && best == Some(e.mean),
            },
            None => ABSENT.to_owned().into(),
        });
    }

    fn finish(self) -> Table {
        self.table
    }
}

//! Metrics of the report and the records of a run, as `explain` shows them.

use super::markdown;
use dentate_core::metrics::{Direction, Metric, Ranked, RecordedMetric, find_registered, registered};
use std::fmt::Write;

/// The page with the names in the files: a table of records.
const PAGE: &str = include_str!("../../../docs/results-folder.md");
/// The header of the table of records.
const RECORDS: &str = "| metric | task | item | value | recorded |";

/// The rows of a table of the page, as cells.
fn table(head: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let rows = PAGE.lines().skip_while(move |line| *line != head).skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").flat_map(empty_cells).collect())
}

/// Splits a row at its bars; an empty cell has no second space.
fn empty_cells(cell: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut rest = cell;
    while let Some(after) = rest.strip_prefix("| ") {
        cells.push("");
        rest = after;
    }
    cells.push(rest);
    cells
}

fn plain(name: &str) -> &str {
    name.trim_matches('`')
}

/// Names of all metrics and records.
pub(super) fn names() -> Vec<&'static str> {
    let records = table(RECORDS).filter_map(|row| row.first().copied().map(plain));
    let recorded = registered().into_iter().map(|metric| metric.info.name);
    Metric::all()
        .map(Metric::name)
        .chain(recorded)
        .chain(records)
        .collect()
}

/// The explanation of a metric of the report.
pub(super) fn metric(name: &str) -> Option<String> {
    let recorded = find_registered(name);
    let metric = Metric::named(name).or_else(|| recorded.map(RecordedMetric::metric))?;
    let info = metric.info();
    let mut out = format!(
        "{name} · metric · {}\n\n{}\n",
        metric.title(),
        metric.explanation()
    );
    if info.formula.contains("R[") {
        let _ = writeln!(
            out,
            "R[i][j] is the accuracy on task j after experience i, T the number of tasks, b_j the accuracy of the untrained network."
        );
    }
    let better = match metric.direction() {
        Some(Direction::Higher) => "; higher is better",
        Some(Direction::Lower) => "; lower is better",
        None => "",
    };
    let _ = writeln!(out, "\nUnit: {}{better}", metric.unit().words());
    let aggregate = info
        .aggregate
        .map_or(String::new(), |a| format!(": {}", a.words()));
    match recorded {
        Some(recorded) => {
            let package = recorded.package;
            let _ = writeln!(
                out,
                "Recorded by package {package}, under its own name{aggregate}"
            );
        }
        None => {
            let _ = writeln!(out, "Computed from: {}{aggregate}", info.records.join(", "));
        }
    }
    let needs = match info.ranked {
        Ranked::Never => return Some(out),
        Ranked::Always => "",
        Ranked::AllTasks => ", with `tasks = \"all\"`",
        Ranked::WithinExperiences => ", with `tasks = \"all\"` and `every`",
        Ranked::JointReference => ", with `tasks = \"all\"` and a method with `protocol = \"joint\"`",
    };
    let _ = writeln!(
        out,
        "A suite ranks its methods by it with: rank_by = \"{name}\"{needs}"
    );
    Some(out)
}

/// The explanation of a record of a run.
pub(super) fn record(name: &str) -> Option<String> {
    let row = table(RECORDS).find(|row| row.first().is_some_and(|own| plain(own) == name))?;
    let cell = |column: usize| markdown::rendered(row.get(column).copied().unwrap_or_default());
    let mut out = format!("{name} · record in records.csv\n\nvalue: {}\n", cell(3));
    for (column, label) in [(1, "by task"), (2, "item"), (4, "recorded")] {
        if !cell(column).is_empty() {
            let _ = writeln!(out, "{label}: {}", cell(column));
        }
    }
    Some(out)
}

//! A comparison of two results as tables: for a terminal, as Markdown and as CSV.

use super::{Change, Changes, Differences, StreamChanges, Verdict};
use crate::comparison::Role;
use crate::csv;
use crate::format::{self, ABSENT, plural};
use crate::markdown::{self, block, escape};
use crate::metrics::{Direction, Unit};
use crate::statistics::{Estimate, FEWEST};
use crate::tables::{Cell, Head, Line, Table, capital};
use crate::terminal;
use crate::values::SuiteValues;
use dentate_core::record::printable;
use polars::prelude::*;
use std::fmt::Write as _;

pub(super) fn terminal(changes: &Changes) -> String {
    let mut text = format!("{}: what changed\n", printable(&changes.after.title));
    for line in sides(changes) {
        let _ = writeln!(text, "{}", printable(&line));
    }
    for stream in &changes.found.streams {
        let _ = write!(text, "\n{}\n", printable(&stream.title));
        if let Some(why) = &stream.incomparable {
            let _ = writeln!(text, "Not compared: {}.", printable(why));
        }
        if !stream.rows.is_empty() {
            let _ = writeln!(text, "{}\n{}", measured(stream), terminal::draw(&table(stream)));
        }
        for line in settings(stream) {
            let _ = writeln!(text, "{}", printable(&line));
        }
    }
    for line in notes(&changes.found) {
        let _ = write!(text, "\n{}\n", printable(&line));
    }
    text
}

pub(super) fn markdown(changes: &Changes) -> String {
    let mut text = format!("# {}: what changed\n\n", escape(&changes.after.title));
    for line in sides(changes) {
        let _ = writeln!(text, "- {}", escape(&line));
    }
    for stream in &changes.found.streams {
        let _ = write!(text, "\n## {}\n", escape(&stream.title));
        if let Some(why) = &stream.incomparable {
            let _ = write!(text, "\nNot compared: {}.\n", escape(why));
        }
        if !stream.rows.is_empty() {
            let mut table = table(stream);
            table.caption = measured(stream);
            markdown::draw(&mut text, &table);
        }
        let settings = settings(stream);
        if !settings.is_empty() {
            text.push('\n');
        }
        for line in settings {
            let _ = writeln!(text, "- {}", escape(&line));
        }
    }
    for line in notes(&changes.found) {
        let _ = write!(text, "\n{}\n", block(&line));
    }
    text
}

fn sides(changes: &Changes) -> [String; 2] {
    let side = |what: &str, of: &SuiteValues| {
        let commit = of.commit.as_deref().unwrap_or("an unknown commit");
        format!(
            "{what}: {} of {} finished, version {} at {commit}, {}",
            of.finished,
            plural(of.runs, "run"),
            of.version,
            of.when
        )
    };
    [side("Before", &changes.before), side("After", &changes.after)]
}

fn measured(stream: &StreamChanges) -> String {
    let unit = if stream.unit == Unit::Percent { ", %" } else { "" };
    let better = match stream.better {
        Some(Direction::Higher) => "higher is better",
        Some(Direction::Lower) => "lower is better",
        None => "no direction is better",
    };
    format!(
        "{}{unit} ({better}): mean ± half of the 95% interval over seeds.",
        capital(&stream.measure)
    )
}

/// The table of a stream.
fn table(stream: &StreamChanges) -> Table {
    let unit = match stream.unit {
        Unit::Percent => "%",
        _ => "",
    };
    let (points, of) = match stream.unit {
        Unit::Percent => ("points", Unit::Points),
        unit => ("", unit),
    };
    let estimate = |e: &Option<Estimate>| {
        let text = e.as_ref().map(|e| shown(stream, e));
        text.unwrap_or_else(|| ABSENT.into())
    };
    let row = |change: &Change| {
        let difference = change.difference.map(|d| format::difference(of, &d.estimate));
        let cells = [
            change.title.clone(),
            estimate(&change.before),
            estimate(&change.after),
            difference.unwrap_or_else(|| ABSENT.into()),
            change.difference.map_or_else(
                || ABSENT.into(),
                |d| format!("{} {}", d.estimate.n, d.test.word()),
            ),
            change.adjusted.map_or_else(|| ABSENT.into(), format::p_value),
            verdict(change.verdict),
        ];
        Line {
            role: Role::Contender,
            method: None,
            cells: cells.map(Cell::from).into(),
        }
    };
    Table {
        head: vec![
            Head::text("Method", ""),
            Head::number("Before", unit, ""),
            Head::number("After", unit, ""),
            Head::number("Difference", points, ""),
            Head::number("Seeds and test", "", ""),
            Head::number("p", "", ""),
            Head::text("Verdict", ""),
        ],
        rows: stream.rows.iter().map(row).collect(),
        ..Table::default()
    }
}

/// A mean with its interval; a share of what was solved has none.
fn shown(stream: &StreamChanges, e: &Estimate) -> String {
    if stream.metric == crate::metrics::Metric::SOLVED.name() {
        format!("{} of {}", (e.mean * e.n as f64).round(), e.n)
    } else {
        format::estimate(stream.unit, e)
    }
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Open(why) => format!("cannot be told: {why}"),
        verdict => verdict.word().into(),
    }
}

/// The methods whose settings differ, a line each.
fn settings(stream: &StreamChanges) -> Vec<String> {
    let differ = stream.rows.iter().filter(|row| !row.settings.is_empty());
    differ
        .map(|row| format!("Settings of {}: {}", row.title, row.settings.join("; ")))
        .collect()
}

fn notes(found: &Differences) -> Vec<String> {
    let mut notes = Vec::new();
    let mut only = |which: &str, things: &[String]| {
        if !things.is_empty() {
            notes.push(format!("Only {which}: {}.", things.join(", ")));
        }
    };
    only("before", &found.only_before);
    only("after", &found.only_after);
    let rows = || found.streams.iter().flat_map(|s| &s.rows);
    let tested = rows().filter(|row| row.adjusted.is_some()).count();
    if tested > 0 {
        notes.push(format!(
            "Better and worse: p < 0.05, corrected for {} (Holm). Intervals are not corrected.",
            plural(tested, "test")
        ));
    }
    if rows().any(|row| row.verdict == Verdict::Open("too few seeds to tell")) {
        notes.push(format!("Nothing is told from fewer than {FEWEST} seeds."));
    }
    notes
}

/// One line for each method on each stream.
pub(super) fn csv(changes: &Changes) -> PolarsResult<String> {
    let rows: Vec<(&StreamChanges, &Change)> = changes
        .found
        .streams
        .iter()
        .flat_map(|s| s.rows.iter().map(move |row| (s, row)))
        .collect();
    let names = |name: &str, of: &dyn Fn(&StreamChanges, &Change) -> String| {
        let values: Vec<String> = rows.iter().map(|(s, row)| of(s, row)).collect();
        Column::new(name.into(), values)
    };
    let numbers = |name: &str, of: &dyn Fn(&Change) -> Option<f64>| {
        let values: Vec<Option<f64>> = rows.iter().map(|(_, row)| of(row)).collect();
        Column::new(name.into(), values)
    };
    let counts = |name: &str, of: &dyn Fn(&Change) -> Option<usize>| {
        let values: Vec<Option<u64>> = rows.iter().map(|(_, row)| of(row).map(|n| n as u64)).collect();
        Column::new(name.into(), values)
    };
    csv::text(vec![
        names("stream", &|s, _| s.name.clone()),
        names("method", &|_, row| row.name.clone()),
        names("metric", &|s, _| s.metric.clone()),
        counts("seeds_before", &|row| Some(row.before?.n)),
        numbers("before", &|row| Some(row.before?.mean)),
        counts("seeds_after", &|row| Some(row.after?.n)),
        numbers("after", &|row| Some(row.after?.mean)),
        names("test", &|_, row| {
            row.difference.map_or_else(String::new, |d| d.test.word().into())
        }),
        counts("seeds", &|row| Some(row.difference?.estimate.n)),
        numbers("difference", &|row| Some(row.difference?.estimate.mean)),
        numbers("low", &|row| Some(row.difference?.estimate.interval()?.0)),
        numbers("high", &|row| Some(row.difference?.estimate.interval()?.1)),
        numbers("p", &|row| row.difference?.p.ok()),
        numbers("p_holm", &|row| row.adjusted),
        names("verdict", &|_, row| verdict(row.verdict)),
        names("settings", &|_, row| row.settings.join("; ")),
    ])
}

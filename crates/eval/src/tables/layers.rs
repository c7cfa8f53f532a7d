//! Tables of growth: where units were born, removed and replaced, and why a method did not grow.

use super::{ABSENT, Head, Line, StreamComparison, Suite, Table, format};
use crate::comparison::MethodRow;
use crate::growth::{Kind, places};
use crate::traces::Traced;
use std::collections::BTreeMap;

/// The most layers of a method that are listed.
const MOST: usize = 12;

/// One row for each method and layer in which something changed; `None` if nothing did.
pub(crate) fn layers(suite: &Suite, c: &StreamComparison, traced: &[Traced]) -> Option<Table> {
    let mut rows = Vec::new();
    for (row, trace) in c.rows.iter().zip(traced) {
        let known: Vec<String> = trace.layers.iter().map(|(name, _)| name.clone()).collect();
        let layers = trace.growth.layers(&known);
        let runs = places(&trace.growth).len().max(1) as f64;
        for layer in layers.iter().take(MOST) {
            let size = |end: bool| {
                let (_, points) = trace
                    .layers
                    .iter()
                    .find(|(name, _)| Some(name) == layer.as_ref())?;
                let point = if end { points.last() } else { points.first() };
                point.map(|p| format::count(p.mean))
            };
            let counts = Kind::ALL.map(|kind| count_of(trace.growth.units(layer, kind) / runs));
            let mut cells = vec![
                suite.manifest.methods[row.method].title.clone(),
                layer.clone().unwrap_or_else(|| "not recorded".into()),
            ];
            cells.extend(counts);
            cells.extend([size(false), size(true)].map(|s| s.unwrap_or_else(|| ABSENT.into())));
            rows.push(line(row, cells));
        }
        if layers.len() > MOST {
            let more = format!("{} more layers", layers.len() - MOST);
            let mut cells = vec![suite.manifest.methods[row.method].title.clone(), more];
            let rest = |kind| {
                layers[MOST..]
                    .iter()
                    .map(|layer| trace.growth.units(layer, kind))
                    .sum::<f64>()
                    / runs
            };
            cells.extend(Kind::ALL.map(|kind| count_of(rest(kind))));
            cells.extend([ABSENT.to_owned(), ABSENT.to_owned()]);
            rows.push(line(row, cells));
        }
    }
    let count = |title: &str, explanation: &'static str| Head::number(title, "", explanation);
    let mut table = Table {
        id: String::new(),
        caption: "Units by layer: changes of a run, and sizes at the start and at the end; mean over the seeds in which something changed.".into(),
        head: vec![
            Head::text("Method", ""),
            Head::text("Layer", ""),
            count("Born", "Units added after the start."),
            count("Removed", "Units removed."),
            count("Replaced", "Units set anew in place."),
            count("Other edits", "Edits that neither add nor remove units."),
            count("At the start", "Units; 0 for a layer that was added later."),
            count("At the end", "Units."),
        ],
        rows,
    };
    super::pairs::without_empty(&mut table);
    (!table.rows.is_empty()).then_some(table)
}

/// The most reasons that have a column.
const MOST_REASONS: usize = 8;

/// The reasons why growing methods held or stopped, with how often; `None` if none was recorded.
pub(crate) fn reasons(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let mut all: BTreeMap<&String, u64> = BTreeMap::new();
    for (reason, n) in c
        .rows
        .iter()
        .filter(|row| row.finished > 0)
        .flat_map(|row| &row.held)
    {
        let sum = all.entry(reason).or_default();
        *sum = sum.saturating_add(*n);
    }
    let mut reasons: Vec<(&String, u64)> = all.into_iter().collect();
    reasons.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
    if reasons.is_empty() {
        return None;
    }
    let rest = reasons.split_off(reasons.len().min(MOST_REASONS));
    let mut head = vec![Head::text("Method", "")];
    head.extend(
        reasons.iter().map(|(reason, _)| {
            Head::number(&super::capital(&reason.replace('-', " ")), "", "Times in a run.")
        }),
    );
    if !rest.is_empty() {
        head.push(Head::number("Other reasons", "", "Times in a run."));
    }
    let rows = c
        .rows
        .iter()
        .filter(|row| row.finished > 0 && !row.held.is_empty())
        .map(|row| {
            let written = |n: u64| match n {
                0 => ABSENT.to_owned(),
                n => format::count(n as f64 / row.finished as f64),
            };
            let of = |reason: &String| row.held.get(reason).copied().unwrap_or(0);
            let mut cells = vec![suite.manifest.methods[row.method].title.clone()];
            cells.extend(reasons.iter().map(|(reason, _)| written(of(reason))));
            if !rest.is_empty() {
                cells.push(written(
                    rest.iter()
                        .map(|(reason, _)| of(reason))
                        .fold(0, u64::saturating_add),
                ));
            }
            line(row, cells)
        });
    Some(Table {
        id: String::new(),
        caption: "Why a method did not grow, or stopped: times in a run, mean over seeds.".into(),
        rows: rows.collect(),
        head,
    })
}

/// A mean number of units; a dash for none.
fn count_of(n: f64) -> String {
    if n == 0.0 {
        ABSENT.to_owned()
    } else {
        format::count(n)
    }
}

fn line(row: &MethodRow, cells: Vec<String>) -> Line {
    Line {
        role: row.role,
        method: Some(row.method),
        ..Line::plain(cells)
    }
}

//! Means with their intervals, one row each, with a dot for each seed and lines that join the dots of one seed.

use super::label::{LETTER, label, letters, wrapped};
use super::legend::mark;
use super::{Frame, Scale, Sheet, num};
use crate::figure::{Data, Figure};
use crate::look::Look;
use crate::statistics::Estimate;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// A row of the chart.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) look: Look,
    pub(crate) estimate: Estimate,
    /// The value of each seed.
    pub(crate) values: BTreeMap<u64, f64>,
    /// True if it must not stretch the axis: where it is outside, an arrow points to it.
    pub(crate) apart: bool,
}

/// The contents of the chart, in the unit of its axis.
pub(crate) struct Intervals {
    pub(crate) rows: Vec<Row>,
    /// A line through all rows, with its name.
    pub(crate) at: Option<(f64, String)>,
    /// The possible values, beyond which an interval is cut.
    pub(crate) possible: (f64, f64),
    /// True to join the dots of each seed.
    pub(crate) joined: bool,
    /// True to name the seed of each dot.
    pub(crate) titled: bool,
}

/// The height of a row.
const ROW: f64 = 27.0;
/// The height of a row where a name takes two lines.
const TALL: f64 = 34.0;
/// The least and the most room for names.
const NAMES: (f64, f64) = (110.0, 236.0);
/// The room between an interval and the dots of its seeds below.
const BELOW: f64 = 7.5;
/// More dots than this are left out.
const MOST_DOTS: usize = 400;

/// The chart; `None` without rows.
pub(crate) fn intervals(sheet: Sheet<'_>, content: &Intervals) -> Option<Figure> {
    let rows = &content.rows;
    let clip = |v: f64| v.clamp(content.possible.0, content.possible.1);
    let ends = |row: &Row| {
        let e = row.estimate;
        let (low, high) = e.interval().unwrap_or((e.mean, e.mean));
        (clip(low), clip(high))
    };
    let shown = rows.iter().filter(|r| !r.apart).flat_map(|row| {
        let (low, high) = ends(row);
        row.values.values().copied().chain([low, high])
    });
    let at = content.at.as_ref().map(|(v, _)| *v);
    let mut x = Scale::around(shown.chain(at))?;
    // Means are compared, not read from 0.
    if let Some(close) = close(rows, at, ends) {
        x = close;
    }
    (x.low, x.high) = (x.low.max(content.possible.0), x.high.min(content.possible.1));
    let longest = rows.iter().map(|r| r.title.chars().count()).max().unwrap_or(0);
    let names = (LETTER * longest as f64 + 16.0).clamp(NAMES.0, NAMES.1);
    let titles: Vec<Vec<String>> = rows
        .iter()
        .map(|row| wrapped(&row.title, letters(names - 16.0)))
        .collect();
    let row_height = if titles.iter().any(|lines| lines.len() > 1) {
        TALL
    } else {
        ROW
    };
    let height = row_height * rows.len() as f64 + 6.0;
    let frame = Frame {
        left: names,
        ..Frame::new(height, x, Scale::linear(0.0, 1.0))
    };
    let middle = |i: usize| frame.top + row_height * (i as f64 + 0.5);
    let dots = rows.iter().map(|r| r.values.len()).sum::<usize>() <= MOST_DOTS;
    let body = html! {
        (frame.columns(&sheet.x))
        @if let Some((v, title)) = &content.at {
            @let x = frame.px(*v);
            path.at d=(format!("M{x:.1} {}V{}", frame.top, frame.bottom)) { title { (title) } }
        }
        @if content.joined && dots { path.seeds d=(joined(&frame, rows, middle)) {} }
        @for (i, row) in rows.iter().enumerate() {
            g class=(row.look.class) {
                (label("label", names - 10.0, middle(i), "end", &titles[i]))
                @if frame.x.holds(row.estimate.mean) {
                    (drawn(&frame, row, middle(i), ends(row), dots, content.titled))
                } @else {
                    (arrow(&frame, row, middle(i)))
                }
            }
        }
    };
    let each = |row: &Row| {
        let e = row.estimate;
        let interval = e.interval();
        let mean = vec![
            row.title.as_str().into(),
            "mean".into(),
            e.mean.into(),
            interval.map(|i| i.0).into(),
            interval.map(|i| i.1).into(),
        ];
        let seeds = row.values.iter().map(|(seed, v)| {
            vec![
                row.title.as_str().into(),
                seed.to_string().as_str().into(),
                (*v).into(),
                None.into(),
                None.into(),
            ]
        });
        std::iter::once(mean).chain(seeds).collect::<Vec<_>>()
    };
    let data = Data {
        columns: vec!["name", "seed", "value", "low", "high"],
        rows: rows.iter().flat_map(each).collect(),
    };
    Some(sheet.figure(frame.end() + 4.0, Some(&frame), &body, data))
}

/// A scale around close values, which need not reach to 0.
fn close(rows: &[Row], at: Option<f64>, ends: impl Fn(&Row) -> (f64, f64)) -> Option<Scale> {
    let all = rows.iter().filter(|r| !r.apart).flat_map(|row| {
        let (low, high) = ends(row);
        row.values.values().copied().chain([low, high])
    });
    let (low, high) = all
        .chain(at)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
            (a.min(v), b.max(v))
        });
    let room = 0.05 * (high - low);
    (high > low).then(|| Scale::linear(low - room, high + room))
}

fn drawn(frame: &Frame, row: &Row, y: f64, (low, high): (f64, f64), dots: bool, titled: bool) -> Markup {
    let x = |v: f64| frame.px(v).clamp(frame.left, frame.right);
    html! {
        @if dots && row.values.len() > 1 {
            @for (seed, v) in &row.values {
                @if frame.x.holds(*v) {
                    circle.seed cx=(num(frame.px(*v))) cy=(num(y + BELOW)) r="2.3" { @if titled { title { "seed " (seed) ": " (crate::format::significant(*v)) } } }
                }
            }
        }
        @if high > low { path.interval d=(format!("M{:.1} {y:.1}H{:.1}", x(low), x(high))) {} }
        (mark(&row.look, frame.px(row.estimate.mean), y, 4.2))
    }
}

/// An arrow at the side where a value lies outside, with the value.
fn arrow(frame: &Frame, row: &Row, y: f64) -> Markup {
    let right = row.estimate.mean > frame.x.high;
    let (tip, back, text, anchor) = if right {
        (frame.right, frame.right - 9.0, frame.right - 14.0, "end")
    } else {
        (frame.left, frame.left + 9.0, frame.left + 14.0, "start")
    };
    html! {
        path.mark d=(format!("M{tip} {y:.1}L{back} {:.1}V{:.1}z", y - 4.5, y + 4.5)) {}
        text.tick x=(num(text)) y=(num(y + 4.0)) text-anchor=(anchor) { (crate::format::significant(row.estimate.mean)) }
    }
}

/// The lines of the seeds through the rows that have them.
fn joined(frame: &Frame, rows: &[Row], middle: impl Fn(usize) -> f64) -> String {
    let mut seeds: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        for (seed, v) in row.values.iter().filter(|(_, v)| frame.x.holds(**v)) {
            seeds
                .entry(*seed)
                .or_default()
                .push((frame.px(*v), middle(i) + BELOW));
        }
    }
    let lines = seeds.into_values().filter(|points| points.len() > 1);
    lines.map(|points| super::path(points.into_iter())).collect()
}

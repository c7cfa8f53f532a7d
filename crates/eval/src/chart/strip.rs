//! Hidden units at the end of each run on function-learning problems, beside the smallest numbers known: one row for each problem and
//! method, on one axis.

use super::label::{LETTER, letters};
use super::legend::{Key, legend, mark};
use super::{Frame, Scale, Sheet, num, shortened};
use crate::figure::{Data, Figure};
use crate::format;
use crate::look::Look;
use crate::prose::Solving;
use maud::{Markup, html};

/// A row of the chart.
pub(crate) struct Runs {
    pub(crate) title: String,
    pub(crate) method: String,
    pub(crate) look: Look,
    pub(crate) solving: Solving,
}

/// The least and the most room for names.
const NAMES: (f64, f64) = (110.0, 236.0);
/// The distance of stacked marks.
const STACK: f64 = 7.0;

/// One mark per run: filled if it solved the problem; equal runs are stacked.
pub(crate) fn strip(sheet: Sheet<'_>, rows: &[Runs]) -> Option<Figure> {
    let all = || {
        rows.iter()
            .flat_map(|r| r.solving.units.iter().chain(&r.solving.unsolved_units).copied())
    };
    let known = || rows.iter().filter_map(|r| r.solving.known_minimum);
    let most = all().chain(known()).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let each: Vec<f64> = rows
        .iter()
        .map(|r| 18.0 + STACK * tallest(&r.solving).saturating_sub(1) as f64)
        .collect();
    let longest = rows.iter().map(|r| r.title.chars().count()).max().unwrap_or(0);
    let left = (LETTER * longest as f64 + 16.0).clamp(NAMES.0, NAMES.1);
    let frame = Frame {
        left,
        ..Frame::new(
            each.iter().sum::<f64>() + 8.0,
            Scale::linear(0.0, most + 0.6),
            Scale::linear(0.0, 1.0),
        )
    };
    let mut keys: Vec<Key> = Vec::new();
    for row in rows {
        if keys.iter().all(|key| key.look != row.look) {
            keys.push(Key {
                title: row.method.clone(),
                look: row.look.clone(),
            });
        }
    }
    let bases: Vec<f64> = each
        .iter()
        .scan(frame.top, |y, height| {
            *y += height;
            Some(*y)
        })
        .collect();
    let (below, height) = legend(&keys, frame.end());
    let body = html! {
        (frame.columns(&sheet.x))
        @for (row, base) in rows.iter().zip(&bases) {
            @let base = base - 3.0;
            text.label x=(num(left - 10.0)) y=(num(base + 4.0)) text-anchor="end" { (shortened(&row.title, letters(left - 14.0))) }
            @if let Some(known) = row.solving.known_minimum {
                @let x = frame.px(known);
                path.known d=(format!("M{x:.1} {:.1}v-14", base + 6.0)) { title { "fewest known: " (format::count(known)) } }
            }
            (runs(&frame, row, base))
        }
        (below)
    };
    let data = Data {
        columns: vec!["problem", "method", "hidden_units", "solved", "fewest_known"],
        rows: rows
            .iter()
            .flat_map(|r| {
                let of = |units: &[f64], solved: &str| -> Vec<_> {
                    let row = |n: &f64| {
                        vec![
                            r.title.as_str().into(),
                            r.method.as_str().into(),
                            (*n).into(),
                            solved.into(),
                            r.solving.known_minimum.into(),
                        ]
                    };
                    units.iter().map(row).collect()
                };
                [of(&r.solving.units, "yes"), of(&r.solving.unsolved_units, "no")].concat()
            })
            .collect(),
    };
    Some(sheet.figure(height, None, &body, data))
}

fn runs(frame: &Frame, row: &Runs, base: f64) -> Markup {
    let solved = &row.solving.units;
    html! {
        g class=(row.look.class) {
            @for (n, stacked) in stack(solved) {
                (mark(&row.look, frame.px(n), base - STACK * stacked as f64, 2.5))
            }
            @for (n, stacked) in stack(&row.solving.unsolved_units) {
                @let below = solved.iter().filter(|u| **u == n).count();
                @let (x, y) = (frame.px(n), base - STACK * (stacked + below) as f64);
                path.unsolved d=(format!("M{:.1} {:.1}l5 5m0-5l-5 5", x - 2.5, y - 2.5)) { title { "not solved" } }
            }
        }
    }
}

/// The largest number of runs with the same number of hidden units.
fn tallest(solving: &Solving) -> usize {
    let all = || solving.units.iter().chain(&solving.unsolved_units);
    all()
        .map(|u| all().filter(|v| *v == u).count())
        .max()
        .unwrap_or(1)
}

/// Each value with the number of equal ones before it; given sorted.
fn stack(values: &[f64]) -> Vec<(f64, usize)> {
    let before = |i: usize, v: f64| values[..i].iter().filter(|u| **u == v).count();
    values
        .iter()
        .enumerate()
        .map(|(i, v)| (*v, before(i, *v)))
        .collect()
}

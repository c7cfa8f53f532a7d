//! Hidden units at the end of each run on a function-learning problem, beside the smallest number known.

use super::{Area, num, svg, ticks};
use crate::format;
use crate::prose::Solving;
use maud::{Markup, html};

/// One dot per run: filled if it solved the problem.
pub(crate) fn strip(id: &str, title: &str, rows: &[(&str, Solving)]) -> Markup {
    let runs_on_one_place = rows.iter().map(|(_, s)| tallest(s)).max().unwrap_or(1);
    // Runs with equal results are stacked.
    let each = (18.0 + 7.0 * runs_on_one_place as f64).max(30.0);
    let height = 34.0 + each * rows.len() as f64;
    let known = rows.iter().filter_map(|(_, s)| s.known_minimum).reduce(f64::min);
    let all = || {
        rows.iter()
            .flat_map(|(_, s)| s.units.iter().chain(&s.unsolved_units))
            .copied()
            .chain(known)
    };
    let most = all().fold(1.0, f64::max);
    let area = Area {
        left: 12.0,
        right: 328.0,
        top: 8.0,
        bottom: height - 22.0,
        x: (0.0, most + 0.6),
        y: (0.0, 1.0),
    };
    let marks: Vec<f64> = ticks(0.0, area.x.1, 6)
        .into_iter()
        .filter(|t| t.fract() == 0.0)
        .collect();
    let body = html! {
        line.axis x1=(num(area.left)) x2=(num(area.right)) y1=(num(area.bottom)) y2=(num(area.bottom)) {}
        @for &tick in &marks {
            text.tick x=(num(area.px(tick))) y=(num(area.bottom + 14.0)) text-anchor="middle" { (format::count(tick)) }
        }
        @if let Some(known) = known {
            line.known x1=(num(area.px(known))) x2=(num(area.px(known))) y1=(num(area.top)) y2=(num(area.bottom)) {
                title { "fewest known: " (format::count(known)) }
            }
        }
        @for (i, (name, solving)) in rows.iter().enumerate() {
            @let base = area.top + each * (i + 1) as f64 - 7.0;
            g class=(format!("s{}", i % 8)) {
                text.name x=(num(area.right)) y=(num(base - 12.0)) text-anchor="end" { (name) }
                @for (n, stacked) in stack(&solving.units) {
                    circle.dot cx=(num(area.px(n))) cy=(num(base - 7.0 * stacked as f64)) r="3" {}
                }
                @for (n, stacked) in stack(&solving.unsolved_units) {
                    @let below = solving.units.iter().filter(|u| **u == n).count();
                    circle.open cx=(num(area.px(n))) cy=(num(base - 7.0 * (stacked + below) as f64)) r="2.6" {}
                }
            }
        }
    };
    let said: Vec<String> = rows
        .iter()
        .map(|(name, s)| {
            let units: Vec<String> = s.units.iter().map(|u| format::count(*u)).collect();
            format!(
                "{name}: solved with {}",
                if units.is_empty() {
                    "none".into()
                } else {
                    units.join(", ")
                }
            )
        })
        .collect();
    let known = known.map_or_else(String::new, |k| format!("; fewest known {}", format::count(k)));
    svg(
        id,
        (340.0, height),
        &format!("{title}: hidden units at the end"),
        &format!("{}{known}.", said.join("; ")),
        &body,
    )
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
    values
        .iter()
        .enumerate()
        .map(|(i, v)| (*v, values[..i].iter().filter(|u| *u == v).count()))
        .collect()
}

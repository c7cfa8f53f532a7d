//! A quantity of all methods along the stream, on a linear scale: from 0, or from a little below if all values are close
//! together.

use super::overview::names;
use super::{Area, Curve, svg, ticks};
use crate::format;
use crate::metrics::Unit;
use maud::{Markup, html};

/// The chart; shares are written in percent.
pub(crate) fn quantity(
    id: &str,
    title: &str,
    unit: Unit,
    experiences: usize,
    curves: &[Curve<'_>],
) -> Markup {
    let (width, height) = (760.0, 210.0);
    let most = curves
        .iter()
        .flat_map(|c| c.points)
        .map(|p| p.mean)
        .fold(0.0, f64::max);
    let least = curves
        .iter()
        .flat_map(|c| c.points)
        .map(|p| p.mean)
        .fold(most, f64::min);
    let low = if least > 0.5 * most {
        least - 0.25 * (most - least).max(0.02 * most)
    } else {
        0.0
    };
    let factor = if unit == Unit::Percent { 100.0 } else { 1.0 };
    let area = Area {
        left: 52.0,
        right: 525.0,
        top: 12.0,
        bottom: height - 24.0,
        x: (0.0, experiences as f64),
        y: if most > 0.0 {
            (factor * low, factor * (most + 0.05 * (most - low)))
        } else {
            (0.0, 1.0)
        },
    };
    let mut labels: Vec<(f64, &Curve<'_>, f64)> = curves
        .iter()
        .filter_map(|c| {
            c.points
                .last()
                .map(|p| factor * p.mean)
                .map(|end| (area.py(end), c, end))
        })
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let body = html! {
        (area.rules(&ticks(area.y.0, area.y.1, 4), format::significant))
        (area.experiences(experiences))
        @for curve in curves {
            g class=(curve.class) {
                path.line d=(area.path(curve.points.iter().map(|p| (p.x, factor * p.mean)))) {}
            }
        }
        (names(&area, &labels, format::significant))
    };
    let ends: Vec<String> = labels
        .iter()
        .map(|(_, c, end)| format!("{} {}", c.title, format::significant(*end)))
        .collect();
    let percent = if unit == Unit::Percent { ", in percent" } else { "" };
    let description = format!("At the end of the stream{percent}: {}.", ends.join(", "));
    svg(id, (width, height), title, &description, &body)
}

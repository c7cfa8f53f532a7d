//! Several kinds of errors of one method along the stream, each named at the end of its line, on a linear scale from 0.

use super::overview::names;
use super::{Area, Curve, svg, ticks};
use crate::format;
use maud::{Markup, html};

/// The chart, in thousandths; `most` is the largest value on its scale.
pub(crate) fn named(id: &str, title: &str, experiences: usize, most: f64, curves: &[Curve<'_>]) -> Markup {
    let height = 60.0 + 15.0 * curves.len().max(6) as f64;
    let area = Area {
        left: 40.0,
        right: 252.0,
        top: 12.0,
        bottom: height - 24.0,
        x: (0.0, experiences as f64),
        y: (0.0, if most > 0.0 { 1050.0 * most } else { 1.0 }),
    };
    let mut labels: Vec<(f64, &Curve<'_>, f64)> = curves
        .iter()
        .filter_map(|c| c.points.last().map(|p| 1000.0 * p.mean))
        .zip(curves)
        .map(|(end, c)| (area.py(end), c, end))
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let body = html! {
        (area.rules(&ticks(0.0, area.y.1, 4), format::significant))
        (area.experiences(experiences))
        @for curve in curves {
            g class=(curve.class) {
                path.line d=(area.path(curve.points.iter().map(|p| (p.x, 1000.0 * p.mean)))) {}
            }
        }
        (names(&area, &labels, format::significant))
    };
    let ends: Vec<String> = labels
        .iter()
        .map(|(_, c, end)| format!("{} {}", c.title, format::significant(*end)))
        .collect();
    let description = format!("At the end of the stream, in thousandths: {}.", ends.join(", "));
    svg(id, (340.0, height), title, &description, &body)
}

//! The quantization error of all maps along the stream, and the numbers of units added to and removed from one.

use super::overview::names;
use super::{Area, Curve, num, svg, ticks};
use crate::format;
use crate::trajectory::Point;
use maud::{Markup, html};

/// All methods on a logarithmic scale: a jump raises the error by orders of magnitude.
pub(crate) fn errors(id: &str, title: &str, experiences: usize, curves: &[Curve<'_>]) -> Markup {
    let (width, height) = (760.0, 290.0);
    let positive = |p: &&Point| p.mean > 0.0;
    let all = || curves.iter().flat_map(|c| c.points.iter().filter(positive));
    let low = all().map(|p| p.mean.log10()).fold(f64::INFINITY, f64::min);
    let high = all().map(|p| p.mean.log10()).fold(f64::NEG_INFINITY, f64::max);
    if !(low.is_finite() && high.is_finite()) {
        return html! {};
    }
    let y = (low.floor(), high.ceil().max(low.floor() + 1.0));
    let area = Area {
        left: 52.0,
        right: 525.0,
        top: 12.0,
        bottom: height - 24.0,
        x: (0.0, experiences as f64),
        y,
    };
    let end = |c: &&Curve<'_>| c.points.iter().rfind(positive).map(|p| p.mean);
    let mut labels: Vec<(f64, &Curve<'_>, f64)> = curves
        .iter()
        .filter_map(|c| end(&c).map(|e| (area.py(e.log10()), c, e)))
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let marks: Vec<f64> = (y.0 as i32..=y.1 as i32).map(f64::from).collect();
    let body = html! {
        (area.rules(&marks, |t| format::significant(10f64.powf(t))))
        (area.experiences(experiences))
        @for curve in curves {
            g class=(curve.class) {
                path.line d=(area.path(curve.points.iter().filter(positive).map(|p| (p.x, p.mean.log10())))) {}
            }
        }
        (names(&area, &labels, format::significant))
    };
    let ends: Vec<String> = labels
        .iter()
        .map(|(_, c, end)| format!("{} {}", c.title, format::significant(*end)))
        .collect();
    let description = format!("At the end of the stream: {}.", ends.join(", "));
    svg(id, (width, height), title, &description, &body)
}

/// Units added and removed so far.
pub(crate) fn lives(id: &str, title: &str, experiences: usize, born: &[Point], died: &[Point]) -> Markup {
    let (width, height) = (340.0, 120.0);
    let most = born.iter().chain(died).map(|p| p.mean).fold(1.0, f64::max);
    let area = Area {
        left: 40.0,
        right: 290.0,
        top: 12.0,
        bottom: height - 20.0,
        x: (0.0, experiences as f64),
        y: (0.0, most * 1.05),
    };
    let line = |points: &[Point], class: &str, name: &str| {
        html! {
            path class=(class) d=(area.path(points.iter().map(|p| (p.x, p.mean)))) {}
            @if let Some(last) = points.last() {
                text.name x=(num(area.right + 4.0)) y=(num(area.py(last.mean) + 3.5)) {
                    (format::count(last.mean)) " " (name)
                }
            }
        }
    };
    let body = html! {
        (area.rules(&ticks(0.0, area.y.1, 3), format::count))
        (area.experiences(experiences))
        (line(died, "control-line", "died"))
        (line(born, "line", "born"))
    };
    let last = |points: &[Point]| format::count(points.last().map_or(0.0, |p| p.mean));
    let description = format!("{} units born and {} died, on average.", last(born), last(died));
    svg(id, (width, height), title, &description, &body)
}

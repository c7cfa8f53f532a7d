//! All methods of a stream in one chart, named at the ends of the lines.

use super::{Area, num, svg, ticks};
use crate::trajectory::Point;
use maud::{Markup, html};

/// A line of the overview.
#[derive(Debug)]
pub(crate) struct Curve<'a> {
    pub(crate) title: &'a str,
    pub(crate) class: String,
    pub(crate) points: &'a [Point],
    /// A constant value, drawn across the chart: a reference has only one.
    pub(crate) level: Option<f64>,
}

impl Curve<'_> {
    fn end(&self) -> Option<f64> {
        self.level.or(self.points.last().map(|p| p.mean))
    }
}

/// The chart.
pub(crate) fn overview(
    id: &str,
    title: &str,
    y: (f64, f64),
    experiences: usize,
    curves: &[Curve<'_>],
) -> Markup {
    let (width, height) = (760.0, 290.0);
    let area = Area {
        left: 44.0,
        right: 545.0,
        top: 12.0,
        bottom: height - 24.0,
        x: (0.0, experiences as f64),
        y,
    };
    let mut labels: Vec<(f64, &Curve<'_>, f64)> = curves
        .iter()
        .filter_map(|c| c.end().map(|end| (area.py(end), c, end)))
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let body = html! {
        (area.rules(&ticks(y.0, y.1, 5), |t| format!("{:.0}", t * 100.0)))
        (area.experiences(experiences))
        @for curve in curves {
            g class=(curve.class) {
                @if let Some(level) = curve.level {
                    line.joint x1=(num(area.left)) x2=(num(area.right)) y1=(num(area.py(level))) y2=(num(area.py(level))) {}
                } @else {
                    path.line d=(area.path(curve.points.iter().map(|p| (p.x, p.mean)))) {}
                }
            }
        }
        (names(&area, &labels, |end| format!("{:.1}", end * 100.0)))
    };
    let ends: Vec<String> = labels
        .iter()
        .map(|(_, c, end)| format!("{} {:.1}", c.title, end * 100.0))
        .collect();
    let description = format!("At the end of the stream, in percent: {}.", ends.join(", "));
    svg(id, (width, height), title, &description, &body)
}

/// The curves' last values and names at their ends, without overlaps; given from the top down, each with the end of its line.
pub(super) fn names(area: &Area, labels: &[(f64, &Curve<'_>, f64)], write: impl Fn(f64) -> String) -> Markup {
    let wanted: Vec<f64> = labels.iter().map(|label| label.0).collect();
    let places = spread(&wanted, 15.0, (area.top, area.bottom));
    html! {
        @for ((at, curve, end), place) in labels.iter().zip(places) {
            g class=(curve.class) {
                path.leader d=(format!("M{:.1} {at:.1}L{:.1} {place:.1}", area.right + 2.0, area.right + 12.0)) {}
                text.end x=(num(area.right + 16.0)) y=(num(place + 4.0)) { (write(*end)) "  " (curve.title) }
            }
        }
    }
}

/// Positions at least `gap` apart and, if they fit, within the range; given sorted, and as near to the wanted ones as possible.
fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut places = Vec::with_capacity(wanted.len());
    let mut free = low;
    for &at in wanted {
        places.push(at.max(free));
        free = at.max(free) + gap;
    }
    let mut ceiling = high;
    for place in places.iter_mut().rev() {
        *place = place.min(ceiling);
        ceiling = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn labels_do_not_overlap() {
        assert_eq!(
            spread(&[10.0, 11.0, 80.0], 15.0, (0.0, 100.0)),
            [10.0, 25.0, 80.0]
        );
        assert_eq!(spread(&[95.0, 99.0], 15.0, (0.0, 100.0)), [85.0, 100.0]);
    }
}

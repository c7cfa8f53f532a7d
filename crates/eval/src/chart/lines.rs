//! The panels of one method: accuracy, parameters and units along the stream, on one x axis.

use super::{Area, num, svg, ticks};
use crate::format;
use crate::plots::Figure;
use crate::trajectory::Point;
use maud::{Markup, html};

const WIDTH: f64 = 340.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 300.0;

/// The settings shared by the panels of a stream.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// Prefix of the elements' ids.
    pub(crate) id: String,
    /// The method's title.
    pub(crate) title: &'a str,
    /// CSS class with the method's colour.
    pub(crate) class: String,
    /// Range of the accuracy axis.
    pub(crate) accuracy: (f64, f64),
    /// Largest number of parameters on this stream.
    pub(crate) most: f64,
    /// The control's accuracy, if this is not the control.
    pub(crate) control: Option<&'a [Point]>,
    /// The joint reference's average accuracy.
    pub(crate) reference: Option<f64>,
    /// Chance-level accuracy.
    pub(crate) chance: Option<f64>,
}

fn area(height: f64, figure: &Figure, y: (f64, f64)) -> Area {
    Area {
        left: LEFT,
        right: RIGHT,
        top: 16.0,
        bottom: height - 20.0,
        x: (0.0, figure.experiences as f64),
        y,
    }
}

/// Mean accuracy over the tasks seen so far, with its interval, the control's accuracy behind it, and growth marked above.
pub(crate) fn accuracy(lines: &Lines<'_>, figure: &Figure) -> Markup {
    let height = 168.0;
    let area = area(height, figure, lines.accuracy);
    let points = &figure.accuracy;
    let level = |value: f64, label: &str, class: &str| {
        html! {
            line class=(class) x1=(num(area.left)) x2=(num(area.right)) y1=(num(area.py(value))) y2=(num(area.py(value))) {}
            text.tick x=(num(area.right + 4.0)) y=(num(area.py(value) + 3.5)) { (label) }
        }
    };
    let last = points.last().map(|p| p.mean);
    // The number at the end has priority; a level whose label would overlap it gets none.
    let clear = |v: &f64| last.is_none_or(|l| (area.py(l) - area.py(*v)).abs() > 11.0);
    let body = html! {
        (area.rules(&ticks(area.y.0, area.y.1, 4), |t| format!("{:.0}", t * 100.0)))
        (area.experiences(figure.experiences))
        @if let Some(chance) = lines.chance.filter(|c| *c > area.y.0) {
            (level(chance, if clear(&chance) { "chance" } else { "" }, "chance"))
        }
        @if let Some(joint) = lines.reference {
            (level(joint, if clear(&joint) { "joint" } else { "" }, "joint"))
        }
        @if let Some(control) = lines.control {
            path.control-line d=(area.path(control.iter().map(|p| (p.x, p.mean)))) {}
        }
        g class=(lines.class) {
            (band(&area, points))
            path.line d=(area.path(points.iter().map(|p| (p.x, p.mean)))) {}
            @if points.len() <= 12 {
                @for p in points {
                    circle.dot cx=(num(area.px(p.x))) cy=(num(area.py(p.mean))) r="2.6" {}
                }
            }
            @if let Some(last) = last {
                text.end x=(num(area.right + 4.0)) y=(num(area.py(last) + 3.5)) { (format!("{:.1}", last * 100.0)) }
            }
        }
        (events(&area, figure))
    };
    let description = match (points.first(), points.last()) {
        (Some(first), Some(last)) => format!(
            "Mean over seeds, in percent: from {:.1} at first to {:.1} at the end of the stream. {}.",
            first.mean * 100.0,
            last.mean * 100.0,
            format::plural(figure.events.len(), "place with growth")
        ),
        _ => "Nothing was measured.".into(),
    };
    let title = format!("{}: accuracy on the tasks seen so far", lines.title);
    svg(
        &format!("{}-a", lines.id),
        (WIDTH, height),
        &title,
        &description,
        &body,
    )
}

/// Parameters, with the range over seeds.
pub(crate) fn parameters(lines: &Lines<'_>, figure: &Figure) -> Markup {
    let height = 108.0;
    let area = area(height, figure, (0.0, lines.most * 1.05));
    let points = &figure.parameters;
    let body = html! {
        (area.rules(&ticks(0.0, area.y.1, 3), short))
        (area.experiences(figure.experiences))
        g class=(lines.class) {
            (band(&area, &stairs(points)))
            path.line d=(area.path(stairs(points).iter().map(|p| (p.x, p.mean)))) {}
            @if let Some(last) = points.last() {
                text.end x=(num(area.right + 4.0)) y=(num(area.py(last.mean) + 3.5)) { (short(last.mean)) }
            }
        }
        (events(&area, figure))
    };
    let ends = points.first().zip(points.last());
    let description = ends.map_or_else(
        || "Nothing was recorded.".into(),
        |(a, b)| {
            format!(
                "From {} to {} parameters.",
                format::count(a.mean),
                format::count(b.mean)
            )
        },
    );
    let title = format!("{}: parameters along the stream", lines.title);
    svg(
        &format!("{}-p", lines.id),
        (WIDTH, height),
        &title,
        &description,
        &body,
    )
}

/// Units of each layer, stacked in the order in which the layers were added.
pub(crate) fn layers(lines: &Lines<'_>, figure: &Figure) -> Markup {
    let height = 132.0;
    let xs: Vec<f64> = {
        let mut xs: Vec<f64> = figure
            .layers
            .iter()
            .flat_map(|(_, p)| p.iter().map(|p| p.x))
            .collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        xs
    };
    let held = |points: &[Point], x: f64| points.iter().rfind(|p| p.x <= x).map_or(0.0, |p| p.mean);
    let mut floor: Vec<f64> = vec![0.0; xs.len()];
    let mut bands = Vec::new();
    for (name, points) in &figure.layers {
        let top: Vec<f64> = xs.iter().zip(&floor).map(|(x, f)| f + held(points, *x)).collect();
        bands.push((name, points, floor, top.clone()));
        floor = top;
    }
    let most = floor.iter().copied().fold(1.0, f64::max);
    let area = area(height, figure, (0.0, most * 1.05));
    let stair = |ys: &[f64]| -> Vec<(f64, f64)> {
        let mut points: Vec<(f64, f64)> = Vec::with_capacity(ys.len() * 2);
        for (x, y) in xs.iter().zip(ys) {
            if let Some(&(_, before)) = points.last() {
                points.push((*x, before));
            }
            points.push((*x, *y));
        }
        points
    };
    let body = html! {
        (area.rules(&ticks(0.0, area.y.1, 3), short))
        (area.experiences(figure.experiences))
        g class=(lines.class) {
            @for (i, (name, points, low, high)) in bands.iter().enumerate() {
                @let outline = stair(high).into_iter().chain(stair(low).into_iter().rev());
                path.layer fill-opacity=(if i % 2 == 0 { "0.35" } else { "0.6" })
                    d=(format!("{}Z", area.path(outline))) { title { (name) ": " (ends(points)) " units" } }
            }
            @for (name, _, low, high) in &bands {
                @if let (Some(low), Some(high)) = (low.last(), high.last()) {
                    @if area.py(*low) - area.py(*high) >= 11.0 {
                        text.name x=(num(area.right + 4.0)) y=(num(area.py(f64::midpoint(*low, *high)) + 3.5)) { (name) }
                    }
                }
            }
        }
        (events(&area, figure))
    };
    let title = format!("{}: units by layer along the stream", lines.title);
    let description = format!("Mean units, first to last: {}.", layer_list(figure));
    svg(
        &format!("{}-u", lines.id),
        (WIDTH, height),
        &title,
        &description,
        &body,
    )
}

/// First and last number of units.
fn ends(points: &[Point]) -> String {
    let end = |p: Option<&Point>| format::count(p.map_or(0.0, |p| p.mean));
    let (first, last) = (end(points.first()), end(points.last()));
    if first == last {
        last
    } else {
        format!("{first} → {last}")
    }
}

/// The layers with their first and last number of units; a long list is shortened.
pub(crate) fn layer_list(figure: &Figure) -> String {
    const SHOWN: usize = 12;
    let mut each: Vec<String> = figure
        .layers
        .iter()
        .take(SHOWN)
        .map(|(name, points)| format!("{name} {}", ends(points)))
        .collect();
    if figure.layers.len() > SHOWN {
        each.push(format!("{} more", figure.layers.len() - SHOWN));
    }
    each.join(", ")
}

/// The points of a step curve: a value holds until the next point.
fn stairs(points: &[Point]) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(points.len() * 2);
    for p in points {
        if let Some(before) = corners.last().copied() {
            corners.push(Point { x: p.x, ..before });
        }
        corners.push(*p);
    }
    corners
}

fn band(area: &Area, points: &[Point]) -> Markup {
    let there = points.iter().map(|p| (p.x, p.high));
    let back = points.iter().rev().map(|p| (p.x, p.low));
    html! {
        @if points.iter().any(|p| p.high > p.low) {
            path.band d=(format!("{}Z", area.path(there.chain(back)))) {}
        }
    }
}

fn events(area: &Area, figure: &Figure) -> Markup {
    html! {
        @for event in &figure.events {
            @let x = area.px(event.x);
            path.growth d=(format!("M{:.1} 6L{:.1} 6L{x:.1} 12Z", x - 3.5, x + 3.5)) { title { (event.text) } }
        }
    }
}

/// A short axis number.
fn short(v: f64) -> String {
    if v >= 10_000.0 {
        let text = if v >= 1e6 {
            format!("{:.1}M", v / 1e6)
        } else {
            format!("{:.0}k", v / 1e3)
        };
        text.replace(".0M", "M")
    } else {
        format::count(v.round())
    }
}

//! Curves of all methods on one sheet: along the stream or over another quantity, with bands over seeds.

use super::legend::{Key, legend, mark};
use super::{Frame, Scale, Sheet, num};
use crate::figure::{Axis, Data, Figure};
use crate::format;
use crate::look::Look;
use crate::trajectory::Point;
use maud::{Markup, html};

/// A line of the chart.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) title: String,
    pub(crate) look: Look,
    pub(crate) points: Vec<Point>,
}

/// A value across the whole chart: a reference or a bound.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) title: String,
    pub(crate) value: f64,
    /// The look of the method that reaches it; none for a bound such as chance.
    pub(crate) look: Option<Look>,
}

/// The contents of the chart.
pub(crate) struct Lines {
    pub(crate) curves: Vec<Curve>,
    pub(crate) levels: Vec<Level>,
    /// The number of experiences, where the horizontal axis is the stream; else it is what the points have.
    pub(crate) experiences: Option<usize>,
    /// Values are drawn times this.
    pub(crate) factor: f64,
    /// The ends of the vertical axis; from the values if absent.
    pub(crate) y: Option<Scale>,
    /// The most points of a curve.
    pub(crate) resolution: usize,
}

/// The height of the drawing area.
const HEIGHT: f64 = 210.0;
/// Curves of more points than this have marks at some of them only.
const MARKED: usize = 12;
/// Of more curves than this the bands are faint.
const CROWDED: usize = 6;
/// The room for marks on a longer curve.
const APART: usize = 6;

/// The chart; `None` if no curve has two points to join.
pub(crate) fn lines(sheet: Sheet<'_>, content: &Lines) -> Option<Figure> {
    let drawn = || content.curves.iter().filter(|c| c.points.len() > 1);
    drawn().next()?;
    let of = |p: &Point| Point {
        x: p.x,
        mean: p.mean * content.factor,
        low: p.low * content.factor,
        high: p.high * content.factor,
    };
    let means = || drawn().flat_map(|c| c.points.iter().map(|p| p.mean * content.factor));
    let levels = || content.levels.iter().map(|l| l.value * content.factor);
    let y = content.y.or_else(|| Scale::around(means().chain(levels())))?;
    let x = match content.experiences {
        Some(n) => Scale::linear(0.0, n as f64),
        None => {
            let ends = drawn().flat_map(|c| c.points.iter().map(|p| p.x));
            Scale::linear(0.0, ends.fold(1.0, f64::max))
        }
    };
    let frame = Frame::new(HEIGHT, x, y);
    let count = drawn().count();
    let curves: Vec<(&Curve, Vec<Point>)> = drawn()
        .map(|c| (c, thinned(&c.points, content.resolution).iter().map(of).collect()))
        .collect();
    let keys: Vec<Key> = drawn()
        .map(|c| (&c.title, &c.look))
        .chain(
            content
                .levels
                .iter()
                .filter_map(|l| Some((&l.title, l.look.as_ref()?))),
        )
        .map(|(title, look)| Key {
            title: title.clone(),
            look: look.clone(),
        })
        .collect();
    let (below, height) = legend(&keys, frame.end());
    let body = html! {
        (frame.rules(&sheet.y))
        @if content.experiences.is_some() { (frame.experiences(&sheet.x)) } @else { (frame.columns(&sheet.x)) }
        @for level in &content.levels { (across(&frame, level, level.value * content.factor)) }
        @for (place, (c, points)) in curves.iter().enumerate() {
            // Bands of many curves would cover each other; one that is highlighted shows its own.
            g class=(if count > CROWDED { format!("{} faint", c.look.class) } else { c.look.class.clone() }) { (curve(&frame, &c.look, &c.title, points, (place, count))) }
        }
        (below)
    };
    let data = Data {
        columns: vec!["method", "x", "mean", "low", "high"],
        rows: content
            .curves
            .iter()
            .flat_map(|c| {
                c.points.iter().map(|p| {
                    let p = of(p);
                    vec![
                        c.title.as_str().into(),
                        p.x.into(),
                        p.mean.into(),
                        p.low.into(),
                        p.high.into(),
                    ]
                })
            })
            .collect(),
    };
    let said = ends(content);
    let sheet = Sheet {
        description: if sheet.description.is_empty() {
            said
        } else {
            sheet.description
        },
        ..sheet
    };
    Some(sheet.figure(height, Some(&frame), &body, data))
}

/// The last values in words, with the place where they were measured.
fn ends(content: &Lines) -> String {
    let mut said: Vec<String> = Vec::new();
    for c in &content.curves {
        let Some(last) = c.points.last() else { continue };
        let value = format::significant(last.mean * content.factor);
        let early = content.experiences.is_some_and(|n| last.x < n as f64 - 1e-6);
        let place = if early {
            format!(" (at {:.1} of the stream)", last.x)
        } else {
            String::new()
        };
        said.push(format!("{} {value}{place}", c.title));
    }
    format!("Last values, mean over seeds: {}.", said.join(", "))
}

fn across(frame: &Frame, level: &Level, value: f64) -> Markup {
    if !frame.y.holds(value) {
        return html! {};
    }
    let y = frame.py(value);
    let line = html! { path.level d=(format!("M{} {y:.1}H{}", frame.left, frame.right)) { title { (level.title) ": " (format::significant(value)) } } };
    html! {
        @match &level.look {
            Some(look) => { g class=(look.class) { (line) (mark(look, frame.right - 6.0, y, 3.4)) } },
            None => {
                (line)
                text.tick x=(num(frame.right)) y=(num(y - 4.0)) text-anchor="end" { (level.title) }
            },
        }
    }
}

fn curve(
    frame: &Frame,
    look: &Look,
    title: &str,
    points: &[Point],
    (place, count): (usize, usize),
) -> Markup {
    let n = points.len();
    let marked: Vec<&Point> = if n <= MARKED {
        points.iter().collect()
    } else {
        // Shifted from curve to curve, so that marks of near ones do not cover each other.
        let first = n / APART * place / count.max(1);
        points.iter().skip(first).step_by((n / APART).max(1)).collect()
    };
    html! {
        (band(frame, points))
        path.line d=(frame.path(points.iter().map(|p| (p.x, p.mean)))) data-t=(title) {}
        @for p in marked { (mark(look, frame.px(p.x), frame.py(p.mean), 3.2)) }
    }
}

fn band(frame: &Frame, points: &[Point]) -> Markup {
    let there = points.iter().map(|p| (p.x, p.high));
    let back = points.iter().rev().map(|p| (p.x, p.low));
    html! {
        @if points.iter().any(|p| p.high > p.low) {
            path.band d=(format!("{}z", frame.path(there.chain(back)))) {}
        }
    }
}

/// At most about `most` of the points: the first and last of each experience where these are few enough, since curves jump there, and
/// others at equal distances.
fn thinned(points: &[Point], most: usize) -> Vec<Point> {
    if points.len() <= most {
        return points.to_vec();
    }
    let experience = |p: &Point| (p.x - 1e-9).floor();
    let mut bounds = vec![false; points.len()];
    for i in 1..points.len() {
        if experience(&points[i]) > experience(&points[i - 1]) {
            (bounds[i - 1], bounds[i]) = (true, true);
        }
    }
    if bounds.iter().filter(|b| **b).count() > most / 2 {
        bounds.fill(false);
    }
    (bounds[0], bounds[points.len() - 1]) = (true, true);
    let left = most.saturating_sub(bounds.iter().filter(|b| **b).count()).max(1);
    let every = points.len().div_ceil(left);
    let kept = points.iter().zip(&bounds).enumerate();
    kept.filter(|(i, (_, bound))| **bound || i % every == 0)
        .map(|(_, (p, _))| *p)
        .collect()
}

/// The axis of the stream.
pub(crate) fn stream_axis() -> Axis {
    Axis::new("Stream", "experience")
}

#[cfg(test)]
mod tests;

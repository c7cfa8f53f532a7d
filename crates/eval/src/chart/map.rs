//! A map over its data, and a prototype as an image. Points are short strokes with round ends in one path: a hundred circles
//! would take ten times the bytes.

use super::svg;
use crate::format;
use crate::maps::{Drawing, Image};
use maud::{Markup, html};
use std::fmt::Write as _;

const SIDE: f64 = 150.0;

/// A square around all that is drawn: its lower left corner and side.
pub(crate) type Extent = ((f64, f64), f64);

/// The extent of several drawings, so that they can be compared.
pub(crate) fn extent<'a>(drawings: impl Iterator<Item = &'a Drawing>) -> Extent {
    let (mut low, mut high) = (
        (f64::INFINITY, f64::INFINITY),
        (f64::NEG_INFINITY, f64::NEG_INFINITY),
    );
    for (x, y) in drawings.flat_map(|d| d.places.iter().chain(&d.signals)) {
        low = (low.0.min(*x), low.1.min(*y));
        high = (high.0.max(*x), high.1.max(*y));
    }
    let side = (high.0 - low.0).max(high.1 - low.1);
    if side > 0.0 && side.is_finite() {
        let centre = (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1));
        let side = side * 1.08;
        ((centre.0 - side / 2.0, centre.1 - side / 2.0), side)
    } else {
        ((-1.0, -1.0), 2.0)
    }
}

/// A map over its last signals.
pub(crate) fn map(id: &str, title: &str, class: &str, drawing: &Drawing, extent: Extent) -> Markup {
    let ((left, low), side) = extent;
    let at = |(x, y): (f64, f64)| ((x - left) / side * SIDE, SIDE - (y - low) / side * SIDE);
    let dots = |points: &[(f64, f64)]| {
        let mut path = String::new();
        for point in points {
            let (x, y) = at(*point);
            let _ = write!(path, "M{x:.1} {y:.1}h0");
        }
        path
    };
    let mut edges = String::new();
    for (a, b) in &drawing.edges {
        let ((ax, ay), (bx, by)) = (at(drawing.places[*a]), at(drawing.places[*b]));
        let _ = write!(edges, "M{ax:.1} {ay:.1}L{bx:.1} {by:.1}");
    }
    let body = html! {
        path.signals d=(dots(&drawing.signals)) {}
        g class=(class) {
            path.edges d=(edges) {}
            path.units d=(dots(&drawing.places)) {}
        }
    };
    let (units, joints) = (drawing.places.len(), drawing.edges.len());
    let description = format!(
        "{} joined by {}, over the last signals.",
        format::plural(units, "unit"),
        format::plural(joints, "edge")
    );
    svg(id, (SIDE, SIDE), title, &description, &body)
}

/// A prototype: one path for each of four greys.
pub(crate) fn prototype(image: &Image) -> Markup {
    let height = image.greys.len() / image.width;
    let shade = |level: u8| {
        let mut path = String::new();
        for (i, grey) in image.greys.iter().enumerate() {
            if (*grey + 2) / 4 == level {
                let _ = write!(path, "M{} {}h1v1h-1z", i % image.width, i / image.width);
            }
        }
        path
    };
    html! {
        svg viewBox=(format!("0 0 {} {height}", image.width)) aria-hidden="true" shape-rendering="crispEdges" {
            @for level in 1..=4 {
                path d=(shade(level)) fill="#fff" fill-opacity=(format!("{:.2}", f64::from(level) / 4.0)) {}
            }
        }
    }
}

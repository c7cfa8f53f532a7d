//! Maps over their data at several moments, and prototypes as images. Points are short strokes with round ends in one path: a hundred
//! circles would take ten times the bytes.

use super::{Sheet, WIDTH, num};
use crate::figure::{Data, Figure};
use crate::format;
use crate::look::Look;
use crate::maps::{Drawing, Image};
use maud::{Markup, html};
use std::fmt::Write as _;

/// The side of a panel, of which four stand in a row.
const SIDE: f64 = 121.0;
const ROW: usize = 4;

/// A square around all that is drawn: its lower left corner and side.
type Extent = ((f64, f64), f64);

/// The extent of several drawings, so that they can be compared.
fn extent<'a>(drawings: impl Iterator<Item = &'a Drawing>) -> Extent {
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

/// A map over its last signals at some moments, side by side on one scale.
pub(crate) fn moments(
    sheet: Sheet<'_>,
    look: &Look,
    drawings: &[(f64, Drawing)],
    experiences: usize,
) -> Option<Figure> {
    if drawings.is_empty() {
        return None;
    }
    let extent = extent(drawings.iter().map(|(_, d)| d));
    let share = |at: f64| format!("{:.0}%", 100.0 * at / experiences.max(1) as f64);
    let corner = |i: usize| {
        let (column, row) = ((i % ROW) as f64, (i / ROW) as f64);
        (6.0 + column * (SIDE + 8.0), row * (SIDE + 24.0))
    };
    let body = html! {
        @for (i, (at, drawing)) in drawings.iter().enumerate() {
            @let (x, y) = corner(i);
            text.tick x=(num(x)) y=(num(y + 14.0)) { (share(*at)) ": " (format::plural(drawing.places.len(), "unit")) }
            (panel(look, drawing, extent, (x, y + 20.0)))
        }
    };
    let rows = drawings.iter().flat_map(|(at, d)| {
        d.places
            .iter()
            .map(move |(x, y)| vec![(*at).into(), (*x).into(), (*y).into()])
    });
    let data = Data {
        columns: vec!["position", "x", "y"],
        rows: rows.collect(),
    };
    let said: Vec<String> = drawings
        .iter()
        .map(|(at, d)| {
            let (units, edges) = (
                format::plural(d.places.len(), "unit"),
                format::plural(d.edges.len(), "edge"),
            );
            format!("after {} of the stream {units} joined by {edges}", share(*at))
        })
        .collect();
    let height = drawings.len().div_ceil(ROW) as f64 * (SIDE + 24.0) + 4.0;
    let sheet = Sheet {
        description: format!("Over the last signals: {}.", said.join("; ")),
        ..sheet
    };
    Some(sheet.figure(height, None, &body, data))
}

fn panel(look: &Look, drawing: &Drawing, ((left, low), side): Extent, (x0, y0): (f64, f64)) -> Markup {
    let at = |(x, y): (f64, f64)| (x0 + (x - left) / side * SIDE, y0 + SIDE - (y - low) / side * SIDE);
    let dots = |points: &[(f64, f64)]| {
        // Strokes of no length, each relative to the one before, in half units.
        let mut path = String::new();
        let mut last = (0, 0);
        for (i, point) in points.iter().enumerate() {
            let (x, y) = at(*point);
            let here = ((2.0 * x).round() as i64, (2.0 * y).round() as i64);
            let half = |v: i64| {
                if v % 2 == 0 {
                    (v / 2).to_string()
                } else {
                    format!("{:.1}", v as f64 / 2.0)
                }
            };
            let step = (here.0 - last.0, here.1 - last.1);
            let space = if step.1 < 0 { "" } else { " " };
            let _ = write!(
                path,
                "{}{}{space}{}h0",
                if i == 0 { "M" } else { "m" },
                half(step.0),
                half(step.1)
            );
            last = here;
        }
        path
    };
    let mut edges = String::new();
    for (a, b) in &drawing.edges {
        let ((ax, ay), (bx, by)) = (at(drawing.places[*a]), at(drawing.places[*b]));
        edges.push_str(&super::path([(ax, ay), (bx, by)].into_iter()));
    }
    html! {
        path.signals d=(dots(&drawing.signals)) {}
        g class=(look.class) {
            path.edges d=(edges) {}
            path.units d=(dots(&drawing.places)) {}
        }
    }
}

/// Prototypes as images, in rows.
pub(crate) fn prototypes(sheet: Sheet<'_>, images: &[Image]) -> Option<Figure> {
    const EDGE: f64 = 48.0;
    const GAP: f64 = 4.0;
    let first = images.first()?;
    let (width, height) = (first.width, first.greys.len() / first.width);
    let alike: Vec<&Image> = images
        .iter()
        .filter(|i| i.width == width && i.greys.len() == first.greys.len())
        .collect();
    let in_row = ((WIDTH + GAP) / (EDGE + GAP)) as usize;
    // One picture of all: side by side with a gap, in white.
    let gap = ((width as f64 * GAP / EDGE).round() as usize).max(1);
    let (columns, lines) = (in_row.min(alike.len()), alike.len().div_ceil(in_row));
    let wide = columns * (width + gap) - gap;
    let tall = lines * (height + gap) - gap;
    let mut greys = vec![15_u8; wide * tall];
    for (i, image) in alike.iter().enumerate() {
        let (left, top) = ((i % in_row) * (width + gap), (i / in_row) * (height + gap));
        for (k, grey) in image.greys.iter().enumerate() {
            greys[(top + k / width) * wide + left + k % width] = *grey;
        }
    }
    let scale = EDGE / width as f64;
    let (across, down) = (wide as f64 * scale, tall as f64 * scale);
    let body = html! { image.pixels width=(num(across)) height=(num(down)) href=(super::png::address(wide, &greys)) {} };
    let rows = images.iter().enumerate().flat_map(|(i, image)| {
        let pixel = move |(k, grey): (usize, &u8)| {
            vec![
                (i as f64).into(),
                ((k / image.width) as f64).into(),
                ((k % image.width) as f64).into(),
                f64::from(*grey).into(),
            ]
        };
        image.greys.iter().enumerate().map(pixel)
    });
    let data = Data {
        columns: vec!["prototype", "row", "column", "grey"],
        rows: rows.collect(),
    };
    let sheet = Sheet {
        description: format!("{} as images.", format::plural(images.len(), "prototype")),
        ..sheet
    };
    Some(sheet.figure(down + 2.0, None, &body, data))
}

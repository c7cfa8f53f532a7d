//! Small charts as inline SVG. Colours are CSS variables, so that a chart follows the page from light to dark; text sizes are
//! in the chart's own units, so charts are drawn near the width at which they are read.

use maud::{Markup, html};
use std::fmt::Write as _;

mod errors;
mod lines;
mod map;
mod named;
mod overview;
mod quantity;
mod ranks;
mod strip;
mod survival;
mod whisker;

pub(crate) use errors::{errors, lives};
pub(crate) use lines::{Lines, accuracy, layer_list, layers, parameters};
pub(crate) use map::{extent, map, prototype};
pub(crate) use named::named;
pub(crate) use overview::{Curve, overview};
pub(crate) use quantity::quantity;
pub(crate) use ranks::{Ranked, ranks};
pub(crate) use strip::strip;
pub(crate) use survival::survival;
pub(crate) use whisker::{Range, whisker};

/// The root element of a chart, with a name and a description for screen readers.
fn svg(id: &str, size: (f64, f64), title: &str, description: &str, body: &Markup) -> Markup {
    let (width, height) = size;
    let labels = format!("{id}-t {id}-d");
    html! {
        svg.chart viewBox=(format!("0 0 {width:.0} {height:.0}")) role="img" aria-labelledby=(labels) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            (body)
        }
    }
}

/// A drawing area with its scales; y points upwards.
#[derive(Clone, Copy, Debug)]
struct Area {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Area {
    fn px(&self, x: f64) -> f64 {
        self.left + share(x, self.x) * (self.right - self.left)
    }

    /// Clamped: an interval that leaves the scale ends at the frame.
    fn py(&self, y: f64) -> f64 {
        self.bottom - share(y, self.y).clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// A path through the points.
    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (i, (x, y)) in points.enumerate() {
            let _ = write!(
                path,
                "{}{:.1} {:.1}",
                if i == 0 { "M" } else { "L" },
                self.px(x),
                self.py(y)
            );
        }
        path
    }

    /// Horizontal grid lines with their numbers.
    fn rules(&self, ticks: &[f64], label: impl Fn(f64) -> String) -> Markup {
        html! {
            @for &tick in ticks {
                line.rule x1=(num(self.left)) x2=(num(self.right)) y1=(num(self.py(tick))) y2=(num(self.py(tick))) {}
                text.tick x=(num(self.left - 6.0)) y=(num(self.py(tick) + 3.5)) text-anchor="end" { (label(tick)) }
            }
        }
    }

    /// The boundaries between experiences, and their numbers below.
    fn experiences(&self, n: usize) -> Markup {
        let every = n.div_ceil(10).max(1);
        html! {
            @for i in 0..n {
                @if i > 0 {
                    line.boundary x1=(num(self.px(i as f64))) x2=(num(self.px(i as f64)))
                        y1=(num(self.top)) y2=(num(self.bottom)) {}
                }
                @if i % every == 0 {
                    text.tick x=(num(self.px(i as f64 + 0.5))) y=(num(self.bottom + 14.0)) text-anchor="middle" {
                        (i + 1)
                    }
                }
            }
        }
    }
}

fn share(v: f64, (low, high): (f64, f64)) -> f64 {
    if high > low { (v - low) / (high - low) } else { 0.5 }
}

/// A coordinate, to one decimal.
fn num(v: f64) -> String {
    format!("{v:.1}")
}

/// Round numbers across a range: about `wanted` of them, at steps of 1, 2 or 5 times a power of ten.
fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return vec![low];
    }
    let rough = span / wanted.max(1) as f64;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|m| m * power >= rough * 0.999)
        .unwrap_or(10.0)
        * power;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

#[cfg(test)]
mod tests;

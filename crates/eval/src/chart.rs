//! Charts as SVG. Colours are CSS classes, so that a drawing follows the page from light to dark. All are drawn at one width, at which
//! their text is read on a desk and, at two thirds, on a phone.

use crate::figure::{Axis, Data, Figure};
use maud::{Markup, html};

mod intervals;
mod label;
mod legend;
mod lines;
mod map;
mod path;
mod png;
mod ranks;
mod scale;
mod scatter;
mod strip;
mod survival;
mod timeline;
pub(crate) use intervals::{Intervals, Row, intervals};
pub(crate) use lines::{Curve, Level, Lines, lines, stream_axis};
pub(crate) use map::{moments, prototypes};
use path::path;
pub(crate) use ranks::{Ranked, ranks};
pub(crate) use scale::Scale;
pub(crate) use scatter::{Spot, scatter};
pub(crate) use strip::{Runs, strip};
pub(crate) use survival::survival;
pub(crate) use timeline::{decisions, timeline};

/// The width of every chart, in its own units.
pub(crate) const WIDTH: f64 = 520.0;
/// Numbers on a vertical axis, about.
const TICKS: usize = 5;
/// The width of a digit in a wide font.
const DIGIT: f64 = 7.7;

/// A chart under construction.
pub(crate) struct Sheet<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: String,
    pub(crate) caption: String,
    /// The drawn numbers in words, for screen readers.
    pub(crate) description: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
}

impl Sheet<'_> {
    /// The chart with its drawing, whose height is given.
    fn figure(self, height: f64, frame: Option<&Frame>, body: &Markup, data: Data) -> Figure {
        let id = self.id;
        let labels = format!("{id}-t {id}-d");
        let scales = frame.map(|f| (f.x.attribute(f.left, f.right), f.y.attribute(f.bottom, f.top)));
        let (x, y) = scales.map_or((None, None), |(x, y)| (Some(x), Some(y)));
        let svg = html! {
            svg.chart viewBox=(format!("0 0 {WIDTH:.0} {height:.0}")) role="img" aria-labelledby=(labels) data-x=[x] data-y=[y] {
                title id=(format!("{id}-t")) { (self.title) }
                desc id=(format!("{id}-d")) { (self.description) }
                (body)
            }
        };
        Figure {
            id: id.to_owned(),
            title: self.title,
            caption: self.caption,
            x: self.x,
            y: self.y,
            svg: svg.into_string(),
            data,
        }
    }
}

/// A drawing area with its scales; y points upwards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
}

impl Frame {
    /// A frame of this height with room for the numbers and titles of its axes.
    pub(crate) fn new(height: f64, x: Scale, y: Scale) -> Self {
        let numbers = y.ticks(TICKS).into_iter().map(|(_, label)| label.chars().count());
        Self {
            left: (26.0 + DIGIT * numbers.max().unwrap_or(0) as f64).max(68.0),
            right: WIDTH - 12.0,
            top: 10.0,
            bottom: 10.0 + height,
            x,
            y,
        }
    }

    pub(crate) fn px(&self, x: f64) -> f64 {
        self.left + self.x.share(x) * (self.right - self.left)
    }

    /// Clamped: an interval that leaves the scale ends at the frame.
    pub(crate) fn py(&self, y: f64) -> f64 {
        self.bottom - self.y.share(y).clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// A path through the points.
    pub(crate) fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        path(points.map(|(x, y)| (self.px(x), self.py(y))))
    }

    /// Horizontal grid lines with their numbers, and the title of the axis.
    pub(crate) fn rules(&self, axis: &Axis) -> Markup {
        let middle = f64::midpoint(self.top, self.bottom);
        html! {
            @for (at, label) in self.y.ticks(TICKS) {
                @let y = self.py(at);
                path.rule d=(format!("M{} {y:.1}H{}", self.left, self.right)) {}
                text.tick x=(num(self.left - 6.0)) y=(num(y + 4.0)) text-anchor="end" { (label) }
            }
            text.axis-title transform=(format!("rotate(-90 12 {middle:.0})")) x="12" y=(num(middle)) text-anchor="middle" { (axis.label()) }
        }
    }

    /// Numbers below, with vertical grid lines, and the title of the axis.
    pub(crate) fn columns(&self, axis: &Axis) -> Markup {
        html! {
            @for (at, label) in self.sparse() {
                @let x = self.px(at);
                path.rule d=(format!("M{x:.1} {}V{}", self.top, self.bottom)) {}
                text.tick x=(num(x.min(WIDTH - 3.5 * label.chars().count() as f64))) y=(num(self.bottom + 15.0)) text-anchor="middle" { (label) }
            }
            (self.below(axis))
        }
    }

    /// Numbers below the axis, as many as stand apart.
    fn sparse(&self) -> Vec<(f64, String)> {
        let apart = |ticks: &[(f64, String)]| {
            ticks.windows(2).all(|pair| {
                let letters = pair[0].1.chars().count() + pair[1].1.chars().count();
                self.px(pair[1].0) - self.px(pair[0].0) > DIGIT * letters as f64 / 2.0 + 6.0
            })
        };
        let tried = [6, 4, 3].map(|wanted| self.x.ticks(wanted));
        let fits = tried.iter().find(|ticks| apart(ticks)).cloned();
        fits.unwrap_or_else(|| self.x.ticks(2))
    }

    /// The boundaries between experiences, their numbers and the title of the axis.
    pub(crate) fn experiences(&self, axis: &Axis) -> Markup {
        let n = self.x.high.round().max(1.0) as usize;
        let every = n.div_ceil(10).max(1);
        let boundaries: String = (1..n)
            .filter(|i| n <= 60 || i % every == 0)
            .map(|i| format!("M{:.1} {}V{}", self.px(i as f64), self.top, self.bottom))
            .collect();
        html! {
            @if !boundaries.is_empty() { path.boundary d=(boundaries) {} }
            @for i in (0..n).step_by(every) {
                text.tick x=(num(self.px(i as f64 + 0.5))) y=(num(self.bottom + 15.0)) text-anchor="middle" { (i + 1) }
            }
            (self.below(axis))
        }
    }

    fn below(&self, axis: &Axis) -> Markup {
        html! {
            path.axis d=(format!("M{} {}H{}", self.left, self.bottom, self.right)) {}
            text.axis-title x=(num(f64::midpoint(self.left, self.right))) y=(num(self.bottom + 31.0)) text-anchor="middle" { (axis.label()) }
        }
    }

    /// The height at which things below the axis begin.
    pub(crate) fn end(&self) -> f64 {
        self.bottom + 38.0
    }
}

/// A coordinate, to one decimal.
pub(crate) fn num(v: f64) -> String {
    let text = format!("{v:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A text of at most so many letters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.chars().count() {
        n if n <= most => text.into(),
        _ => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

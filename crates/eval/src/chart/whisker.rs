//! A mean with its interval on a scale that the rows of a table share.

use super::{Area, num};
use crate::statistics::Estimate;
use maud::{Markup, html};

/// The shared scale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) x: (f64, f64),
    /// The control's mean.
    pub(crate) control: Option<f64>,
}

impl Range {
    /// Returns whether a value is on the scale.
    pub(crate) fn holds(&self, v: f64) -> bool {
        (self.x.0..=self.x.1).contains(&v)
    }

    /// A range around all means and intervals, a little wider.
    pub(crate) fn around(estimates: &[&Estimate], control: Option<f64>) -> Option<Self> {
        let ends = estimates.iter().flat_map(|e| {
            let (low, high) = e.interval().unwrap_or((e.mean, e.mean));
            [low, high]
        });
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
            (a.min(v), b.max(v))
        });
        let room = (high - low) * 0.05;
        (low <= high).then_some(Self {
            x: (low - room, high + room),
            control,
        })
    }
}

/// The drawing; the numbers stand beside it, so it is hidden from screen readers.
pub(crate) fn whisker(range: &Range, estimate: &Estimate, class: &str) -> Markup {
    let area = Area {
        left: 4.0,
        right: 136.0,
        top: 0.0,
        bottom: 18.0,
        x: range.x,
        y: (0.0, 1.0),
    };
    let (low, high) = estimate.interval().unwrap_or((estimate.mean, estimate.mean));
    html! {
        svg.whisker viewBox="0 0 140 18" width="140" height="18" aria-hidden="true" {
            @if let Some(control) = range.control {
                line.at-control x1=(num(area.px(control))) x2=(num(area.px(control))) y1="0" y2="18" {}
            }
            g class=(class) {
                line.line x1=(num(area.px(low))) x2=(num(area.px(high))) y1="9" y2="9" {}
                circle.dot cx=(num(area.px(estimate.mean))) cy="9" r="3.5" {}
            }
        }
    }
}

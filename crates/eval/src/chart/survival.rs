//! Survival of a method's new units: the more active half as a solid line, the less active half dashed, and below the number of
//! each that is still at risk.

use super::{Area, num, svg, ticks};
use crate::format;
use crate::lives::Survival;
use crate::survival::SurvivalCurve;
use maud::{Markup, html};

/// The chart; `longest` is the end of the time axis.
pub(crate) fn survival(id: &str, title: &str, longest: f64, survival: &Survival) -> Markup {
    let (width, height) = (340.0, 196.0);
    let area = Area {
        left: 54.0,
        right: 282.0,
        top: 12.0,
        bottom: height - 66.0,
        x: (0.0, longest.max(1.0)),
        y: (0.0, 1.0),
    };
    let halves = survival.halves();
    let times = ticks(0.0, area.x.1, 4);
    let end = |curve: &SurvivalCurve| curve.at(curve.longest());
    let apart = (area.py(end(halves[0].1)) - area.py(end(halves[1].1))).abs() > 11.0;
    let body = html! {
        (area.rules(&[0.0, 0.25, 0.5, 0.75, 1.0], |t| format!("{:.0}", t * 100.0)))
        @for &time in &times {
            text.tick x=(num(area.px(time))) y=(num(area.bottom + 14.0)) text-anchor="middle" { (format::count(time)) }
        }
        text.tick x=(num(area.left - 16.0)) y=(num(area.bottom + 30.0)) text-anchor="end" { "at risk" }
        @for (k, (name, curve)) in halves.into_iter().enumerate() {
            @let below = area.bottom + 44.0 + 14.0 * k as f64;
            text.tick x=(num(area.left - 16.0)) y=(num(below)) text-anchor="end" { (name) }
            @for &time in &times {
                text.tick x=(num(area.px(time))) y=(num(below)) text-anchor="middle" { (curve.at_risk(time)) }
            }
            @if !curve.is_empty() {
                path class=(if k == 0 { "line" } else { "line dashed" }) d=(area.path(corners(curve).into_iter())) {}
                @let place = area.py(end(curve)) + if apart { 3.5 } else { 11.0 * k as f64 - 2.0 };
                text.end x=(num(area.px(curve.longest()).max(area.left + 20.0) + 4.0)) y=(num(place)) {
                    (format!("{:.0}% {name}", 100.0 * end(curve)))
                }
            }
        }
    };
    let said = |(name, curve): (&str, &SurvivalCurve)| {
        let (died, all, end) = (curve.died(), curve.len(), 100.0 * end(curve));
        format!("{name} activity, {died} of {all} died, {end:.1}% survive at the end of the curve")
    };
    let description = format!("{}.", halves.map(said).join("; "));
    svg(id, (width, height), title, &description, &body)
}

/// A curve as a polygon: constant until the next death.
fn corners(curve: &SurvivalCurve) -> Vec<(f64, f64)> {
    let mut corners = vec![(0.0, 1.0)];
    let mut level = 1.0;
    for step in curve.steps() {
        if step.died > 0 {
            corners.push((step.time, level));
            level = step.survival;
            corners.push((step.time, level));
        }
    }
    corners.push((curve.longest(), level));
    corners
}

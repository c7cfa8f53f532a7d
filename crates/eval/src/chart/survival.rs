//! Survival of a method's new units: the more active half as a solid line, the less active half dashed, and below the number of
//! each that is still at risk.

use super::{Frame, Scale, Sheet, num};
use crate::figure::{Data, Figure};
use crate::lives::Survival;
use crate::look::Look;
use crate::survival::SurvivalCurve;
use maud::html;

/// The chart; `longest` is the end of the time axis.
pub(crate) fn survival(sheet: Sheet<'_>, look: &Look, longest: f64, survival: &Survival) -> Figure {
    let frame = Frame::new(
        150.0,
        Scale::linear(0.0, longest.max(1.0)),
        Scale::linear(0.0, 100.0),
    );
    let halves = survival.halves();
    let times = frame.x.ticks(5);
    let end = |curve: &SurvivalCurve| 100.0 * curve.at(curve.longest());
    let apart = (frame.py(end(halves[0].1)) - frame.py(end(halves[1].1))).abs() > 13.0;
    let body = html! {
        (frame.rules(&sheet.y))
        (frame.columns(&sheet.x))
        text.tick x=(num(frame.left - 16.0)) y=(num(frame.end() + 12.0)) text-anchor="end" { "at risk" }
        g class=(look.class) {
            @for (k, (name, curve)) in halves.into_iter().enumerate() {
                @let below = frame.end() + 12.0 + 15.0 * (k + 1) as f64;
                text.tick x=(num(frame.left - 16.0)) y=(num(below)) text-anchor="end" { (name) }
                @for (time, _) in &times {
                    text.tick x=(num(frame.px(*time))) y=(num(below)) text-anchor="middle" { (curve.at_risk(*time)) }
                }
                @if !curve.is_empty() {
                    path class=(if k == 0 { "line solid" } else { "line dashed" }) d=(frame.path(corners(curve).into_iter())) data-t=(name) {}
                    @let place = frame.py(end(curve)) + if apart { -4.0 } else { 13.0 * k as f64 - 4.0 };
                    text.name x=(num(frame.right)) y=(num(place)) text-anchor="end" { (format!("{:.0}% {name} activity", end(curve))) }
                }
            }
        }
    };
    let said = |(name, curve): (&str, &SurvivalCurve)| {
        let (died, all, end) = (curve.died(), curve.len(), end(curve));
        format!("{name} activity, {died} of {all} died, {end:.1}% survive at the end of the curve")
    };
    let rows = halves.into_iter().flat_map(|(name, curve)| {
        curve.steps().iter().map(move |s| {
            vec![
                name.into(),
                s.time.into(),
                (100.0 * s.survival).into(),
                (s.at_risk as f64).into(),
                (s.died as f64).into(),
            ]
        })
    });
    let data = Data {
        columns: vec!["activity", "time", "survival", "at_risk", "died"],
        rows: rows.collect(),
    };
    let height = frame.end() + 12.0 + 15.0 * 2.0 + 8.0;
    let sheet = Sheet {
        description: format!("{}.", halves.map(said).join("; ")),
        ..sheet
    };
    sheet.figure(height, Some(&frame), &body, data)
}

/// A curve as a polygon in percent: constant until the next death.
fn corners(curve: &SurvivalCurve) -> Vec<(f64, f64)> {
    let mut corners = vec![(0.0, 100.0)];
    let mut level = 100.0;
    for step in curve.steps().iter().filter(|step| step.died > 0) {
        corners.push((step.time, level));
        level = 100.0 * step.survival;
        corners.push((step.time, level));
    }
    corners.push((curve.longest(), level));
    corners
}

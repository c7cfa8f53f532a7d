//! Survival of a method's new units: the more active half as a solid line, the less active half dashed, with their shares at the end, and below the number of
//! each that is still at risk.

use super::{Frame, Scale, Sheet, WIDTH, num};
use crate::figure::{Data, Figure};
use crate::lives::Survival;
use crate::look::Look;
use crate::survival::SurvivalCurve;
use maud::html;

/// The halves as the chart names them.
const HALVES: [&str; 2] = ["more active", "less active"];

/// The chart; `longest` is the end of the time axis.
pub(crate) fn survival(sheet: Sheet<'_>, look: &Look, longest: f64, survival: &Survival) -> Figure {
    let frame = Frame {
        left: 120.0,
        // The shares at the end stand beside the drawing.
        right: WIDTH - 52.0,
        ..Frame::new(
            150.0,
            Scale::linear(0.0, longest.max(1.0)),
            Scale::linear(0.0, 100.0),
        )
    };
    let halves = survival.halves();
    let times = frame.x.ticks(5);
    let end = |curve: &SurvivalCurve| 100.0 * curve.at(curve.longest());
    let shares = halves.map(|(_, curve)| format!("{:.0}%", end(curve)));
    let heights = halves.map(|(_, curve)| frame.py(end(curve)));
    // One text stands for both halves where it is the same.
    let places = match shares[0] == shares[1] {
        true => heights,
        false => beside(heights),
    };
    let samples = frame.end() + 12.0 + 15.0 * 3.0 + 6.0;
    let body = html! {
        (frame.rules(&sheet.y))
        (frame.columns(&sheet.x))
        text.tick x=(num(frame.left - 24.0)) y=(num(frame.end() + 12.0)) text-anchor="end" { "at risk" }
        g class=(look.class) {
            @for (k, (_, curve)) in halves.into_iter().enumerate() {
                @let name = HALVES[k];
                @let below = frame.end() + 12.0 + 15.0 * (k + 1) as f64;
                text.tick x=(num(frame.left - 24.0)) y=(num(below)) text-anchor="end" { (name) }
                @for (time, _) in &times {
                    text.tick x=(num(frame.px(*time))) y=(num(below)) text-anchor="middle" { (curve.at_risk(*time)) }
                }
                @if !curve.is_empty() {
                    path class=(if k == 0 { "line solid" } else { "line dashed" }) d=(frame.path(corners(curve).into_iter())) data-t=(name) {}
                    @if k == 0 || shares[0] != shares[1] {
                        text.name x=(num(frame.right + 6.0)) y=(num(places[k] + 4.0)) { (shares[k]) }
                    }
                    @let x = frame.left + 170.0 * k as f64;
                    path class=(if k == 0 { "line solid" } else { "line dashed" }) d=(format!("M{x:.0} {:.1}h24", samples - 4.0)) {}
                    text.name x=(num(x + 30.0)) y=(num(samples)) { (name) " half" }
                }
            }
        }
    };
    let said = |(name, curve): (&str, &SurvivalCurve)| {
        let (died, all, end) = (curve.died(), curve.len(), end(curve));
        let half = HALVES[usize::from(name != halves[0].0)];
        format!("{half} half, {died} of {all} died, {end:.1}% survive at the end of the curve")
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
    let height = samples + 8.0;
    let sheet = Sheet {
        description: format!("{}.", halves.map(said).join("; ")),
        ..sheet
    };
    sheet.figure(height, Some(&frame), &body, data)
}

/// The heights of two texts beside the ends of their curves, apart from each other.
fn beside([one, other]: [f64; 2]) -> [f64; 2] {
    const APART: f64 = 14.0;
    let near = (one - other).abs();
    if near >= APART {
        return [one, other];
    }
    let push = (APART - near) / 2.0;
    if one < other {
        [one - push, other + push]
    } else {
        [one + push, other - push]
    }
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

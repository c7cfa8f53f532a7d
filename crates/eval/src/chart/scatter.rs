//! A result against its cost, one mark for each method, with the methods that none betters in both joined by steps.

use super::legend::{Key, legend, mark};
use super::{Frame, Scale, Sheet};
use crate::figure::{Data, Figure};
use crate::format;
use crate::look::Look;
use crate::statistics::Estimate;
use maud::html;

/// A method.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) title: String,
    pub(crate) look: Look,
    pub(crate) cost: Estimate,
    pub(crate) result: Estimate,
    /// True if no competing method is at least as good and at most as costly, and differs.
    pub(crate) front: bool,
}

/// The chart; `None` for fewer than two methods.
pub(crate) fn scatter(sheet: Sheet<'_>, spots: &[Spot], possible: (f64, f64)) -> Option<Figure> {
    if spots.len() < 2 {
        return None;
    }
    let ends = |e: &Estimate| {
        let (low, high) = e.interval().unwrap_or((e.mean, e.mean));
        (low.max(possible.0), high.min(possible.1))
    };
    let costs: Vec<f64> = spots.iter().map(|s| s.cost.mean).collect();
    let x = Scale::wide(costs.iter().copied(), 8.0)?;
    let y = Scale::around(spots.iter().flat_map(|s| [ends(&s.result).0, ends(&s.result).1]))?;
    let y = Scale {
        low: y.low.max(possible.0),
        high: y.high.min(possible.1),
        ..y
    };
    let frame = Frame::new(200.0, x, y);
    let mut front: Vec<&Spot> = spots.iter().filter(|s| s.front).collect();
    front.sort_by(|a, b| a.cost.mean.total_cmp(&b.cost.mean));
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for spot in &front {
        if let Some((_, before)) = steps.last().copied() {
            steps.push((spot.cost.mean, before));
        }
        steps.push((spot.cost.mean, spot.result.mean));
    }
    let keys: Vec<Key> = spots
        .iter()
        .map(|s| Key {
            title: s.title.clone(),
            look: s.look.clone(),
        })
        .collect();
    let (below, height) = legend(&keys, frame.end());
    let said = |s: &Spot| {
        let front = if s.front { ", on the front" } else { "" };
        format!(
            "{}: {} at {}{front}",
            s.title,
            format::significant(s.result.mean),
            format::axis(s.cost.mean)
        )
    };
    let body = html! {
        (frame.rules(&sheet.y))
        (frame.columns(&sheet.x))
        @if steps.len() > 1 { path.front d=(frame.path(steps.into_iter())) { title { "Pareto front" } } }
        @for s in spots {
            @let (x, y) = (frame.px(s.cost.mean), frame.py(s.result.mean));
            @let (low, high) = ends(&s.result);
            g class=(s.look.class) {
                @if high > low { path.thin d=(format!("M{x:.1} {:.1}V{:.1}", frame.py(low), frame.py(high))) {} }
                @if s.front { circle.ring cx=(super::num(x)) cy=(super::num(y)) r="8" {} }
                g { title { (said(s)) } (mark(&s.look, x, y, 4.6)) }
            }
        }
        (below)
    };
    let data = Data {
        columns: vec!["method", "cost", "mean", "low", "high", "on_front"],
        rows: spots
            .iter()
            .map(|s| {
                let interval = s.result.interval();
                vec![
                    s.title.as_str().into(),
                    s.cost.mean.into(),
                    s.result.mean.into(),
                    interval.map(|i| i.0).into(),
                    interval.map(|i| i.1).into(),
                    if s.front { "yes" } else { "no" }.into(),
                ]
            })
            .collect(),
    };
    let all: Vec<String> = spots.iter().map(said).collect();
    let sheet = Sheet {
        description: format!("{}.", all.join("; ")),
        ..sheet
    };
    Some(sheet.figure(height, Some(&frame), &body, data))
}

//! The curves of one run over its updates.

use crate::chart::{Curve, Lines, Scale, Sheet, lines};
use crate::figure::{Axis, Figure};
use crate::log::Entry;
use crate::look::Look;
use crate::trajectory::Point;
use dentate_core::record::metric;
use std::collections::BTreeMap;

/// The most points of a curve.
const RESOLUTION: usize = 300;
/// The most layers that have curves of their own.
const MOST_LAYERS: usize = 8;

/// All figures that the records give.
pub(super) fn figures(log: &[Entry]) -> Vec<Figure> {
    let all = [
        loss(log),
        accuracy(log),
        errors(log),
        layers(log),
        parameters(log),
    ];
    all.into_iter().flatten().collect()
}

fn point(x: u64, value: f64) -> Point {
    Point {
        x: x as f64,
        mean: value,
        low: value,
        high: value,
    }
}

fn series(log: &[Entry], name: &str) -> Vec<Point> {
    let own = log.iter().filter(|e| e.record.metric == name);
    own.map(|e| point(e.record.step, e.record.value)).collect()
}

fn curve(place: usize, title: &str, points: Vec<Point>) -> Curve {
    Curve {
        title: title.into(),
        look: Look::nth(place),
        points,
    }
}

fn drawn(
    id: &str,
    title: &str,
    caption: &str,
    y: Axis,
    factor: f64,
    scale: Option<Scale>,
    curves: Vec<Curve>,
) -> Option<Figure> {
    let last = curves.iter().filter_map(|c| {
        let value = c.points.last()?.mean * factor;
        Some(format!("{} {}", c.title, crate::format::significant(value)))
    });
    let last: Vec<String> = last.collect();
    let sheet = Sheet {
        id,
        title: title.into(),
        caption: caption.into(),
        description: format!("Last values: {}.", last.join(", ")),
        x: Axis::new("Updates", ""),
        y,
    };
    let content = Lines {
        curves,
        levels: Vec::new(),
        experiences: None,
        factor,
        y: scale,
        resolution: RESOLUTION,
    };
    lines(sheet, &content)
}

fn loss(log: &[Entry]) -> Option<Figure> {
    let points = series(log, metric::LOSS);
    let caption = "Mean training loss since the record before.";
    drawn(
        "loss",
        "Loss",
        caption,
        Axis::new("Loss", ""),
        1.0,
        None,
        vec![curve(0, "Loss", points)],
    )
}

/// The mean accuracy on the tasks seen so far: where it was measured along the stream, else at the ends of experiences.
fn accuracy(log: &[Entry]) -> Option<Figure> {
    let mut points = series(log, metric::STREAM_ACCURACY);
    if points.is_empty() {
        points = seen(log, metric::ACCURACY);
    }
    let caption = "Mean accuracy on the tasks seen so far.";
    let axis = Axis::new("Accuracy", "%");
    drawn(
        "accuracy",
        "Accuracy",
        caption,
        axis,
        100.0,
        None,
        vec![curve(0, "Accuracy", points)],
    )
}

/// The same of errors, where there is no accuracy.
fn errors(log: &[Entry]) -> Option<Figure> {
    let all = [
        (metric::SQUARED_ERROR, "Squared error"),
        (metric::QUANTIZATION_ERROR, "Quantization error"),
        (metric::SIGNAL_ERROR, "Quantization error of signals"),
    ];
    let (name, title) = all
        .into_iter()
        .find(|(name, _)| log.iter().any(|e| e.record.metric == *name))?;
    let points = if name == metric::SIGNAL_ERROR {
        series(log, name)
    } else {
        seen(log, name)
    };
    drawn(
        "error",
        title,
        title,
        Axis::new(title, ""),
        1.0,
        None,
        vec![curve(0, title, points)],
    )
}

/// The mean after each experience over the tasks up to it.
fn seen(log: &[Entry], name: &str) -> Vec<Point> {
    let mut ends: BTreeMap<u32, (u64, f64, usize)> = BTreeMap::new();
    for entry in log.iter().filter(|e| e.record.metric == name) {
        let record = &entry.record;
        if record.task.is_none_or(|task| task <= record.experience) {
            let (step, sum, count) = ends.entry(record.experience).or_default();
            (*step, *sum, *count) = (record.step, *sum + record.value, *count + 1);
        }
    }
    let mean = |&(step, sum, count): &(u64, f64, usize)| point(step, sum / count as f64);
    ends.values().map(mean).collect()
}

/// The units of each layer. A layer holds its width until it changes.
fn layers(log: &[Entry]) -> Option<Figure> {
    let mut all: Vec<(&str, Vec<Point>)> = Vec::new();
    for entry in log.iter().filter(|e| e.record.metric == metric::UNITS) {
        let name = entry.record.item.as_deref().unwrap_or_default();
        let own = match all.iter().position(|(known, _)| *known == name) {
            Some(place) => &mut all[place].1,
            None => {
                all.push((name, Vec::new()));
                let last = all.len() - 1;
                &mut all[last].1
            }
        };
        own.push(point(entry.record.step, entry.record.value));
    }
    // Layers that never change, such as heads, say nothing; of many, those that changed most are drawn.
    all.retain(|(_, points)| points.iter().any(|p| p.mean != points[0].mean) || points[0].x > 0.0);
    let spread = |points: &[Point]| points.iter().map(|p| p.mean).fold(0.0, f64::max) - points[0].mean;
    all.sort_by(|(_, a), (_, b)| spread(b).total_cmp(&spread(a)));
    let left_out = all.len().saturating_sub(MOST_LAYERS);
    all.truncate(MOST_LAYERS);
    let end = log.iter().map(|e| e.record.step).max()?;
    let curves = all
        .iter()
        .enumerate()
        .map(|(i, (name, points))| curve(i, name, held(points, end)));
    let caption = match left_out {
        0 => "Units of the layers that changed.".into(),
        n => format!("Units of the {MOST_LAYERS} layers that grew most; {n} more changed."),
    };
    drawn(
        "units",
        "Units by layer",
        &caption,
        Axis::new("Units", ""),
        1.0,
        None,
        curves.collect(),
    )
}

fn parameters(log: &[Entry]) -> Option<Figure> {
    let points = series(log, metric::PARAMETERS);
    let end = log.iter().map(|e| e.record.step).max()?;
    if points.windows(2).all(|pair| pair[0].mean == pair[1].mean) {
        return None;
    }
    let curves = vec![curve(0, "Parameters", held(&points, end))];
    let caption = "Trainable and frozen parameters.";
    drawn(
        "parameters",
        "Parameters",
        caption,
        Axis::new("Parameters", ""),
        1.0,
        None,
        curves,
    )
}

/// The corners of a quantity that holds until it changes.
fn held(points: &[Point], end: u64) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(2 * points.len() + 1);
    for p in points {
        if let Some(last) = corners.last().copied() {
            corners.push(Point { x: p.x, ..last });
        }
        corners.push(*p);
    }
    if let Some(last) = corners.last().copied() {
        corners.push(Point {
            x: end as f64,
            ..last
        });
    }
    corners
}

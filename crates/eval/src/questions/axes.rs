//! Axes of metrics, and estimates in their units.

use crate::chart::Row;
use crate::comparison::StreamComparison;
use crate::figure::Axis;
use crate::format;
use crate::metrics::{Metric, Unit};
use crate::statistics::Estimate;
use crate::tables;

/// The axis of the measure that a stream is ranked by, and the factor to its unit.
pub(super) fn measure(c: &StreamComparison) -> (Axis, f64, (f64, f64)) {
    of_metric(c.metric())
}

/// The axis of a metric, the factor to its unit, and its possible values.
pub(super) fn of_metric(metric: Metric) -> (Axis, f64, (f64, f64)) {
    let title = tables::capital(metric.title());
    match metric.unit() {
        Unit::Percent => (Axis::new(title, "%"), 100.0, (0.0, 100.0)),
        Unit::Points | Unit::Fall => (
            Axis::new(title, "points"),
            100.0,
            (f64::NEG_INFINITY, f64::INFINITY),
        ),
        Unit::Bytes => (Axis::new(title, "bytes"), 1.0, (0.0, f64::INFINITY)),
        _ => (Axis::new(title, ""), 1.0, (f64::NEG_INFINITY, f64::INFINITY)),
    }
}

/// An estimate in another unit.
pub(super) fn times(e: &Estimate, factor: f64) -> Estimate {
    Estimate {
        n: e.n,
        mean: e.mean * factor,
        sd: e.sd.map(|sd| sd * factor),
        // Of two values there is none worth drawing.
        half_width: e.half_width.filter(|_| e.n > 2).map(|half| half * factor),
    }
}

/// Means and intervals in words.
pub(super) fn described(rows: &[Row]) -> String {
    let said: Vec<String> = rows
        .iter()
        .map(|row| {
            let mean = format::significant(row.estimate.mean);
            match row.estimate.half_width {
                Some(half) => format!("{} {mean} ± {}", row.title, format::significant(half)),
                None => format!("{} {mean}", row.title),
            }
        })
        .collect();
    format!("{}.", said.join(", "))
}

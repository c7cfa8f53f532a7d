//! The cost of the leader, beside the control's.

use super::title;
use crate::comparison::{MethodRow, Role, StreamComparison};
use crate::format::{self, list};
use crate::metrics::Metric;
use crate::statistics::median;
use crate::suite::Suite;

/// Ratios nearer to 1 than this are not said.
const ALIKE: f64 = 0.05;
/// Times are noisier.
const TIMES_ALIKE: f64 = 0.25;

/// The cost of the leader as multiples of the control's, where they differ.
pub(super) fn price(suite: &Suite, c: &StreamComparison, leader: &MethodRow) -> Option<String> {
    let control = c.control().filter(|_| leader.role != Role::Control)?;
    let mut said: Vec<String> = Vec::new();
    let costs = [
        (
            Metric::PARAMETERS,
            "parameters",
            format::count as fn(f64) -> String,
        ),
        (Metric::MEMORY, "memory held for learning", |v| {
            format!("{}B", spaced(v))
        }),
        (Metric::COMPUTE, "multiply-adds", format::operations),
    ];
    for (metric, words, write) in costs {
        let of = |row: &MethodRow| Some(row.estimates.get(&metric)?.mean);
        if let (Some(own), Some(other)) = (of(leader), of(control))
            && let Some(times) = times(own, other, ALIKE)
        {
            said.push(format!(
                "{times} times the {words} ({} against {})",
                write(own),
                write(other)
            ));
        }
    }
    let seconds = |row: &MethodRow| {
        let all: Vec<f64> = row
            .runs
            .iter()
            .filter_map(|run| suite.runs[*run].entry.seconds)
            .collect();
        median(&all)
    };
    if let (Some(own), Some(other)) = (seconds(leader), seconds(control))
        && let Some(times) = times(own, other, TIMES_ALIKE)
    {
        said.push(format!("{times} times the time"));
    }
    if said.is_empty() {
        return Some(format!(
            "{} costs about as much as the control.",
            title(suite, leader)
        ));
    }
    Some(format!(
        "Beside the control, {} takes {}.",
        title(suite, leader),
        list(&said)
    ))
}

/// `12.3 k` and `12 ` before a unit's letter.
fn spaced(v: f64) -> String {
    let text = format::operations(v);
    if text.ends_with(|c: char| c.is_ascii_digit()) {
        format!("{text} ")
    } else {
        text
    }
}

fn times(own: f64, other: f64, alike: f64) -> Option<String> {
    let times = own / other;
    let differs = times.is_finite() && (times - 1.0).abs() >= alike;
    differs.then(|| {
        if times < 0.1 {
            format!("{times:.2}")
        } else {
            format!("{times:.1}")
        }
    })
}

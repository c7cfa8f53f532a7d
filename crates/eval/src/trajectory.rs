//! Quantities along the stream. Runs of a method need not make the same number of updates, so they are aligned on the
//! stream: position `e + f` is a share `f` of the way through experience `e` (from 0).

use crate::frames::{Observation, by_run};
use crate::statistics::Estimate;
use std::collections::BTreeMap;

/// The ends of the experiences of one run, in updates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeAxis {
    ends: Vec<u64>,
}

impl TimeAxis {
    /// The axis from the `updates` records of one run.
    #[must_use]
    pub fn of(updates: &[&Observation]) -> Self {
        let mut ends: Vec<u64> = Vec::new();
        for o in updates {
            let before = ends.last().copied().unwrap_or(0);
            ends.resize(o.experience.max(ends.len()), before);
            ends.truncate(o.experience);
            ends.push((o.value as u64).max(before));
        }
        Self { ends }
    }

    /// The number of experiences.
    #[must_use]
    pub fn experiences(&self) -> usize {
        self.ends.len()
    }

    /// The share of `experience` that is over at `step`, in `[0, 1]`; 1 for an unknown experience.
    #[must_use]
    pub fn share(&self, experience: usize, step: u64) -> f64 {
        let Some(&end) = self.ends.get(experience) else {
            return 1.0;
        };
        let start = experience.checked_sub(1).map_or(0, |before| self.ends[before]);
        if end <= start {
            1.0
        } else {
            (step.saturating_sub(start) as f64 / (end - start) as f64).min(1.0)
        }
    }

    /// The position of `step` in `experience`.
    #[must_use]
    pub fn position(&self, experience: usize, step: u64) -> f64 {
        experience as f64 + self.share(experience, step)
    }
}

/// A point of a curve: the mean over seeds, and the band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Position along the stream.
    pub x: f64,
    /// The mean over seeds.
    pub mean: f64,
    /// The band's lower edge.
    pub low: f64,
    /// The band's upper edge.
    pub high: f64,
}

/// The largest number of points of a curve within an experience, and of a step curve in total.
const RESOLUTION: usize = 100;

/// The mean curve of a quantity that is measured at intervals, with its 95 % interval. Within an experience seeds are
/// interpolated linearly to each other's positions; across a boundary they are not, because the quantity changes its meaning
/// there (it covers one more task).
#[must_use]
pub fn curve(observations: &[Observation], clocks: &BTreeMap<usize, TimeAxis>) -> Vec<Point> {
    let mut experiences: BTreeMap<usize, BTreeMap<usize, Vec<(f64, f64)>>> = BTreeMap::new();
    for o in observations {
        let share = clocks
            .get(&o.run)
            .map_or(1.0, |clock| clock.share(o.experience, o.step));
        experiences
            .entry(o.experience)
            .or_default()
            .entry(o.run)
            .or_default()
            .push((share, o.value));
    }
    let mut points = Vec::new();
    for (experience, runs) in experiences {
        for share in grid(runs.values().flatten().map(|(share, _)| *share)) {
            let values: Vec<f64> = runs.values().map(|run| interpolate(run, share)).collect();
            if let Some(e) = Estimate::of(&values) {
                // The interval of two values is longer than anything that could be read from it.
                let (low, high) = e.interval().filter(|_| e.n > 2).unwrap_or((e.mean, e.mean));
                points.push(Point {
                    x: experience as f64 + share,
                    mean: e.mean,
                    low,
                    high,
                });
            }
        }
    }
    points
}

/// The mean curve of a quantity that holds until it changes, with the range over seeds as its band. `end` is the stream's
/// length in experiences; a run has `before` until its first record.
#[must_use]
pub fn steps(
    observations: &[Observation],
    clocks: &BTreeMap<usize, TimeAxis>,
    end: f64,
    before: Option<f64>,
) -> Vec<Point> {
    let runs: Vec<Vec<(f64, f64)>> = by_run(observations)
        .into_iter()
        .map(|(run, rows)| {
            let at = |o: &Observation| {
                clocks
                    .get(&run)
                    .map_or(o.experience as f64, |clock| clock.position(o.experience, o.step))
            };
            rows.into_iter().map(|o| (at(o), o.value)).collect()
        })
        .collect();
    let ends = [0.0, end];
    let mut points = Vec::new();
    for x in grid(runs.iter().flatten().map(|(x, _)| *x).chain(ends)) {
        let held = |run: &Vec<(f64, f64)>| {
            let first = before.or(run.first().map(|(_, value)| *value));
            let passed = run.partition_point(|(at, _)| *at <= x);
            let last = passed.checked_sub(1).map(|last| run[last].1);
            last.or(first)
        };
        let values: Vec<f64> = runs.iter().filter_map(held).collect();
        if !values.is_empty() {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            points.push(Point { x, mean, low, high });
        }
    }
    points
}

/// The distinct positions, sorted; a regular grid if there are too many to draw.
fn grid(positions: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut positions: Vec<f64> = positions.collect();
    positions.sort_by(f64::total_cmp);
    positions.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    match (positions.first(), positions.last()) {
        (Some(&first), Some(&last)) if positions.len() > RESOLUTION => (0..=RESOLUTION)
            .map(|i| first + (last - first) * i as f64 / RESOLUTION as f64)
            .collect(),
        _ => positions,
    }
}

/// The value at `x` of the polygon through the points (in order of x), constant beyond its ends.
fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at < x);
    match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
        (_, Some(&(at, value))) if at <= x => value,
        (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, value)), None) | (None, Some(&(_, value))) => value,
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests;

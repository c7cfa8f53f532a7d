//! Metrics that a map logs during training: sizes, births and removals, errors of signals before learning from them, and
//! drawings of the map for a report. They are logged in windows of signals, since a map may change at every signal.

use super::codebook::{Change, Codebook};
use super::engine::SignalFit;
use super::lineage::LAYER;
use dentate_core::record::metric;
use dentate_core::{Cause, MetricLog};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Windows per experience, and the minimum number of signals per window.
const WINDOWS: usize = 40;
const SHORTEST: usize = 25;
/// Maximum numbers of signals kept for a drawing, of prototypes logged as images, and of units drawn.
const SIGNALS: usize = 300;
const IMAGES: usize = 40;
const DRAWN: usize = 600;

/// The current window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notes {
    signals: usize,
    squares: f64,
    crossed: usize,
    born: BTreeMap<Cause, usize>,
    died: BTreeMap<Cause, usize>,
    /// True if the size was logged since it last changed.
    sized: bool,
    /// The last signals, for drawings; kept in low dimensions only.
    recent: Vec<f32>,
    windows: usize,
}

impl Notes {
    pub(crate) fn begin(&mut self) {
        self.windows = 0;
    }

    pub(crate) fn signal(&mut self, signal: &[f32], fit: SignalFit) {
        self.signals += 1;
        self.squares += f64::from(fit.squared);
        self.crossed += usize::from(!fit.adjacent);
        if drawable(signal.len()) {
            self.recent.extend_from_slice(signal);
            let excess = self.recent.len().saturating_sub(2 * SIGNALS * signal.len());
            if excess > 0 {
                self.recent.drain(..SIGNALS * signal.len());
            }
        }
    }

    pub(crate) fn changes(&mut self, changes: &[Change]) {
        for change in changes {
            let (counts, cause) = match change {
                Change::Born { cause } => (&mut self.born, cause),
                Change::Died { cause, .. } => (&mut self.died, cause),
            };
            *counts.entry(cause.clone()).or_default() += 1;
        }
        self.sized &= changes.is_empty();
    }

    /// Returns whether the window is full, for an experience of `length` signals.
    pub(crate) fn due(&self, length: Option<usize>) -> bool {
        self.signals >= length.map_or(10 * SHORTEST, |n| (n / WINDOWS).max(SHORTEST))
    }

    /// Closes the window and logs it.
    pub(crate) fn close(&mut self, map: &Codebook, has_edges: bool, shape: &[usize], log: &mut MetricLog) {
        if self.signals > 0 {
            let n = self.signals as f64;
            log.record(metric::SIGNAL_ERROR, None, self.squares / n);
            if has_edges {
                log.record(metric::TOPOGRAPHIC_ERROR, None, self.crossed as f64 / n);
                log.record(metric::EDGES, None, map.edges.count() as f64);
            }
        }
        for (cause, count) in std::mem::take(&mut self.born) {
            if cause != Cause::Initial {
                log.record(metric::GROWTH, Some(cause.word()), count as f64);
            }
        }
        for (cause, count) in std::mem::take(&mut self.died) {
            log.record(metric::DEATHS, Some(cause.word()), count as f64);
        }
        if !self.sized {
            let size = (map.len() * map.features()) as f64;
            log.record(metric::PARAMETERS, None, size);
            log.record(metric::MULTIPLY_ADDS, None, size);
            log.record(metric::UNITS, Some(LAYER), map.len() as f64);
            self.sized = true;
        }
        (self.signals, self.squares, self.crossed) = (0, 0.0, 0);
        self.windows += 1;
        // Early, halfway and (by the caller) at the end.
        if [3, WINDOWS / 4, WINDOWS / 2].contains(&self.windows) {
            self.draw(map, shape, false, log);
        }
    }

    /// Logs a drawing of the current map, if it can be drawn. Images, which are large, only at the end of an experience.
    pub(crate) fn draw(&self, map: &Codebook, shape: &[usize], at_the_end: bool, log: &mut MetricLog) {
        if drawable(map.features()) && map.len() <= DRAWN {
            log.record(metric::DRAWING, Some(&self.drawing(map)), map.len() as f64);
        }
        if let [height, width] = *shape
            && height * width == map.features()
            && at_the_end
        {
            for (slot, wins) in most_used(map) {
                let item = format!("{height}x{width} {}", grey(map.prototype(slot)));
                log.record(metric::PROTOTYPE, Some(&item), wins);
            }
        }
    }

    /// The drawing as `x y,x y,…|a-b,…|x y,…`: positions, edges by index, signals.
    fn drawing(&self, map: &Codebook) -> String {
        let features = map.features();
        let points = |out: &mut String, values: &[f32]| {
            for (i, point) in values.chunks_exact(features).enumerate() {
                let second = point.get(1).copied().unwrap_or(0.0);
                let comma = if i == 0 { "" } else { "," };
                // Writing to a string cannot fail.
                let _ = write!(out, "{comma}{:.3} {:.3}", point[0], second);
            }
        };
        let mut out = String::new();
        points(&mut out, map.values());
        out.push('|');
        for (i, (a, b, _)) in map.edges.all().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(out, "{comma}{a}-{b}");
        }
        out.push('|');
        let first = self.recent.len().saturating_sub(SIGNALS * features);
        points(&mut out, &self.recent[first..]);
        out
    }
}

fn drawable(features: usize) -> bool {
    (1..=3).contains(&features)
}

/// The units with the most wins for any class, most first.
fn most_used(map: &Codebook) -> Vec<(usize, f64)> {
    let wins = |slot| map.votes.of(slot).iter().map(|n| f64::from(*n)).sum::<f64>();
    let mut all: Vec<(usize, f64)> = (0..map.len()).map(|slot| (slot, wins(slot))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(IMAGES);
    all
}

/// Encodes each value of [0, 1] as a hexadecimal digit.
fn grey(prototype: &[f32]) -> String {
    let digit = |v: &f32| char::from_digit((v.clamp(0.0, 1.0) * 15.0).round() as u32, 16).unwrap_or('0');
    prototype.iter().map(digit).collect()
}

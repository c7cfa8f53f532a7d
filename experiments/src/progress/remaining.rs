//! The remaining time of a set of runs, from the progress of those in progress, the finished ones, and earlier ones.
//!
//! Runs of one kind (a method on a stream) take about as long as each other, and those of different kinds do not. Times are
//! seconds since the first run began.

use std::collections::BTreeMap;

/// Progress below which a run is not used for estimates.
const LEAST: f64 = 0.02;

/// A run in progress.
#[derive(Clone, Debug)]
struct Running {
    kind: String,
    begun: f64,
    /// The time and value of its first progress report: a resumed run does not start at 0.
    first: Option<(f64, f64)>,
    fraction: f64,
}

impl Running {
    /// Its estimated total seconds, by its own speed.
    fn whole(&self, now: f64) -> Option<f64> {
        let (at, from) = self.first?;
        let made = self.fraction - from;
        (made >= LEAST && now > at).then(|| (now - at) / made)
    }

    /// Its estimated remaining seconds, by its own speed.
    fn left(&self, now: f64) -> Option<f64> {
        Some(self.whole(now)? * (1.0 - self.fraction))
    }
}

/// Runs in progress and pending.
#[derive(Clone, Debug)]
pub(super) struct Remaining {
    slots: Vec<Option<Running>>,
    waiting: BTreeMap<String, usize>,
    /// Seconds of earlier runs, by kind.
    past: BTreeMap<String, f64>,
    /// Seconds of the runs that have finished since, and their number.
    seen: BTreeMap<String, (f64, usize)>,
}

impl Remaining {
    /// Runs of these kinds, `width` at a time.
    pub(super) fn new(kinds: &[String], width: usize, past: BTreeMap<String, f64>) -> Self {
        let mut waiting = BTreeMap::new();
        for kind in kinds {
            *waiting.entry(kind.clone()).or_default() += 1;
        }
        Self {
            slots: vec![None; width],
            waiting,
            past,
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn begin(&mut self, slot: usize, kind: &str, now: f64) {
        if let Some(waiting) = self.waiting.get_mut(kind) {
            *waiting = waiting.saturating_sub(1);
        }
        self.slots[slot] = Some(Running {
            kind: kind.into(),
            begun: now,
            first: None,
            fraction: 0.0,
        });
    }

    pub(super) fn at(&mut self, slot: usize, fraction: f64, now: f64) {
        if let Some(running) = &mut self.slots[slot] {
            running.first.get_or_insert((now, fraction));
            running.fraction = fraction;
        }
    }

    /// Remove a run that has ended; if it finished and was not resumed, its time is used for estimates.
    pub(super) fn end(&mut self, slot: usize, finished: bool, now: f64) {
        let Some(run) = self.slots[slot].take().filter(|_| finished) else {
            return;
        };
        if run.first.is_none_or(|(_, from)| from < LEAST) {
            let seen = self.seen.entry(run.kind).or_default();
            *seen = (seen.0 + now - run.begun, seen.1 + 1);
        }
    }

    /// Return a run that is left to another process.
    pub(super) fn put_back(&mut self, slot: usize) {
        if let Some(run) = self.slots[slot].take() {
            *self.waiting.entry(run.kind).or_default() += 1;
        }
    }

    /// The remaining seconds of all runs; `None` while too little is known.
    pub(super) fn left(&self, now: f64) -> Option<f64> {
        let known = self.known(now);
        let typical = known.values().sum::<f64>() / known.len() as f64;
        let (mut seconds, mut longest, mut guessed, mut runs) = (0.0, 0.0f64, 0, 0);
        let mut add = |kind: &str, count: usize, own: Option<f64>| {
            let each = own.or_else(|| known.get(kind).copied());
            guessed += if each.is_none() { count } else { 0 };
            let each = each.unwrap_or(typical);
            runs += count;
            seconds += count as f64 * each;
            if count > 0 {
                longest = longest.max(each);
            }
        };
        for run in self.slots.iter().flatten() {
            let by_kind = || Some((known.get(&run.kind)? - (now - run.begun)).max(0.0));
            add(&run.kind, 1, run.left(now).or_else(by_kind));
        }
        for (kind, count) in &self.waiting {
            add(kind, *count, None);
        }
        // Of most runs something has to be known.
        (runs > 0 && 2 * guessed <= runs && seconds.is_finite())
            .then(|| (seconds / self.slots.len().max(1) as f64).max(longest))
    }

    /// Seconds of a run by kind: of finished ones, else of those in progress, else of earlier ones.
    fn known(&self, now: f64) -> BTreeMap<String, f64> {
        let mut known = self.past.clone();
        let under_way = self.slots.iter().flatten();
        known.extend(under_way.filter_map(|run| Some((run.kind.clone(), run.whole(now)?))));
        let seen = self.seen.iter();
        known.extend(seen.map(|(kind, (sum, count))| (kind.clone(), sum / *count as f64)));
        known
    }
}

#[cfg(test)]
mod tests;

//! Profiling of a run by kind of work. A guard marks a kind of work, and the time until the guard is dropped is counted for that
//! kind; the time of a nested guard is subtracted. Growth, evaluation and records are each counted as a whole,
//! whatever is computed within them.
//!
//! Times are kept for each thread. Those measured once in an update or less are always kept; the phases of an update
//! ([`Kind::is_fine`]) only when enabled by [`fine`], because reading the clock costs about as much as a small product.
//!
//! ```
//! use dentate_core::profile::{self, Kind};
//! let _ = profile::take();
//! {
//!     let _guard = profile::enter(Kind::Growth);
//! }
//! assert!(profile::take().contains_key(&Kind::Growth));
//! ```

use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Training, from a batch to its loss.
    Forward,
    /// From the loss to the gradient.
    Backward,
    /// From the gradient to new parameters. Where a gradient is accumulated while it is applied, this includes both.
    Update,
    /// Decisions on growth, with their measurements and edits.
    Growth,
    /// Evaluation of the learner.
    Evaluation,
    /// Writing records.
    Records,
}

impl Kind {
    /// All kinds, in display order.
    pub const ALL: [Self; 6] = [
        Self::Forward,
        Self::Backward,
        Self::Update,
        Self::Growth,
        Self::Evaluation,
        Self::Records,
    ];

    /// Returns whether it is a phase of an update.
    #[must_use]
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Forward | Self::Backward | Self::Update)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Update => "update",
            Self::Growth => "growth",
            Self::Evaluation => "evaluation",
            Self::Records => "records",
        }
    }
}

thread_local! {
    static FINE: Cell<bool> = const { Cell::new(false) };
    /// The current kind of work, and its start.
    static NOW: Cell<Option<(Kind, Instant)>> = const { Cell::new(None) };
    static SPENT: Cell<[Duration; 6]> = const { Cell::new([Duration::ZERO; 6]) };
}

/// Enables or disables timing of the phases of an update.
pub fn fine(on: bool) {
    FINE.set(on);
}

/// A kind of work in progress; it ends when this is dropped.
#[derive(Debug)]
#[must_use = "the time counts as long as this lives"]
pub struct Guard {
    /// The kind to return to; `None` where nothing was entered.
    outer: Option<Option<Kind>>,
}

/// Begins a kind of work.
pub fn enter(kind: Kind) -> Guard {
    let outer = NOW.get();
    let whole = outer.is_some_and(|(outer, _)| !outer.is_fine() || outer == kind);
    if whole || kind.is_fine() && !FINE.get() {
        return Guard { outer: None };
    }
    turn(Some(kind));
    Guard {
        outer: Some(outer.map(|(outer, _)| outer)),
    }
}

/// Counts the time until now, and continues with another kind.
fn turn(to: Option<Kind>) {
    let now = Instant::now();
    if let Some((kind, since)) = NOW.get() {
        let mut spent = SPENT.get();
        spent[kind as usize] += now - since;
        SPENT.set(spent);
    }
    NOW.set(to.map(|kind| (kind, now)));
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(outer) = self.outer {
            turn(outer);
        }
    }
}

/// The seconds since the last call, by kind; kinds without time are left out.
#[must_use]
pub fn take() -> BTreeMap<Kind, f64> {
    let spent = SPENT.replace([Duration::ZERO; 6]);
    Kind::ALL
        .into_iter()
        .map(|kind| (kind, spent[kind as usize].as_secs_f64()))
        .filter(|(_, seconds)| *seconds > 0.0)
        .collect()
}

#[cfg(test)]
mod tests;

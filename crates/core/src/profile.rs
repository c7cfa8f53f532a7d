//! Where the time of a run goes. Whoever does a kind of work says so with a guard, and the time until the guard goes is that
//! kind's; what is entered within another kind takes its time out of that. Growth, evaluation and records are one piece,
//! whatever is computed within them.
//!
//! Times are kept for each thread. Those that come once in an update or less are always kept; the pieces of an update
//! ([`Kind::is_fine`]) only when asked for by [`fine`], because reading the clock costs about as much as a small product.
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
    /// From a batch to its loss, in training.
    Forward,
    /// From the loss to the gradient.
    Backward,
    /// From the gradient to new parameters. Where a gradient is summed while it is taken up, this holds both.
    Update,
    /// Deciding on growth, its measurements and its edits.
    Growth,
    /// Judging the learner.
    Evaluation,
    /// Writing records.
    Records,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Forward,
        Self::Backward,
        Self::Update,
        Self::Growth,
        Self::Evaluation,
        Self::Records,
    ];

    /// Whether it is a piece of an update.
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
    /// What is being done, and since when.
    static NOW: Cell<Option<(Kind, Instant)>> = const { Cell::new(None) };
    static SPENT: Cell<[Duration; 6]> = const { Cell::new([Duration::ZERO; 6]) };
}

/// Keep the times of an update's pieces from now on, or no longer.
pub fn fine(on: bool) {
    FINE.set(on);
}

/// A kind of work going on; it ends with this.
#[derive(Debug)]
#[must_use = "the time counts as long as this lives"]
pub struct Guard {
    /// What to go back to; none where nothing was entered.
    outer: Option<Option<Kind>>,
}

/// Begin a kind of work.
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

/// Book the time until now, and go on with something else.
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

/// Seconds spent since the last call, by kind; what has taken no time is left out.
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

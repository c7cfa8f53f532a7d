//! Growing neural gas: a graph that grows where its error is largest.
//!
//! Fritzke, B. (1995). A growing neural gas network learns topologies. *Advances in Neural Information Processing Systems* 7,
//! 625–632.
//!
//! For a signal x with winner s₁ and second s₂: the age of the edges of s₁ grows by one, then
//!
//! ```text
//! E_{s₁} ← E_{s₁} + ‖x − w_{s₁}‖²
//! w_{s₁} ← w_{s₁} + ε_b (x − w_{s₁}),    w_n ← w_n + ε_n (x − w_n)  for every neighbour n of s₁
//! ```
//!
//! s₁ and s₂ are connected by an edge of age 0, edges older than a_max are removed, and so are units left without an edge.
//! Every λ signals a unit r is inserted halfway between q, the unit of largest error, and f, its neighbour of largest
//! error, with edges q–r and r–f in place of q–f; E_q and E_f are multiplied by α, and E_r starts at E_q. After every
//! signal all errors are multiplied by d.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `winner_rate` | ε_b, share of the way to the signal | 0.2 |
//! | `neighbour_rate` | ε_n, likewise | 0.006 |
//! | `insert_every` | λ, in signals | 100 |
//! | `max_age` | a_max, in signals that the unit at either end won | 50 |
//! | `inserted_error` | α, a factor | 0.5 |
//! | `error_decay` | d, a factor per signal | 0.995 |
//! | `max_units` | number of units at which insertion stops | 100 |
//!
//! The constants are commonly quoted and not checked against the paper.
//!
//! **Preserves**: no edge is older than a_max, no unit is without an edge, there are at least two units, errors are not negative,
//! and a unit is inserted at every λ-th signal and at no other as long as there are fewer than `max_units`.
//!
//! **Departures.** The first two units are placed at the first two signals that differ, and an edge joins them. The decay of errors is stored as
//! one factor, so that a signal requires one pass over the prototypes and none over the errors. Rows are classified as in
//! `reading`, which is this project's. Of units with equal errors the oldest is taken.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration, inserts, room};
use super::fading::Fading;
use super::gas::{insert_between, join_and_shed, two_units};
use super::rule::Rule;
use dentate_core::Unsuited;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    GrowingNeuralGas {
        /// ε_b: share of its distance to the signal that the winner moves.
        #[schemars(range(min = 0, max = 1))]
        winner_rate: f64 = 0.2,
        /// ε_n: share of their distance to the signal that the winner's neighbours move.
        #[schemars(range(min = 0, max = 1))]
        neighbour_rate: f64 = 0.006,
        /// λ: signals between two insertions.
        #[schemars(range(min = 1))]
        insert_every: u64 = 100,
        /// a_max: age beyond which an edge is removed, in signals won by a unit at either end.
        #[schemars(range(min = 1))]
        max_age: u32 = 50,
        /// α: factor on the errors of the units on both sides of an insertion.
        #[schemars(range(min = 0, max = 1))]
        inserted_error: f64 = 0.5,
        /// d: factor on all errors after each signal.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        error_decay: f64 = 0.995,
        /// Number of units at which insertion stops.
        #[schemars(range(min = 2))]
        max_units: usize = 100,
    }
}

/// State: the errors, and the number of signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    pub(super) errors: Fading,
    pub(super) signals: u64,
}

impl GrowingNeuralGas {
    /// Adapts to a signal, up to and including the removal of units without an edge.
    pub(super) fn adapt(&self, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let winner = winners.first.slot;
        map.edges.age(winner);
        map.pull(winner, signal, self.winner_rate as f32);
        map.pull_neighbours(winner, signal, |_| self.neighbour_rate as f32);
    }

    /// The units q and f between which one is to be inserted after this signal; `None` if insertion is not due.
    pub(super) fn due(&self, state: &Errors, map: &Codebook) -> Option<(usize, usize)> {
        if !state.signals.is_multiple_of(self.insert_every) || map.len() >= self.max_units {
            return None;
        }
        let q = state.errors.largest(0..map.len(), map.ids())?;
        let f = state.errors.largest(map.edges.neighbours(q), map.ids())?;
        Some((q, f))
    }

    /// Inserts the unit, and distributes the errors.
    pub(super) fn insert(&self, state: &mut Errors, map: &mut Codebook, (q, f): (usize, usize)) {
        insert_between(map, q, f, "largest error");
        state.errors.multiply(q, self.inserted_error);
        state.errors.multiply(f, self.inserted_error);
        state.errors.push_like(q);
    }
}

impl Rule for GrowingNeuralGas {
    type State = Errors;
    const NAME: &'static str = "growing-neural-gas";

    fn could_grow(&self, signals: Option<u64>) -> Result<(), Unsuited> {
        room(self.max_units, 2, 1)?;
        inserts(self.insert_every, self.insert_every, signals)
    }

    fn wanted(&self) -> usize {
        2
    }

    fn start(&self, state: &mut Errors, map: &mut Codebook, signals: &[&[f32]]) {
        *state = Errors::default();
        two_units(map, signals);
        (0..map.len()).for_each(|_| state.errors.push(0.0));
    }

    fn learn(&self, state: &mut Errors, map: &mut Codebook, signal: &[f32], winners: Winners) {
        state.signals += 1;
        state
            .errors
            .add(winners.first.slot, f64::from(winners.first.squared));
        self.adapt(map, signal, winners);
        join_and_shed(map, winners, self.max_age, |slot| state.errors.swap_remove(slot));
        if let Some(place) = self.due(state, map) {
            self.insert(state, map, place);
        }
        state.errors.fade(self.error_decay);
    }

    common!();
}

dentate_core::register!(
    learner,
    GrowingNeuralGas,
    "growing-neural-gas",
    summary = "A graph of prototypes that grows where its error is largest.",
    citation = "Fritzke 1995, A growing neural gas network learns topologies",
    source = include_str!("growing_neural_gas.rs"),
);

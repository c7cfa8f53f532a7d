//! Grow when required: adds a unit where a signal is far from a winner that has won often.
//!
//! Marsland, S., Shapiro, J. & Nehmzow, U. (2002). A self-organising network that grows when required. *Neural Networks*
//! 15(8–9), 1041–1058.
//!
//! For a signal x with winner s and second t, joined by an edge of age 0, the activity is
//!
//! ```text
//! a = exp(−‖x − w_s‖).
//! ```
//!
//! If a < a_T and the winner's habituation h_s < h_T, a unit is added at (w_s + x) / 2 with edges to s and t in place of
//! s–t. Otherwise
//!
//! ```text
//! w_s ← w_s + ε_b h_s (x − w_s),    w_n ← w_n + ε_n h_n (x − w_n)  for every neighbour n of s.
//! ```
//!
//! Then the age of the edges of s grows by one, and the habituation of s (with τ_b) and of its neighbours (with τ_n) falls
//! from 1 by
//!
//! ```text
//! h ← h + τ · 1.05 · (1 − h) − τ.
//! ```
//!
//! Edges older than a_max are removed, and so are units left without an edge.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `activity_threshold` | a_T; its −ln is a distance in the data's own units, so it depends on the number of features | 0.85 |
//! | `habituation_threshold` | h_T | 0.1 |
//! | `winner_habituation` | τ_b, per signal won | 0.3 |
//! | `neighbour_habituation` | τ_n, per signal that a neighbour won | 0.1 |
//! | `winner_rate` | ε_b, share of the way to the signal | 0.2 |
//! | `neighbour_rate` | ε_n, likewise | 0.001 |
//! | `max_age` | a_max, in signals that the unit at either end won | 50 (commonly quoted; not checked against the paper) |
//! | `max_units` | number of units at which growth stops | 1000 |
//!
//! **Preserves**: no edge is older than a_max, no unit is without an edge, habituation stays within [0, 1], and a unit is
//! added at a signal exactly if both thresholds are passed and there are fewer than `max_units`.
//!
//! **Departures.** `max_units` is this project's. The first two units are placed at the first two signals that differ, and an edge joins them.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration, room};
use super::gas::{LONELY, two_units};
use super::rule::Rule;
use dentate_core::Unsuited;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    GrowWhenRequired {
        /// a_T: activity exp(−distance) below which a signal is too far from its winner.
        #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
        activity_threshold: f64 = 0.85,
        /// h_T: habituation below which a winner counts as having won often enough.
        #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
        habituation_threshold: f64 = 0.1,
        /// τ_b: habituation rate of the winner.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        winner_habituation: f64 = 0.3,
        /// τ_n: habituation rate of its neighbours.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        neighbour_habituation: f64 = 0.1,
        /// ε_b: share of its distance to the signal that a fresh winner moves.
        #[schemars(range(min = 0, max = 1))]
        winner_rate: f64 = 0.2,
        /// ε_n: share of their distance to the signal that its fresh neighbours move.
        #[schemars(range(min = 0, max = 1))]
        neighbour_rate: f64 = 0.001,
        /// a_max: age beyond which an edge is removed, in signals won by a unit at either end.
        #[schemars(range(min = 1))]
        max_age: u32 = 50,
        /// Number of units at which growth stops.
        #[schemars(range(min = 2))]
        max_units: usize = 1000,
    }
}

/// The habituation of each unit: 1 if it has not won yet, near 0 if it has won often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Habituation {
    pub(super) of: Vec<f64>,
}

impl Habituation {
    fn fall(&mut self, slot: usize, speed: f64) {
        let h = &mut self.of[slot];
        *h = (*h + speed * 1.05 * (1.0 - *h) - speed).clamp(0.0, 1.0);
    }
}

impl GrowWhenRequired {
    /// Returns whether a signal at this squared distance from a winner adds a unit.
    pub(super) fn required(&self, squared: f32, habituation: f64) -> bool {
        let activity = (-f64::from(squared).sqrt()).exp();
        activity < self.activity_threshold && habituation < self.habituation_threshold
    }
}

impl Rule for GrowWhenRequired {
    type State = Habituation;
    const NAME: &'static str = "grow-when-required";

    fn could_grow(&self, _: Option<u64>) -> Result<(), Unsuited> {
        room(self.max_units, 2, 1)
    }

    fn wanted(&self) -> usize {
        2
    }

    fn start(&self, state: &mut Habituation, map: &mut Codebook, signals: &[&[f32]]) {
        two_units(map, signals);
        state.of = vec![1.0; map.len()];
    }

    fn learn(&self, state: &mut Habituation, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let (winner, second) = (winners.first.slot, winners.second.slot);
        let required = self.required(winners.first.squared, state.of[winner]);
        map.edges.refresh(winner, second);
        if required && map.len() < self.max_units {
            let new = map.add_between(winner, signal, "activity too low");
            state.of.push(1.0);
            map.edges.refresh(winner, new);
            map.edges.refresh(new, second);
            map.edges.cut(winner, second);
        } else {
            map.pull(winner, signal, (self.winner_rate * state.of[winner]) as f32);
            let share = |n: usize| (self.neighbour_rate * state.of[n]) as f32;
            map.pull_neighbours(winner, signal, share);
        }
        map.edges.age(winner);
        state.fall(winner, self.winner_habituation);
        for neighbour in map.edges.neighbours(winner) {
            state.fall(neighbour, self.neighbour_habituation);
        }
        // A winner's edge to the new unit or to the second is young, so the winner itself is not removed.
        for slot in map.edges.cut_older(winner, self.max_age) {
            map.remove(slot, LONELY);
            state.of.swap_remove(slot);
        }
    }

    common!();
}

dentate_core::register!(
    learner,
    GrowWhenRequired,
    "grow-when-required",
    summary = "A graph of prototypes that grows where a row is far from a well-trained winner.",
    citation = "Marsland, Shapiro & Nehmzow 2002, A self-organising network that grows when required",
    source = include_str!("grow_when_required.rs"),
);

//! Online k-means: each centre is the mean of the signals it won; a control without edges.
//!
//! MacQueen, J. (1967). Some methods for classification and analysis of multivariate observations. *Proceedings of the Fifth
//! Berkeley Symposium on Mathematical Statistics and Probability* 1, 281–297.
//!
//! With n_s the number of signals that the winner s has won, this one included,
//!
//! ```text
//! w_s ← w_s + max(1 / n_s, ε) (x − w_s).
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `units` | centres | 100 |
//! | `least_rate` | ε, share of the way to the signal; 0 for MacQueen's means, more to forget old signals | 0 |
//!
//! **Preserves** its units.
//!
//! **Departures.** `least_rate` is this project's.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration};
use super::rule::Rule;
use dentate_core::Cause;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    KMeans {
        /// Centres.
        #[schemars(range(min = 2))]
        units: usize = 100,
        /// ε: minimum share of its distance to the signal that a winner moves.
        #[schemars(range(min = 0, max = 1))]
        least_rate: f64 = 0.0,
    }
}

/// State: the wins of each unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wins {
    of: Vec<u64>,
}

impl Rule for KMeans {
    type State = Wins;
    const NAME: &'static str = "k-means";

    fn wanted(&self) -> usize {
        self.units
    }

    fn start(&self, state: &mut Wins, map: &mut Codebook, signals: &[&[f32]]) {
        for slot in 0..self.units {
            map.add(signals[slot % signals.len()], Cause::Initial);
        }
        state.of = vec![0; self.units];
    }

    fn learn(&self, state: &mut Wins, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let winner = winners.first.slot;
        state.of[winner] += 1;
        let share = (1.0 / state.of[winner] as f64).max(self.least_rate);
        map.pull(winner, signal, share as f32);
    }

    fn has_edges(&self) -> bool {
        false
    }

    fn grows(&self) -> bool {
        false
    }

    common!();
}

dentate_core::register!(
    learner,
    KMeans,
    "k-means",
    summary = "Online k-means: centres without edges, a control.",
    citation = "MacQueen 1967, Some methods for classification and analysis of multivariate observations",
    source = include_str!("k_means.rs"),
);

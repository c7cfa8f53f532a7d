//! Self-organising map: a grid of units that never grows; a control.
//!
//! Kohonen, T. (1982). Self-organized formation of topologically correct feature maps. *Biological Cybernetics* 43(1), 59–69.
//!
//! For a signal x at time t with winner s, every unit i at distance d(i, s) on the grid moves by
//!
//! ```text
//! w_i ← w_i + ε(t) exp(−d(i, s)² / 2σ(t)²) (x − w_i),
//! ```
//!
//! where ε and σ fall geometrically from their initial to their final value over `horizon` signals and stay there.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rows`, `columns` | units of the grid | 10, 10 |
//! | `first_rate`, `last_rate` | ε, share of the way to the signal | 0.5, 0.02 |
//! | `first_radius`, `last_radius` | σ, in units of the grid | 5, 0.5 |
//! | `horizon` | signals until the last values are reached | 10000 |
//! | `horizon` | signals until the final values are reached | 10000 |
//! The constants are this project's.
//!
//! **Preserves** its units and edges.
//!
//! **Departures.** Units are initialised at signals. Units that would move by less than a thousandth of the winner's share
//! do not move. Units that touch diagonally also count as neighbours for the topographic error, as is common.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration};
use super::grid::{Lattice, rectangle, straight};
use super::rule::Rule;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    SelfOrganisingMap {
        /// Rows of the grid.
        #[schemars(range(min = 2))]
        rows: usize = 10,
        /// Columns of the grid.
        #[schemars(range(min = 2))]
        columns: usize = 10,
        /// Initial ε.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        first_rate: f64 = 0.5,
        /// Final ε.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        last_rate: f64 = 0.02,
        /// Initial σ, in units of the grid.
        #[schemars(extend("exclusiveMinimum" = 0))]
        first_radius: f64 = 5.0,
        /// Final σ, in units of the grid.
        #[schemars(extend("exclusiveMinimum" = 0))]
        last_radius: f64 = 0.5,
        /// Signals until the final values are reached.
        #[schemars(range(min = 1))]
        horizon: u64 = 10_000,
    }
}

/// State: the lattice, and the number of signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    lattice: Lattice,
    signals: u64,
}

impl Rule for SelfOrganisingMap {
    type State = Placed;
    const NAME: &'static str = "self-organising-map";

    fn wanted(&self) -> usize {
        self.rows * self.columns
    }

    fn start(&self, state: &mut Placed, map: &mut Codebook, signals: &[&[f32]]) {
        let lattice = rectangle(map, signals, self.rows, self.columns);
        *state = Placed { lattice, signals: 0 };
    }

    fn learn(&self, state: &mut Placed, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let share = (state.signals as f64 / self.horizon as f64).min(1.0);
        let falling = |first: f64, last: f64| first * (last / first).powf(share);
        let rate = falling(self.first_rate, self.last_rate);
        let radius = falling(self.first_radius, self.last_radius);
        state.signals += 1;
        let winner = winners.first.slot;
        state.lattice.pull(map, winner, signal, (rate, radius), straight);
    }

    fn adjacent(&self, state: &Placed, _: &Codebook, a: usize, b: usize) -> bool {
        state.lattice.touching(a, b)
    }

    fn grows(&self) -> bool {
        false
    }

    common!();
}

dentate_core::register!(
    learner,
    SelfOrganisingMap,
    "self-organising-map",
    summary = "A grid of prototypes that never grows: a control.",
    citation = "Kohonen 1982, Self-organized formation of topologically correct feature maps",
    source = include_str!("self_organising_map.rs"),
);

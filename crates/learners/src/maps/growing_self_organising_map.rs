//! Growing self-organising map: a grid that grows at its boundary where the error exceeds a threshold.
//!
//! Alahakoon, D., Halgamuge, S. K. & Srinivasan, B. (2000). Dynamic self-organizing maps with controlled growth for knowledge
//! discovery. *IEEE Transactions on Neural Networks* 11(3), 601–614.
//!
//! Starting from 2 × 2 units in D dimensions, for a signal x the error of the winner s grows by ‖x − w_s‖². With the growth
//! threshold
//!
//! ```text
//! GT = −D ln(SF)
//! ```
//!
//! a winner whose error exceeds GT grows into each of its free places; if it has none, it spreads its error: `E_s ← GT /
//! 2`, `E_n ← (1 + γ) E_n` for its four neighbours n. The prototype of a new unit is extrapolated: halfway between the
//! units on both sides of it; else 2 w_s − w_o with o the unit on the opposite side of s; else with o a unit beside s. The
//! winner and the units around it move as in a self-organising map, with the rate ε ψ(n), ψ(n) = 1 − R / n for n units.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `spread_factor` | SF; closer to 1 for a finer map | 0.5 |
//! | `spread` | γ, share by which neighbours' errors rise | 0.1 |
//! | `rate` | ε, share of the way to the signal | 0.2 |
//! | `radius` | σ, in units of the grid | 0.7 |
//! | `rate_constant` | R, in units | 3.8 |
//! | `max_units` | number of units at which growth stops | 1000 |
//!
//! The constants are commonly quoted and not checked against the paper. GT presumes features in [0, 1].
//!
//! **Preserves** every unit: none is ever removed.
//!
//! **Departures.** ε does not fall within a presentation, and the smoothing phase is left out, since a stream has no end.
//! `max_units` is this project's: at that size the map only spreads errors. Units that touch diagonally count as neighbours
//! for the topographic error.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration, room};
use super::grid::{AROUND, Lattice, Place, rectangle, straight};
use super::rule::Rule;
use dentate_core::Unsuited;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    GrowingSelfOrganisingMap {
        /// SF: the closer to 1, the finer the map.
        #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
        spread_factor: f64 = 0.5,
        /// γ: share by which the errors of the neighbours rise when a winner without free places spreads its error.
        #[schemars(range(min = 0, max = 1))]
        spread: f64 = 0.1,
        /// ε: share of its distance to the signal that the winner moves.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        rate: f64 = 0.2,
        /// σ, in units of the grid.
        #[schemars(extend("exclusiveMinimum" = 0))]
        radius: f64 = 0.7,
        /// R: reduction of the learning rate of small maps.
        #[schemars(range(min = 0, max = 4))]
        rate_constant: f64 = 3.8,
        /// Number of units at which growth stops.
        #[schemars(range(min = 4))]
        max_units: usize = 1000,
    }
}

/// State: the lattice, and the error of each unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rim {
    pub(super) lattice: Lattice,
    pub(super) errors: Vec<f64>,
}

impl GrowingSelfOrganisingMap {
    /// The growth threshold GT.
    pub(super) fn threshold(&self, features: usize) -> f64 {
        -(features as f64) * self.spread_factor.ln()
    }

    fn grow(&self, state: &mut Rim, map: &mut Codebook, winner: usize) {
        for direction in AROUND {
            if map.len() >= self.max_units || state.lattice.beside(winner, direction).is_some() {
                continue;
            }
            let prototype = continued(&state.lattice, map, winner, direction);
            let slot = map.add(&prototype, "error at the rim");
            let (row, column) = state.lattice.place(winner);
            state.lattice.push((row + direction.0, column + direction.1));
            state.lattice.join(map, slot);
            state.errors.push(0.0);
        }
    }
}

/// The prototype of a unit added next to `winner` in `direction`.
fn continued(lattice: &Lattice, map: &Codebook, winner: usize, direction: Place) -> Vec<f32> {
    let (row, column) = lattice.place(winner);
    let from = map.prototype(winner);
    let beyond = lattice.at((row + 2 * direction.0, column + 2 * direction.1));
    if let Some(beyond) = beyond {
        let both = from.iter().zip(map.prototype(beyond));
        return both.map(|(a, b)| f32::midpoint(*a, *b)).collect();
    }
    let back = lattice.beside(winner, (-direction.0, -direction.1));
    let Some(other) = back.or_else(|| lattice.around(winner).next()) else {
        return from.to_vec();
    };
    let further = from.iter().zip(map.prototype(other)).map(|(a, b)| a + (a - b));
    let further: Vec<f32> = further.collect();
    // Not finite only near the limits of the number range.
    if further.iter().all(|w| w.is_finite()) {
        further
    } else {
        from.to_vec()
    }
}

impl Rule for GrowingSelfOrganisingMap {
    type State = Rim;
    const NAME: &'static str = "growing-self-organising-map";

    fn could_grow(&self, _: Option<u64>) -> Result<(), Unsuited> {
        room(self.max_units, 4, 1)
    }

    fn wanted(&self) -> usize {
        4
    }

    fn start(&self, state: &mut Rim, map: &mut Codebook, signals: &[&[f32]]) {
        *state = Rim {
            lattice: rectangle(map, signals, 2, 2),
            errors: vec![0.0; 4],
        };
    }

    fn learn(&self, state: &mut Rim, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let winner = winners.first.slot;
        let rate = self.rate * (1.0 - self.rate_constant / map.len() as f64);
        state
            .lattice
            .pull(map, winner, signal, (rate, self.radius), straight);
        state.errors[winner] += f64::from(winners.first.squared);
        let threshold = self.threshold(map.features());
        if state.errors[winner] <= threshold {
            return;
        }
        let full = state.lattice.around(winner).count() == AROUND.len();
        if !full && map.len() < self.max_units {
            self.grow(state, map, winner);
            return;
        }
        state.errors[winner] = threshold / 2.0;
        let Rim { lattice, errors } = state;
        for neighbour in lattice.around(winner) {
            // The error of a unit that never wins could grow without bound.
            errors[neighbour] = (errors[neighbour] * (1.0 + self.spread)).min(f64::MAX);
        }
    }

    fn adjacent(&self, state: &Rim, _: &Codebook, a: usize, b: usize) -> bool {
        state.lattice.touching(a, b)
    }

    common!();
}

dentate_core::register!(
    learner,
    GrowingSelfOrganisingMap,
    "growing-self-organising-map",
    summary = "A grid of prototypes that grows at its boundary where the error exceeds a threshold.",
    citation = "Alahakoon, Halgamuge & Srinivasan 2000, Dynamic self-organizing maps with controlled growth",
    source = include_str!("growing_self_organising_map.rs"),
);

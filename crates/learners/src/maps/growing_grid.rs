//! Growing grid: a rectangle of units that gains a row or a column beside the unit that won most.
//!
//! Fritzke, B. (1995). Growing grid: a self-organizing network with constant neighborhood range and adaptation strength. *Neural
//! Processing Letters* 2(5), 9–13.
//!
//! Starting from 2 × 2 units, for a signal x with winner s, whose resource τ_s grows by 1, every unit i at city-block distance
//! d(i, s) on the grid moves by
//!
//! ```text
//! w_i ← w_i + ε exp(−d(i, s)² / 2σ²) (x − w_i).
//! ```
//!
//! After λ signals per unit, q is the unit of largest resource and f that of its up to four neighbours whose prototype is
//! farthest from w_q. A row or column is inserted between q and f, each unit of it halfway between its two neighbours
//! across, and all resources are reset to 0.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rate` | ε, share of the way to the signal | 0.1 |
//! | `radius` | σ, in units of the grid | 0.7 |
//! | `insert_every` | λ, in signals per unit | 30 |
//! | `max_units` | maximum number of units | 100 |
//!
//! The constants are commonly quoted and not checked against the paper.
//!
//! **Preserves** the rectangular lattice: the units fill it and are connected to their neighbours.
//!
//! **Departures.** The paper's second phase, a fixed grid with a falling ε, is left out, since a stream has no end to
//! anneal towards. Units that would move by less than a thousandth of the winner's share do not move. Units that touch
//! diagonally count as neighbours for the topographic error.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration, inserts, room};
use super::grid::{Lattice, city_block, rectangle};
use super::rule::Rule;
use dentate_core::Unsuited;
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    GrowingGrid {
        /// ε: share of its distance to the signal that the winner moves.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        rate: f64 = 0.1,
        /// σ, in units of the grid.
        #[schemars(extend("exclusiveMinimum" = 0))]
        radius: f64 = 0.7,
        /// λ: signals per unit between two insertions.
        #[schemars(range(min = 1))]
        insert_every: u64 = 30,
        /// Maximum number of units.
        #[schemars(range(min = 4))]
        max_units: usize = 100,
    }
}

/// State: the lattice, and the resource of each unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resources {
    pub(super) lattice: Lattice,
    resources: Vec<u64>,
    /// Signals since the last insertion.
    since: u64,
}

impl GrowingGrid {
    fn insert(&self, state: &mut Resources, map: &mut Codebook) {
        let (lattice, resources) = (&mut state.lattice, &mut state.resources);
        // The first of ties, as everywhere.
        let busiest = (0..map.len()).reduce(|best, slot| {
            if resources[slot] > resources[best] {
                slot
            } else {
                best
            }
        });
        let Some(q) = busiest else { return };
        let farther = |best: usize, slot: usize| {
            if map.between(q, slot) > map.between(q, best) {
                slot
            } else {
                best
            }
        };
        let Some(f) = lattice.around(q).reduce(farther) else {
            return;
        };
        let (rows, columns) = lattice.extent();
        let (from, to) = (lattice.place(q), lattice.place(f));
        let row = from.1 == to.1;
        let count = if row { columns } else { rows };
        if map.len() + count as usize > self.max_units {
            return;
        }
        let at = if row { from.0.max(to.0) } else { from.1.max(to.1) };
        lattice.open(at, row);
        for i in 0..count {
            let [before, here, after] = [at - 1, at, at + 1].map(|k| if row { (k, i) } else { (i, k) });
            let (Some(a), Some(b)) = (lattice.at(before), lattice.at(after)) else {
                continue;
            };
            let across = map.prototype(b).to_vec();
            map.add_between(a, &across, "largest resource");
            lattice.push(here);
        }
        map.edges.clear();
        (0..map.len()).for_each(|slot| lattice.join(map, slot));
        *resources = vec![0; map.len()];
    }
}

impl Rule for GrowingGrid {
    type State = Resources;
    const NAME: &'static str = "growing-grid";

    fn could_grow(&self, signals: Option<u64>) -> Result<(), Unsuited> {
        room(self.max_units, 4, 2)?;
        inserts(self.insert_every, self.insert_every.saturating_mul(4), signals)
    }

    fn wanted(&self) -> usize {
        4
    }

    fn start(&self, state: &mut Resources, map: &mut Codebook, signals: &[&[f32]]) {
        *state = Resources {
            lattice: rectangle(map, signals, 2, 2),
            resources: vec![0; 4],
            since: 0,
        };
    }

    fn learn(&self, state: &mut Resources, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let winner = winners.first.slot;
        state.resources[winner] += 1;
        state.since += 1;
        let strength = (self.rate, self.radius);
        state.lattice.pull(map, winner, signal, strength, city_block);
        if state.since >= self.insert_every * map.len() as u64 {
            state.since = 0;
            self.insert(state, map);
        }
    }

    fn adjacent(&self, state: &Resources, _: &Codebook, a: usize, b: usize) -> bool {
        state.lattice.touching(a, b)
    }

    common!();
}

dentate_core::register!(
    learner,
    GrowingGrid,
    "growing-grid",
    summary = "A rectangle of prototypes that gains a row or column beside its busiest unit.",
    citation = "Fritzke 1995, Growing grid: a self-organizing network with constant neighborhood range and adaptation strength",
    source = include_str!("growing_grid.rs"),
);

//! Growing neural gas with utility: removes units of low utility, so that the graph follows a non-stationary distribution.
//!
//! Fritzke, B. (1997). A self-organizing network that can follow non-stationary distributions. *Artificial Neural Networks
//! (ICANN'97)*, 613–618.
//!
//! As [`growing-neural-gas`](super::GrowingNeuralGas), and each unit has a utility: the rise of the error without it. For a
//! signal x with winner s₁ and second s₂
//!
//! ```text
//! U_{s₁} ← U_{s₁} + ‖x − w_{s₂}‖² − ‖x − w_{s₁}‖²,    U_i ← d U_i  for every unit i after every signal.
//! ```
//!
//! A unit r inserted between q and f starts at U_r = (U_q + U_f) / 2. The unit i of lowest utility is removed when
//!
//! ```text
//! max_j E_j / U_i > k.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `utility_threshold` | k, dimensionless | 3 |
//! | `check_every` | signals between two checks of the unit of lowest utility | 10 |
//! | the others | as in `growing-neural-gas` | |
//!
//! The constants are commonly quoted and not checked against the paper.
//!
//! **Preserves** the same as growing neural gas.
//!
//! **Departures.** The paper states the criterion for every signal; a check at every `check_every`-th only saves the pass
//! over all utilities. The winner and the second of the current signal are not removed. Neighbours left without an edge by
//! a removal are removed too.

use super::codebook::{Codebook, Winners};
use super::configuration::{common, configuration, inserts, room};
use super::fading::Fading;
use super::gas::{LONELY, join_and_shed};
use super::growing_neural_gas::{Errors, GrowingNeuralGas};
use super::rule::Rule;
use dentate_core::{UnitId, Unsuited};
use serde::{Deserialize, Serialize};

configuration! {
    /// Configuration; see [the module](self) for equations and units.
    GrowingNeuralGasUtility {
        /// k: a unit is removed when the largest error is more than this many times its utility.
        #[schemars(extend("exclusiveMinimum" = 0))]
        utility_threshold: f64 = 3.0,
        /// Signals between two checks of the unit of lowest utility.
        #[schemars(range(min = 1))]
        check_every: u64 = 10,
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
        /// d: factor on all errors and utilities after each signal.
        #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
        error_decay: f64 = 0.995,
        /// Number of units at which insertion stops.
        #[schemars(range(min = 2))]
        max_units: usize = 100,
    }
}

/// State: that of growing neural gas, and the utilities.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Useful {
    pub(super) gas: Errors,
    pub(super) utilities: Fading,
}

impl Useful {
    fn remove(&mut self, map: &mut Codebook, slot: usize, cause: &'static str) {
        map.remove(slot, cause);
        self.gas.errors.swap_remove(slot);
        self.utilities.swap_remove(slot);
    }
}

impl GrowingNeuralGasUtility {
    fn gas(&self) -> GrowingNeuralGas {
        GrowingNeuralGas {
            winner_rate: self.winner_rate,
            neighbour_rate: self.neighbour_rate,
            insert_every: self.insert_every,
            max_age: self.max_age,
            inserted_error: self.inserted_error,
            error_decay: self.error_decay,
            max_units: self.max_units,
            ..GrowingNeuralGas::default()
        }
    }

    /// The unit to remove, if any.
    fn useless(&self, state: &Useful, map: &Codebook, kept: [UnitId; 2]) -> Option<usize> {
        let errors = &state.gas.errors;
        let most = errors.get(errors.largest(0..map.len(), map.ids())?);
        let others = (0..map.len()).filter(|&slot| !kept.contains(&map.ids()[slot]));
        let least = state.utilities.smallest(others, map.ids())?;
        (most > self.utility_threshold * state.utilities.get(least)).then_some(least)
    }

    fn cull(&self, state: &mut Useful, map: &mut Codebook, kept: [UnitId; 2]) {
        let Some(useless) = self.useless(state, map, kept) else {
            return;
        };
        let mut neighbours: Vec<usize> = map.edges.neighbours(useless).collect();
        // Highest slot first: removal only changes slots above.
        neighbours.sort_unstable_by(|a, b| b.cmp(a));
        neighbours.iter().for_each(|&n| map.edges.cut(useless, n));
        let mut going: Vec<usize> = neighbours.into_iter().filter(|n| map.edges.alone(*n)).collect();
        going.push(useless);
        going.sort_unstable_by(|a, b| b.cmp(a));
        for slot in going {
            let cause = if slot == useless { "least utility" } else { LONELY };
            state.remove(map, slot, cause);
        }
    }
}

impl Rule for GrowingNeuralGasUtility {
    type State = Useful;
    const NAME: &'static str = "growing-neural-gas-utility";

    fn could_grow(&self, signals: Option<u64>) -> Result<(), Unsuited> {
        room(self.max_units, 2, 1)?;
        inserts(self.insert_every, self.insert_every, signals)
    }

    fn wanted(&self) -> usize {
        2
    }

    fn start(&self, state: &mut Useful, map: &mut Codebook, signals: &[&[f32]]) {
        *state = Useful::default();
        self.gas().start(&mut state.gas, map, signals);
        (0..map.len()).for_each(|_| state.utilities.push(0.0));
    }

    fn learn(&self, state: &mut Useful, map: &mut Codebook, signal: &[f32], winners: Winners) {
        let (gas, first, second) = (self.gas(), winners.first, winners.second);
        state.gas.signals += 1;
        state.gas.errors.add(first.slot, f64::from(first.squared));
        let gain = f64::from(second.squared) - f64::from(first.squared);
        state.utilities.add(first.slot, gain);
        gas.adapt(map, signal, winners);
        let ids = [map.ids()[first.slot], map.ids()[second.slot]];
        let (errors, utilities) = (&mut state.gas.errors, &mut state.utilities);
        join_and_shed(map, winners, self.max_age, |slot| {
            errors.swap_remove(slot);
            utilities.swap_remove(slot);
        });
        if state.gas.signals.is_multiple_of(self.check_every) {
            self.cull(state, map, ids);
        }
        if let Some((q, f)) = gas.due(&state.gas, map) {
            gas.insert(&mut state.gas, map, (q, f));
            let between = f64::midpoint(state.utilities.get(q), state.utilities.get(f));
            state.utilities.push(between);
        }
        state.gas.errors.fade(self.error_decay);
        state.utilities.fade(self.error_decay);
    }

    common!();
}

dentate_core::register!(
    learner,
    GrowingNeuralGasUtility,
    "growing-neural-gas-utility",
    summary =
        "Growing neural gas that removes units of little use, so that it follows a moving distribution.",
    citation = "Fritzke 1997, A self-organizing network that can follow non-stationary distributions",
    source = include_str!("growing_neural_gas_utility.rs"),
);

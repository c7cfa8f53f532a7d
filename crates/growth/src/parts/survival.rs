//! Survival rules: which new units survive, and whether removed units are replaced.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{LayerId, Running, Stateful, UnitId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

pub mod below_mature_fraction;
pub mod compete_for_budget;
mod evaluation;
pub mod no_selection;
pub mod random_death;
pub mod self_normalised_resets;
pub mod turnover;
mod utility_of;
pub mod utility_share;
pub use below_mature_fraction::BelowMatureFraction;
pub use compete_for_budget::CompeteForBudget;
pub use no_selection::NoSelection;
pub use random_death::RandomDeath;
pub use self_normalised_resets::{SelfNormalisedResets, SilenceTest, SilenceThresholds};
pub use turnover::Turnover;
pub use utility_of::{Ablation, Utility};
pub use utility_share::UtilityShare;

/// A unit that was added by growth and still exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewUnit {
    /// Its layer.
    pub layer: LayerId,
    /// Its position in the layer.
    pub position: usize,
    /// The id of the unit.
    pub unit: UnitId,
    /// Updates since its birth.
    pub age: u64,
}

/// Units of a layer to remove.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removals {
    /// The layer that loses units.
    pub layer: LayerId,
    /// The units to remove.
    pub units: Vec<UnitId>,
    /// Their mean outputs, to be folded into the biases of the layers they feed; empty for none.
    pub fold_mean: Vec<f32>,
}

/// A part that decides which new units survive. It is called at every check, before anything new grows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no survival rule",
    label = "it does not implement `Survival`",
    note = "implement `dentate_growth::parts::Survival` for `{Self}`; `cargo xtask new survival NAME` makes one that works"
)]
pub trait Survival: Part {
    /// Returns whether it evaluates units at this check. Called once per check, before its meters are read; if it returns
    /// false, they are not read, so a rule that seldom evaluates units is cheap at the checks in between.
    fn evaluates(&self, _state: &mut Self::State, _view: &View<'_>, _threshold_scale: f64) -> bool {
        true
    }

    /// The units among `grown` to remove. `threshold_scale` comes from the modulation: above 1, fewer units should be
    /// removed.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn removals(
        &self,
        state: &mut Self::State,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>>;

    /// Returns whether it ever removes a unit.
    fn selects(&self) -> bool {
        true
    }

    /// Returns whether removed units are replaced by new ones from the initializer, so that widths do not change. Otherwise
    /// they are pruned. A rule that replaces may evaluate every hidden unit of [`View::graph`] and not only `grown`.
    fn replaces(&self) -> bool {
        false
    }
}

/// The configuration of a survival rule as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait SurvivalSpec: AnyPart<ASurvival> + Debug + Send + Sync {}

doors!(Survival, ASurvival, SurvivalSpec, SurvivalRun);

/// A running survival rule.
pub trait SurvivalRun: Stateful + Send {
    /// Returns whether it evaluates units at this check.
    fn evaluates(&mut self, view: &View<'_>, threshold_scale: f64) -> bool;

    /// The units among `grown` to remove.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn removals(
        &mut self,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>>;

    /// Returns whether it ever removes a unit.
    fn selects(&self) -> bool;

    /// Returns whether removed units are replaced by new ones.
    fn replaces(&self) -> bool;
}

impl<P: Survival> SurvivalRun for Running<P, P::State> {
    fn evaluates(&mut self, view: &View<'_>, threshold_scale: f64) -> bool {
        self.config.evaluates(&mut self.state, view, threshold_scale)
    }

    fn removals(
        &mut self,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        self.config
            .removals(&mut self.state, view, grown, threshold_scale)
    }

    fn selects(&self) -> bool {
        self.config.selects()
    }

    fn replaces(&self) -> bool {
        self.config.replaces()
    }
}

#[cfg(test)]
mod tests;

//! Which newborn units stay, and whether others take the places of those that do not.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{LayerId, Running, Stateful, UnitId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

mod below_mature_fraction;
mod compete_for_budget;
mod judging;
mod no_selection;
mod random_death;
mod turnover;
mod utility_of;
mod utility_share;
pub use below_mature_fraction::BelowMatureFraction;
pub use compete_for_budget::CompeteForBudget;
pub use no_selection::NoSelection;
pub use random_death::RandomDeath;
pub use turnover::Turnover;
pub use utility_of::{Ablation, Utility};
pub use utility_share::UtilityShare;

/// A unit that was born by growth and lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Young {
    /// Its layer.
    pub layer: LayerId,
    /// Its place there.
    pub position: usize,
    /// The unit.
    pub unit: UnitId,
    /// Updates since it was born.
    pub age: u64,
}

/// Units of a layer that have to go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dead {
    /// The layer.
    pub layer: LayerId,
    /// Which units.
    pub units: Vec<UnitId>,
    /// Their mean outputs, to be left behind in the biases of the layers they feed; empty for none.
    pub absorb: Vec<f32>,
}

/// A part that says which newborn units stay. It is asked on every occasion, before anything new grows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no survival rule",
    label = "it does not implement `Survival`",
    note = "implement `dentate_growth::parts::Survival` for `{Self}`; `cargo xtask new survival NAME` makes one that works"
)]
pub trait Survival: Part {
    /// Whether it judges at this look. Asked once a look, before its meters are read, which are not where it says no; so a rule that
    /// seldom judges costs little at the looks in between.
    fn judges(&self, _state: &mut Self::State, _view: &View<'_>, _leniency: f64) -> bool {
        true
    }

    /// Who of the `grown` has to go. `leniency` is what the modulation says: above 1, fewer should.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn judge(
        &self,
        state: &mut Self::State,
        view: &View<'_>,
        grown: &[Young],
        leniency: f64,
    ) -> Answered<Vec<Dead>>;

    /// Whether anyone ever has to go.
    fn selects(&self) -> bool {
        true
    }

    /// Whether newborn units take the places of those that have to go, started by the initializer, so that no layer loses any.
    /// Otherwise they are pruned. A rule that replaces may judge every hidden unit of [`View::graph`] and not only the `grown`.
    fn replaces(&self) -> bool {
        false
    }
}

/// A survival rule's configuration, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait SurvivalSpec: AnyPart<ASurvival> + Debug + Send + Sync {}

doors!(Survival, ASurvival, SurvivalSpec, SurvivalRun);

/// A survival rule that is running.
pub trait SurvivalRun: Stateful + Send {
    /// Whether it judges at this look.
    fn judges(&mut self, view: &View<'_>, leniency: f64) -> bool;

    /// Who of the `grown` has to go.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn judge(&mut self, view: &View<'_>, grown: &[Young], leniency: f64) -> Answered<Vec<Dead>>;

    /// Whether anyone ever has to go.
    fn selects(&self) -> bool;

    /// Whether newborn units take the places of those that have to go.
    fn replaces(&self) -> bool;
}

impl<P: Survival> SurvivalRun for Running<P, P::State> {
    fn judges(&mut self, view: &View<'_>, leniency: f64) -> bool {
        self.config.judges(&mut self.state, view, leniency)
    }

    fn judge(&mut self, view: &View<'_>, grown: &[Young], leniency: f64) -> Answered<Vec<Dead>> {
        self.config.judge(&mut self.state, view, grown, leniency)
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

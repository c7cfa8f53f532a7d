//! Modulation: scaling of growth and survival.

use super::Part;
use super::spec::{AnyPart, doors};
use crate::strategy::{StrategyError, View};
use dentate_core::{Running, Stateful};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

pub mod ageing;
pub mod no_modulation;
pub mod novelty;
pub mod product;
pub mod stress;
pub use ageing::Ageing;
pub use no_modulation::NoModulation;
pub use novelty::Novelty;
pub use product::Product;
pub use stress::Stress;

/// The factors that a modulation returns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// Factor on the number of units that grow.
    pub growth: f64,
    /// Factor on how easily new units survive.
    pub survival: f64,
}

impl Default for Factors {
    fn default() -> Self {
        Self {
            growth: 1.0,
            survival: 1.0,
        }
    }
}

/// A past growth, with the loss before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrowthEvent {
    /// Updates of the run at the growth.
    pub step: u64,
    /// Units added.
    pub units: usize,
    /// The loss before.
    pub before: Option<f64>,
    /// The first loss after.
    pub after: Option<f64>,
}

/// A part that scales growth and survival by the course of training. It is called once at every check, before the other
/// parts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no modulation",
    label = "it does not implement `Modulation`",
    note = "implement `dentate_growth::parts::Modulation` for `{Self}`; `cargo xtask new modulation NAME` makes one that works"
)]
pub trait Modulation: Part {
    /// The factors, which must be finite and not negative. `history` holds the recent growths, oldest first.
    ///
    /// # Errors
    /// [`StrategyError`] ends the run.
    fn factors(
        &self,
        state: &mut Self::State,
        view: &View<'_>,
        history: &[GrowthEvent],
    ) -> Result<Factors, StrategyError>;
}

/// The configuration of a modulation as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait ModulationSpec: AnyPart<AModulation> + Debug + Send + Sync {}

doors!(Modulation, AModulation, ModulationSpec, ModulationRun);

/// A running modulation.
pub trait ModulationRun: Stateful + Send {
    /// The factors.
    ///
    /// # Errors
    /// [`StrategyError`].
    fn factors(&mut self, view: &View<'_>, history: &[GrowthEvent]) -> Result<Factors, StrategyError>;
}

impl<P: Modulation> ModulationRun for Running<P, P::State> {
    fn factors(&mut self, view: &View<'_>, history: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        self.config.factors(&mut self.state, view, history)
    }
}

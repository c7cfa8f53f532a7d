//! What scales growth and survival.

use super::Part;
use super::spec::{AnyPart, doors};
use crate::strategy::{StrategyError, View};
use dentate_core::{Running, Stateful};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

mod ageing;
mod no_modulation;
mod novelty;
mod product;
mod stress;
pub use ageing::Ageing;
pub use no_modulation::NoModulation;
pub use novelty::Novelty;
pub use product::Product;
pub use stress::Stress;

/// What a modulation says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// On the number of units that grow.
    pub growth: f64,
    /// On how easily newborns stay.
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

/// A growth that has happened, and whether it paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grown {
    /// Updates of the run by then.
    pub step: u64,
    /// Units that were born.
    pub units: usize,
    /// The loss before.
    pub before: Option<f64>,
    /// The first loss after.
    pub after: Option<f64>,
}

/// A part that scales growth and survival by what goes on. It is asked once on every occasion, before the others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no modulation",
    label = "it does not implement `Modulation`",
    note = "implement `dentate_growth::parts::Modulation` for `{Self}`; `cargo xtask new modulation NAME` makes one that works"
)]
pub trait Modulation: Part {
    /// The factors, which have to be finite and not negative. `history` is what has grown lately, oldest first.
    ///
    /// # Errors
    /// [`StrategyError`] ends the run.
    fn factors(
        &self,
        state: &mut Self::State,
        view: &View<'_>,
        history: &[Grown],
    ) -> Result<Factors, StrategyError>;
}

/// A modulation's configuration, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait ModulationSpec: AnyPart<AModulation> + Debug + Send + Sync {}

doors!(Modulation, AModulation, ModulationSpec, ModulationRun);

/// A modulation that is running.
pub trait ModulationRun: Stateful + Send {
    /// The factors.
    ///
    /// # Errors
    /// [`StrategyError`].
    fn factors(&mut self, view: &View<'_>, history: &[Grown]) -> Result<Factors, StrategyError>;
}

impl<P: Modulation> ModulationRun for Running<P, P::State> {
    fn factors(&mut self, view: &View<'_>, history: &[Grown]) -> Result<Factors, StrategyError> {
        self.config.factors(&mut self.state, view, history)
    }
}

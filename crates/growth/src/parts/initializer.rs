//! Initializers: the first weights of new units.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{LayerId, NewWeights, Running, Stateful, UnitId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

pub mod gradmax;
mod joined;
pub mod net2net_wider;
pub mod orthogonal;
pub mod random;
pub mod zero_fan_out;
pub use gradmax::GradMax;
pub use net2net_wider::Net2NetWider;
pub use orthogonal::Orthogonal;
pub use random::RandomStart;
pub use zero_fan_out::ZeroFanOut;

/// The initialisation of a layer's new units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// Weights of their own.
    Fresh {
        /// Incoming weights.
        incoming: NewWeights,
        /// Outgoing weights.
        outgoing: NewWeights,
        /// Initial biases.
        bias: f32,
    },
    /// Copies of existing units; each copy shares the outgoing weights with its original (Chen et al. 2016, Net2Net).
    Copies {
        /// The units to copy, one for each newborn.
        of: Vec<UnitId>,
        /// A copy's share of the outgoing weights, in `[0, 1]`.
        share: f32,
        /// Standard deviation of noise added to a copy's incoming weights.
        noise: f32,
    },
}

/// A part that initialises new units.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no initializer",
    label = "it does not implement `Initializer`",
    note = "implement `dentate_growth::parts::Initializer` for `{Self}`; `cargo xtask new initializer NAME` makes one that works"
)]
pub trait Initializer: Part {
    /// The initialisation of `units` new units of `layer`.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn initialize(
        &self,
        state: &mut Self::State,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start>;

    /// Returns whether new units leave the network's outputs unchanged.
    fn preserves_function(&self) -> bool {
        false
    }

    /// Returns whether new units are copies of existing ones. An initializer that answers [`Start::Copies`] must return
    /// true, or the run ends with an error. A copy changes its original's outgoing weights, which not every survival rule
    /// and mechanism allows.
    fn copies(&self) -> bool {
        false
    }

    /// Returns whether weights are computed from the adjacent layers, which then must not grow in the same plan.
    fn computes(&self) -> bool {
        false
    }
}

/// The configuration of an initializer as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait InitializerSpec: AnyPart<AnInitializer> + Debug + Send + Sync {}

doors!(Initializer, AnInitializer, InitializerSpec, InitializerRun);

/// A running initializer.
pub trait InitializerRun: Stateful + Send {
    /// The initialisation of `units` new units of `layer`.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn initialize(&mut self, view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start>;

    /// Returns whether new units leave the network's outputs unchanged.
    fn preserves_function(&self) -> bool;

    /// Returns whether new units are copies of existing ones.
    fn copies(&self) -> bool;

    /// Returns whether weights are computed from the adjacent layers.
    fn computes(&self) -> bool;
}

impl<P: Initializer> InitializerRun for Running<P, P::State> {
    fn initialize(&mut self, view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        self.config.initialize(&mut self.state, view, layer, units)
    }

    fn preserves_function(&self) -> bool {
        self.config.preserves_function()
    }

    fn copies(&self) -> bool {
        self.config.copies()
    }

    fn computes(&self) -> bool {
        self.config.computes()
    }
}

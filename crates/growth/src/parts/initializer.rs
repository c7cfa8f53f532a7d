//! Initializers: the first weights of new units.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{ConnectionId, LayerId, NewWeights, Running, Stateful, UnitId};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;

mod activations;
mod amplitudes;
pub mod firefly;
mod gain;
pub mod gradmax;
mod joined;
mod neighbourhood;
pub mod net2net_wider;
pub mod north_pre;
pub mod north_select;
pub mod north_weight;
pub mod random;
mod span;
pub mod splitting;
mod surroundings;
pub mod tiny;
#[cfg(test)]
mod toy;
pub mod variance_transfer;
pub mod zero_fan_out;
pub(crate) use activations::value as activation_value;
pub use firefly::Firefly;
pub(crate) use gain::{Gain, Sought};
pub use gradmax::GradMax;
pub use net2net_wider::Net2NetWider;
pub use north_pre::NorthPre;
pub use north_select::NorthSelect;
pub use north_weight::NorthWeight;
pub use random::RandomStart;
pub use splitting::Splitting;
pub use tiny::{Directions, Tiny};
pub use variance_transfer::VarianceTransfer;
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
    /// Copies that move away from their originals: the copy's incoming weights and bias change by `by` and `bias`, those of its original
    /// by the opposite, and each keeps half of the outgoing weights (Liu et al. 2019).
    Splits {
        /// The units to split, each once. There may be fewer than the new units that were asked for, or none.
        of: Vec<UnitId>,
        /// The change of incoming weights `[splits, columns]`, by connection.
        by: BTreeMap<ConnectionId, Array2<f32>>,
        /// The change of the biases, one for each split; empty for a layer without biases.
        bias: Vec<f32>,
    },
    /// Some of each: the number of new units, and how they start.
    Several(Vec<(usize, Start)>),
}

impl Start {
    /// The number of new units, of `asked` that were asked for.
    #[must_use]
    pub fn count(&self, asked: usize) -> usize {
        match self {
            Self::Fresh { .. } => asked,
            Self::Copies { of, .. } | Self::Splits { of, .. } => of.len(),
            Self::Several(parts) => parts.iter().map(|(units, start)| start.count(*units)).sum(),
        }
    }

    /// Returns whether any of the new units is a copy.
    #[must_use]
    pub fn copies(&self) -> bool {
        match self {
            Self::Fresh { .. } => false,
            Self::Copies { .. } | Self::Splits { .. } => true,
            Self::Several(parts) => parts.iter().any(|(_, start)| start.copies()),
        }
    }

    /// Returns whether weights of existing units move, beside those that a copy shares.
    #[must_use]
    pub fn moves(&self) -> bool {
        match self {
            Self::Fresh { .. } | Self::Copies { .. } => false,
            Self::Splits { .. } => true,
            Self::Several(parts) => parts.iter().any(|(_, start)| start.moves()),
        }
    }
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

    /// Returns whether new units are copies of existing ones. An initializer that answers [`Start::Copies`] or [`Start::Splits`] must
    /// return true, or the run ends with an error. A copy changes its original's outgoing weights, which not every survival rule
    /// and mechanism allows.
    fn copies(&self) -> bool {
        false
    }

    /// Returns whether the incoming weights of existing units change. An initializer that answers [`Start::Splits`] must return true.
    fn moves(&self) -> bool {
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

    /// Returns whether the incoming weights of existing units change.
    fn moves(&self) -> bool;

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

    fn moves(&self) -> bool {
        self.config.moves()
    }

    fn computes(&self) -> bool {
        self.config.computes()
    }
}

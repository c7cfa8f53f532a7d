//! How newborn units start.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{LayerId, NewWeights, Running, Stateful, UnitId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

mod gradmax;
mod joined;
mod net2net_wider;
mod orthogonal;
mod random;
mod zero_fan_out;
pub use gradmax::GradMax;
pub use net2net_wider::Net2NetWider;
pub use orthogonal::Orthogonal;
pub use random::RandomStart;
pub use zero_fan_out::ZeroFanOut;

/// How the newborn units of a layer start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// With weights of their own.
    Fresh {
        /// What comes in.
        incoming: NewWeights,
        /// What goes out.
        outgoing: NewWeights,
        /// What their biases start at.
        bias: f32,
    },
    /// Each as a copy of a unit that is there, which shares its outgoing weights with the copy (Chen et al. 2016, Net2Net).
    Copies {
        /// The units to copy, one for each newborn.
        of: Vec<UnitId>,
        /// A copy's share of the outgoing weights, in `[0, 1]`.
        share: f32,
        /// Standard deviation of noise added to a copy's incoming weights.
        noise: f32,
    },
}

/// A part that says how newborn units start.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no initializer",
    label = "it does not implement `Initializer`",
    note = "implement `dentate_growth::parts::Initializer` for `{Self}`; `cargo xtask new initializer NAME` makes one that works"
)]
pub trait Initializer: Part {
    /// How `units` new units of `layer` start.
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

    /// Whether units that start so leave what the network puts out as it was.
    fn preserves_function(&self) -> bool {
        false
    }

    /// Whether they start as copies of units that are there: an initializer that answers [`Start::Copies`] has to return true, or
    /// the run ends with an error. A copy changes its model's outgoing weights, which not every survival rule and mechanism allows.
    fn copies(&self) -> bool {
        false
    }

    /// Whether it works their weights out from the layers beside theirs, which must then not grow in the same plan.
    fn computes(&self) -> bool {
        false
    }
}

/// An initializer's configuration, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait InitializerSpec: AnyPart<AnInitializer> + Debug + Send + Sync {}

doors!(Initializer, AnInitializer, InitializerSpec, InitializerRun);

/// An initializer that is running.
pub trait InitializerRun: Stateful + Send {
    /// How `units` new units of `layer` start.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn initialize(&mut self, view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start>;

    /// Whether units that start so leave what the network puts out as it was.
    fn preserves_function(&self) -> bool;

    /// Whether they start as copies of units that are there.
    fn copies(&self) -> bool;

    /// Whether their weights are worked out from the layers beside theirs.
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

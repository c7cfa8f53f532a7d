//! Placements: the layers and connections that grow.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::View;
use dentate_core::{ConnectionId, Graph, LayerId, Normalisation, Running, Stateful};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

pub mod best_gain;
pub mod circulation;
pub mod deeper;
pub mod everywhere;
pub mod given;
pub mod highest_error;
pub mod least_spare;
pub mod round_robin;
pub use best_gain::BestGain;
pub use circulation::Circulation;
pub use deeper::{Block, Deeper};
pub use everywhere::Everywhere;
pub use given::Given;
pub use highest_error::HighestError;
pub use least_spare::LeastSpare;
pub use round_robin::RoundRobin;

/// A place to grow at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Widens a layer.
    Wider {
        /// The layer.
        layer: LayerId,
        /// The number of units to add.
        units: usize,
    },
    /// Inserts an identity layer into a connection; it is as wide as the connection's source.
    Deeper {
        /// The connection.
        connection: ConnectionId,
    },
    /// Inserts a residual block into a connection: its source's outputs, plus those of a layer of the same width whose outgoing weights start
    /// at 0.
    Residual {
        /// The connection.
        connection: ConnectionId,
        /// The normalisation of the layer beside the skip connection.
        normalisation: Normalisation,
    },
}

/// A part that decides where to grow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no placement",
    label = "it does not implement `Placement`",
    note = "implement `dentate_growth::parts::Placement` for `{Self}`; `cargo xtask new placement NAME` makes one that works"
)]
pub trait Placement: Part {
    /// The places for `units` new units. An empty answer is a refusal: nothing grows this time.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn place(&self, state: &mut Self::State, view: &View<'_>, units: usize) -> Answered<Vec<Place>>;

    /// Returns whether it only ever widens layers.
    fn widens_only(&self) -> bool {
        true
    }

    /// Returns whether the layers that it inserts leave the outputs of any network unchanged.
    fn preserves_function(&self) -> bool {
        self.widens_only()
    }

    /// Returns whether it adds layers beside others, and does not only insert them into connections.
    fn adds_layers(&self) -> bool {
        false
    }

    /// The layers of a network that it may ever widen.
    fn places(&self, graph: &Graph) -> Vec<LayerId> {
        graph.hidden().map(|layer| layer.id).collect()
    }

    /// Returns whether it may widen several of them in one plan.
    fn widens_several(&self) -> bool {
        false
    }
}

/// The configuration of a placement as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait PlacementSpec: AnyPart<APlacement> + Debug + Send + Sync {}

doors!(Placement, APlacement, PlacementSpec, PlacementRun);

/// A running placement.
pub trait PlacementRun: Stateful + Send {
    /// The places for `units` new units.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn place(&mut self, view: &View<'_>, units: usize) -> Answered<Vec<Place>>;
    /// Returns whether it only ever widens layers.
    fn widens_only(&self) -> bool;
    /// Returns whether inserted layers leave outputs unchanged.
    fn preserves_function(&self) -> bool;
    /// Returns whether it adds layers beside others.
    fn adds_layers(&self) -> bool;
    /// The layers of a network that it may ever widen.
    fn places(&self, graph: &Graph) -> Vec<LayerId>;

    /// Returns whether it may widen several layers in one plan.
    fn widens_several(&self) -> bool;
}

impl<P: Placement> PlacementRun for Running<P, P::State> {
    fn place(&mut self, view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        self.config.place(&mut self.state, view, units)
    }

    fn widens_only(&self) -> bool {
        self.config.widens_only()
    }

    fn preserves_function(&self) -> bool {
        self.config.preserves_function()
    }

    fn adds_layers(&self) -> bool {
        self.config.adds_layers()
    }

    fn places(&self, graph: &Graph) -> Vec<LayerId> {
        self.config.places(graph)
    }

    fn widens_several(&self) -> bool {
        self.config.widens_several()
    }
}

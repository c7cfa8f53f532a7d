//! Growth strategies: whether, when and how a network changes its architecture. A strategy proposes changes; it never
//! touches a weight, is independent of the backend, and is found at link time by its registration.

pub mod autogrow;
mod change;
pub mod composed;
mod composition;
pub mod continual_backprop;
pub mod dynamic_node_creation;
pub mod firefly;
pub mod fixed;
mod law;
pub mod net2net;
pub mod north;
pub mod parts;
pub mod progressive_columns;
mod prospect;
pub mod redo;
mod register;
mod registered;
mod replacement_budget;
pub mod saturation_growth;
pub mod self_expanding;
pub mod splitting_steepest_descent;

mod strategy;

pub use autogrow::AutoGrow;
pub use change::Change;
pub use composed::{Composed, Plasticity, PruneBy, Pruning, Schedule};
pub use continual_backprop::ContinualBackprop;
pub use dynamic_node_creation::DynamicNodeCreation;
pub use firefly::Firefly;
pub use fixed::Fixed;
pub use law::Law;
pub use net2net::{Net2Net, Way};
pub use north::{North, NorthStart};
pub use progressive_columns::ProgressiveColumns;
pub use prospect::{CheckPeriod, Checks, Prospect};
pub use redo::{DormancyScore, Redo};
pub use registered::{AnyGrowth, Growth, GrowthRun};
pub use replacement_budget::{Rounding, UtilityMeasure};
pub use saturation_growth::SaturationGrowth;
pub use self_expanding::SelfExpanding;
pub use splitting_steepest_descent::SplittingSteepestDescent;
pub use strategy::{
    Action, GrowthStrategy, Hook, Phase, Reason, Select, StopReason, StrategyError, Until, View,
};

/// Items that the expansion of the registration macro needs; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

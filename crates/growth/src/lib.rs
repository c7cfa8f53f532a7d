//! Growth strategies: what a network may become, when, and how. A strategy proposes; it never touches a weight, knows no
//! backend, and is found at link time by its registration.

mod composed;
mod continual_backprop;
mod doing;
mod dynamic_node_creation;
mod fixed;
mod law;
mod owed;
pub mod parts;
mod progressive_columns;
mod prospect;
mod redo;
mod register;
mod registered;

mod strategy;

pub use composed::{Composed, Least, Plasticity, Pruning, Schedule};
pub use continual_backprop::ContinualBackprop;
pub use doing::Doing;
pub use dynamic_node_creation::DynamicNodeCreation;
pub use fixed::Fixed;
pub use law::Law;
pub use owed::{Merit, Rounding};
pub use progressive_columns::ProgressiveColumns;
pub use prospect::{Prospect, Within};
pub use redo::Redo;
pub use registered::{AnyGrowth, Growth, GrowthRun};
pub use strategy::{
    Action, GrowthStrategy, Occasion, Phase, Reason, Select, StopReason, StrategyError, Until, View,
};

/// What the registration macro expands to needs these; not for use by name.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

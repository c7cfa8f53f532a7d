//! Growing self-organising maps: learners without gradients, made of prototypes and of edges between them.
//!
//! A **map** is a set of units, each with a *prototype* `w_i`, a point in the data space, and edges that define which units
//! are neighbours. A *signal* `x` is one row. The *winner* is the unit nearest to it, the *second* the next. Each algorithm
//! defines how winner and neighbours move, when a unit is added, and when an edge or unit is removed:
//!
//! | learner | edges | grows |
//! | --- | --- | --- |
//! | [`GrowingNeuralGas`] | between winners and seconds, with ages | every λ signals, where the error is largest |
//! | [`GrowingNeuralGasUtility`] | likewise | likewise; units of low utility are removed |
//! | [`GrowWhenRequired`] | likewise | where a signal is far from a winner that has won often |
//! | [`GrowingSelfOrganisingMap`] | a grid | at the rim, where the error passes a threshold |
//! | [`GrowingGrid`] | a grid | a row or column, beside the unit that won most |
//! | [`SelfOrganisingMap`] | a grid | never: a control |
//! | [`KMeans`] | none | never: a control |
//!
//! Each is a [`Learner`](dentate_core::Learner) that suites can name, with lineage, journal and checkpoints: its units are
//! the layer `codebook` of its architecture. Each can also be used as a plain library on arrays: see [`Builder`].

mod builder;
mod codebook;
mod configuration;
mod edges;
mod engine;
mod export;
mod fading;
mod fitted;
mod gas;
mod grid;
pub mod grow_when_required;
pub mod growing_grid;
pub mod growing_neural_gas;
pub mod growing_neural_gas_utility;
pub mod growing_self_organising_map;
pub mod k_means;
mod learner;
mod lineage;
mod nearest;
mod notes;
mod reading;
mod rule;
pub mod self_organising_map;
mod twin;
mod votes;

pub use builder::Builder;
pub use export::MapGraph;
pub use fitted::{FitError, Fitted};
pub use grow_when_required::GrowWhenRequired;
pub use growing_grid::GrowingGrid;
pub use growing_neural_gas::GrowingNeuralGas;
pub use growing_neural_gas_utility::GrowingNeuralGasUtility;
pub use growing_self_organising_map::GrowingSelfOrganisingMap;
pub use k_means::KMeans;
pub use reading::Reading;
pub use rule::Rule;
pub use self_organising_map::SelfOrganisingMap;

#[cfg(test)]
mod tests;

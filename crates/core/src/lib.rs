//! The core types of Dentate: graphs of layers, growth as a transaction, and the contracts between learners, backends
//! and sources of data. It contains no training, no file access and no tensor library.
//!
//! A network's architecture is a [`Graph`]. It changes only by a [`Plan`]: [`Graph::apply`] applies all of it or
//! none and returns a [`Receipt`], which weights, moments, importances and masks follow by one rule ([`Carry::apply`]).

mod apply;
mod backend;
mod cause;
pub mod config;
mod config_error;
pub mod data;
mod expr;
mod graph;
mod growing_network;
mod ids;
mod init;
mod journal;
mod layer;
mod learner;
mod least_squares;
mod lineage;
pub mod linear_algebra;
mod measure;
pub mod metrics;
mod missing_head;
mod network;
mod noise;
mod notes;
mod objective;
mod plan;
pub mod profile;
mod receipt;
pub mod record;
pub mod registry;
mod seed;
mod silences;
pub mod slot;
pub mod source;
mod space;
pub mod spectrum;
pub mod state;
mod tally;

pub use apply::{MAX_PARAMETERS, MAX_VALUES, MAX_WIDTH, PlanError, Problem, Replacement};
pub use backend::{Backend, BackendError, Clock, Purpose, Snapshot, StepStats};
pub use cause::{Cause, Observation};
pub use config::Config;
pub use config_error::ConfigError;
pub use data::{Dataset, MissingRow, Rows, Samples, Segment, Targets};
pub use expr::{Binary, Expr, Node, Over, Reduction, TooLarge, Unary};
pub use graph::{AssemblyError, Broken, Connection, Gain, Graph, NextIds, Parameter};
pub use growing_network::{GrowError, GrowingNetwork, SavedNetworkState};
pub use ids::{ConnectionId, DataId, LayerId, TaskId, UnitId};
pub use init::{BiasInit, Init, NewWeights};
pub use journal::{Architecture, Event, Journal};
pub use layer::{Activation, Head, Layer, Moment, Normalisation, Origin, Role, Unit};
pub use learner::{
    AnyLearner, Arrays, BuildContext, Examined, ExperienceFacts, GrowthLog, LearnError, Learner,
    LearnerMemory, LearnerRecipe, LearnerSpec, Losses, MetricLog, NoCosts, Predictions, Progress, Protocol,
    RunCosts, SavedState, StreamFacts, TwinBudget, Unsuited, scaled_widths,
};
pub use least_squares::{least_squares, solve_positive};
pub use lineage::lineage;
pub use measure::{Measured, Meter, MeterKind, Readings, Request};
pub use missing_head::MissingHead;
pub use network::{Inputs, Network, NetworkError, Scaling};
pub use noise::Noise;
pub use notes::Notes;
pub use objective::{Active, Loss, Objective, Optimizer, Penalty, Power, Route, Target, Term};
pub use plan::{Edit, LrScaleOf, NewLayer, Plan, PlanBuilder, mlp};
pub use receipt::{Adjustment, Axis, Birth, Carry, Death, FoldMean, Receipt};
pub use record::Record;
pub use seed::{Random, Seed};
pub use silences::Silences;
pub use slot::{Slot, SlotKind};
pub use source::{Access, ExperienceInfo, Refused, Scenario, Source, TargetKind, TaskInfo};
pub use space::{Grid, Groups, Link, Pool, Window, drops};
pub use state::{Running, State, StateError, Stateful};
pub use tally::{Hits, Tallies, Tally, TaskHits};

/// The crate that configurations derive their schema with.
pub use schemars;

/// Items that the registration macros expand to; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
    pub use schemars;
    pub use serde;
    pub use typetag;
}

//! The vocabulary of Dentate: graphs of layers, growth as a transaction, and the contracts between learners, backends
//! and sources of data. No training, no files, no tensor library.

pub mod data;
mod ids;
pub mod record;
pub mod registry;
mod seed;
pub mod source;

pub use data::{Dataset, Rows, Samples, Segment, Targets};
pub use ids::{ConnectionId, DataId, LayerId, TaskId, UnitId};
pub use record::Record;
pub use seed::{Random, Seed};
pub use source::{Access, ExperienceInfo, Refused, Scenario, Source, TargetKind, TaskInfo};

//! The gradient learner and the continual-learning methods around it: naive fine-tuning (nothing set), joint training
//! (`scope = "everything"`), experience replay (`rehearsal`) and regularisers (`regulariser`), each with any growth strategy.

mod alone;
mod asking;
mod batch;
mod books;
mod config;
mod examining;
mod heads;
mod learner;
mod lives;
mod network;
mod phase;
mod regulariser;
mod replay;
mod saving;
mod stability;
mod suiting;

pub use config::{Budget, Gradient};
pub use learner::GradientLearner;
pub use network::{Maps, Pooling};
pub use regulariser::{
    AnyRegulariser, ElasticWeightConsolidation, Fisher, Lesson, Regulariser, RegulariserRun, RegulariserSpec,
    SynapticIntelligence, Update,
};
pub use replay::{Replay, Reservoir};

/// What the registration macro expands to needs these; not for use by name.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

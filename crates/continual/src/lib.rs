//! The gradient learner and continual-learning methods: naive fine-tuning (default), joint training (`protocol = "joint"`),
//! and mechanisms such as experience replay and elastic weight consolidation (`mechanisms`), each with any growth strategy.

mod alone;
mod batch;
mod buffer;
mod building;
mod config;
mod context;
mod conv;
mod examining;
mod growing;
mod heads;
mod learner;
mod mechanism;
mod mechanisms;
mod network;
mod phase;
mod predicting;
mod recipe;
mod selecting;
mod stability;
mod starting;
mod stats;
mod suiting;
mod survival_tracker;
mod train_loop;
mod train_state;
mod training;

pub use buffer::{AnyBuffer, Buffer, BufferSpec, BufferView, ClassBalanced, Kept, Memory, Reservoir, Ring};
pub use config::{Budget, Gradient};
pub use conv::{ConvLayer, Pooling};
pub use learner::GradientLearner;
pub use mechanism::{
    AnyMechanism, Batch, Context, Lens, Mechanism, MechanismRun, MechanismSpec, Needs, Outputs, Pass, Sight,
    Then, Update, Views, Work,
};
pub use mechanisms::{
    AveragedGradientEpisodicMemory, DarkExperienceReplay, ElasticWeightConsolidation, ExperienceReplay,
    Fisher, HareAndTortoise, L2, L2Init, LearningWithoutForgetting, PackNet, ShrinkAndPerturb,
    SynapticIntelligence, UtilityPerturbedGradientDescent,
};

/// Items that the expansion of the registration macro needs; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

//! The gradient learner and the continual-learning methods around it: naive fine-tuning (nothing set), joint training
//! (`scope = "everything"`), and mechanisms such as experience replay and elastic weight consolidation (`mechanisms`), each with
//! any growth strategy.

mod alone;
mod batch;
mod books;
mod buffer;
mod building;
mod config;
mod course;
mod desk;
mod examining;
mod growing;
mod heads;
mod learner;
mod lives;
mod maps;
mod mechanism;
mod mechanisms;
mod network;
mod phase;
mod predicting;
mod recipe;
mod selecting;
mod stability;
mod starting;
mod suiting;
mod trainee;
mod training;

pub use buffer::{AnyBuffer, Buffer, BufferSpec, ClassBalanced, Kept, Memory, Reservoir, Ring, Shelf};
pub use config::{Budget, Gradient};
pub use learner::GradientLearner;
pub use maps::{Maps, Pooling};
pub use mechanism::{
    AnyMechanism, Batch, Context, Lens, Mechanism, MechanismRun, MechanismSpec, Needs, Outputs, Pass, Sight,
    Then, Update, Views, Work,
};
pub use mechanisms::{
    AveragedGradientEpisodicMemory, DarkExperienceReplay, ElasticWeightConsolidation, ExperienceReplay,
    Fisher, HareAndTortoise, L2, L2Init, LearningWithoutForgetting, PackNet, ShrinkAndPerturb,
    SynapticIntelligence, UtilityPerturbedGradientDescent,
};

/// What the registration macro expands to needs these; not for use by name.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

//! The gradient learner and continual-learning methods: naive fine-tuning (default), joint training (`protocol = "joint"`),
//! and mechanisms such as experience replay and elastic weight consolidation (`mechanisms`), each with any growth strategy.

mod alone;
mod batch;
mod budget;
pub mod buffer;
mod building;
mod clip;
mod config;
mod context;
mod conv;
mod examining;
mod growing;
mod heads;
mod learner;
mod mechanism;
pub mod mechanisms;
mod network;
mod newborn_gradients;
mod phase;
mod predicting;
mod recipe;
mod rehearsal;
mod reset_changes;
mod schedule;
mod selecting;
mod stability;
mod starting;
mod stats;
mod suiting;
mod survival_tracker;
mod train_loop;
mod train_state;
mod training;
mod twin;

pub use budget::Budget;
pub use buffer::{
    AnyBuffer, Buffer, BufferSpec, BufferView, ClassBalanced, GreedyBalanced, Memory, Reservoir, Ring,
    StoredRow,
};
pub use clip::Clip;
pub use config::Gradient;
pub use conv::{ConvLayer, Pooling};
pub use learner::GradientLearner;
pub use mechanism::{
    AnyMechanism, Batch, Context, Holds, Lens, Mechanism, MechanismRun, MechanismSpec, Needs, Outputs, Pass,
    Query, Sight, Then, Update, Views, Work,
};
pub use mechanisms::{
    AdamO, Arriving, AsymmetricCrossEntropyReplay, AveragedGradientEpisodicMemory, DarkExperienceReplay,
    Distribution, DynamicallyExpandableNetwork, ElasticWeightConsolidation, ExperienceReplay, Fire, Fisher,
    Form, GDumb, HareAndTortoise, IsometryScale, L2, L2Init, LearningWithoutForgetting, MemoryAwareSynapses,
    NearestMeanOfExemplars, PackNet, Regrow, ShrinkAndPerturb, SoftShrinkAndPerturb, SparseTurnover,
    SpectralRegularisation, SynapticIntelligence, UtilityMaximum, UtilityPerturbedGradientDescent,
    UtilityScope, WeightClipping,
};
pub use schedule::{Schedule, ScheduleUnit};

/// Items that the expansion of the registration macro needs; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}

//! The items that most programs use: `use dentate::prelude::*;`.
//!
//! The traits that plugins implement are in their modules: [`growth`](crate::growth), [`continual`](crate::continual),
//! [`streams`](crate::streams), [`core`](crate::core).

pub use crate::backends::{Choice, Device};
pub use crate::continual::{
    AveragedGradientEpisodicMemory, Budget, ClassBalanced, ConvLayer, DarkExperienceReplay,
    ElasticWeightConsolidation, ExperienceReplay, Gradient, HareAndTortoise, L2, L2Init,
    LearningWithoutForgetting, PackNet, Reservoir, Ring, ShrinkAndPerturb, SynapticIntelligence,
    UtilityPerturbedGradientDescent,
};
pub use crate::core::metrics::AccuracyMatrix;
pub use crate::core::{
    Activation, Config, Init, Learner, Network, Normalisation, Optimizer, Progress, Record, Scenario, Seed,
};
pub use crate::growth::{Composed, ContinualBackprop, DynamicNodeCreation, Fixed, ProgressiveColumns, Redo};
pub use crate::learners::maps::{
    GrowWhenRequired, GrowingGrid, GrowingNeuralGas, GrowingNeuralGasUtility, GrowingSelfOrganisingMap,
    KMeans, SelfOrganisingMap,
};
pub use crate::learners::neurogenesis::NeurogenesisDeepLearning;
pub use crate::session::{
    EvaluateOn, EvaluateTasks, Evaluation, Experiment, NetworkFiles, Outcome, Protocol, SavedSession,
    Session, Step,
};
pub use crate::streams::data::{Cifar10, Cifar100, ColouredShapes, Digits, FirstOf, ImageFolder, Mnist, Npy};
pub use crate::streams::{
    BitFlip, DataEnv, Experiences, Motion, Moving, Permuted, Problem, ProblemName, Rotated, Shape, ShapeName,
    Split, Stream,
};
pub use crate::{config, register, state};

//! The items that most programs use: `use dentate::prelude::*;`.
//!
//! The traits that plugins implement are in their modules: [`growth`](crate::growth), [`continual`](crate::continual),
//! [`streams`](crate::streams), [`core`](crate::core).

pub use crate::backends::{Choice, Device};
pub use crate::continual::{
    AdamO, AsymmetricCrossEntropyReplay, AveragedGradientEpisodicMemory, Budget, ClassBalanced, Clip,
    ConvLayer, DarkExperienceReplay, DynamicallyExpandableNetwork, ElasticWeightConsolidation,
    ExperienceReplay, Fire, GDumb, Gradient, GreedyBalanced, HareAndTortoise, L2, L2Init,
    LearningWithoutForgetting, MemoryAwareSynapses, NearestMeanOfExemplars, PackNet, Reservoir, Ring,
    Schedule, ScheduleUnit, ShrinkAndPerturb, SoftShrinkAndPerturb, SparseTurnover, SpectralRegularisation,
    SynapticIntelligence, UtilityPerturbedGradientDescent, WeightClipping,
};
pub use crate::core::metrics::AccuracyMatrix;
pub use crate::core::{
    Activation, BiasInit, Config, Init, Learner, Network, Normalisation, Optimizer, Progress, Record,
    Scenario, Seed,
};
pub use crate::growth::{
    AutoGrow, Composed, ContinualBackprop, DynamicNodeCreation, Firefly, Fixed, Net2Net, North,
    ProgressiveColumns, Redo, SaturationGrowth, SelfExpanding, SplittingSteepestDescent,
};
pub use crate::learners::closed_form::{NearestClassMean, RanPac, StreamingLinearDiscriminantAnalysis};
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
    BitFlip, Bursts, DataEnv, Experiences, Motion, Moving, Permuted, PermutedLabels, Problem, ProblemName,
    RandomLabels, Rotated, Shape, ShapeName, Split, Stream, Unlearnable,
};
pub use crate::{config, register, state};

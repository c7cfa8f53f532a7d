//! The mechanisms provided by this crate.

mod averaged_gradient_episodic_memory;
mod dark_experience_replay;
mod elastic;
mod hare_and_tortoise;
mod learning_without_forgetting;
mod level;
mod packnet;
mod replay;
mod shrink_and_perturb;
mod synaptic;
mod utility_perturbed_gradient_descent;

pub use averaged_gradient_episodic_memory::AveragedGradientEpisodicMemory;
pub use dark_experience_replay::DarkExperienceReplay;
pub use elastic::{ElasticWeightConsolidation, Fisher};
pub use hare_and_tortoise::HareAndTortoise;
pub use learning_without_forgetting::LearningWithoutForgetting;
pub use level::{L2, L2Init};
pub use packnet::PackNet;
pub use replay::ExperienceReplay;
pub use shrink_and_perturb::ShrinkAndPerturb;
pub use synaptic::SynapticIntelligence;
pub use utility_perturbed_gradient_descent::UtilityPerturbedGradientDescent;

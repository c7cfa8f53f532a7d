//! The mechanisms that this crate brings.

mod elastic;
mod replay;
mod shrink_and_perturb;
mod synaptic;

pub use elastic::{ElasticWeightConsolidation, Fisher};
pub use replay::ExperienceReplay;
pub use shrink_and_perturb::ShrinkAndPerturb;
pub use synaptic::SynapticIntelligence;

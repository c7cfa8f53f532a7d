//! Protocols: the data that a learner sees in each phase.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The data that a learner sees in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// One experience after another: continual learning.
    #[default]
    Sequential,
    /// All experiences at once, as one: the offline reference.
    Joint,
    /// With each experience all data so far, continuing with the same network: the reference with unlimited memory.
    Cumulative,
    /// A new network for each experience, trained on that alone: the reference without transfer.
    Separate,
}

impl Protocol {
    /// The groups of experiences that are learned together, in the order of learning.
    #[must_use]
    pub fn groups(self, experiences: usize) -> Vec<Vec<usize>> {
        match self {
            Self::Sequential | Self::Separate => (0..experiences).map(|i| vec![i]).collect(),
            Self::Joint => vec![(0..experiences).collect()],
            Self::Cumulative => (0..experiences).map(|i| (0..=i).collect()).collect(),
        }
    }
}

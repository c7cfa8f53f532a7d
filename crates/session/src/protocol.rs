//! Which data a learner sees when.

use dentate_core::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which data a learner sees when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// One experience after the other: continual learning.
    #[default]
    Sequential,
    /// All experiences at once, as one: the offline reference.
    Joint,
    /// With each experience all data so far, the network going on: the reference without a limit of memory.
    Cumulative,
    /// A new network for each experience, which sees that alone: the reference without transfer.
    Separate,
}

impl Protocol {
    /// The protocol that a learner of this scope asks for.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        match scope {
            Scope::Current => Self::Sequential,
            Scope::Everything => Self::Joint,
        }
    }

    /// The experiences that are learned together, in the order in which they are learned.
    pub(crate) fn groups(self, experiences: usize) -> Vec<Vec<usize>> {
        match self {
            Self::Sequential | Self::Separate => (0..experiences).map(|i| vec![i]).collect(),
            Self::Joint => vec![(0..experiences).collect()],
            Self::Cumulative => (0..experiences).map(|i| (0..=i).collect()).collect(),
        }
    }
}

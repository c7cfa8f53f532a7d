//! The length of training on an experience.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The training budget of each experience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// Passes over the rows of the experience.
    Epochs(#[schemars(range(min = 1))] u64),
    /// Number of updates, over as many passes as needed.
    Updates(#[schemars(range(min = 1))] u64),
    /// Multiply-adds for training and measuring, over as many passes as needed: no update begins once they are spent, so that the last one may
    /// go beyond. Where rows go by only once, training ends with them at the latest.
    MultiplyAdds(#[schemars(range(min = 1))] u64),
    /// Number of updates for each experience, in order, those of strategies and mechanisms included. Where rows go by only once, training
    /// ends with them at the latest.
    UpdatesOfEach(#[schemars(inner(range(min = 1)))] Vec<u64>),
    /// Multiply-adds for each experience, in order, as in `multiply-adds`.
    MultiplyAddsOfEach(#[schemars(inner(range(min = 1)))] Vec<u64>),
}

impl Budget {
    /// The budget of one experience, counted from 0; none where a list has no entry for it.
    pub(crate) fn of(&self, experience: usize) -> Quota {
        let entry = |list: &[u64]| list.get(experience).copied().unwrap_or(0);
        match self {
            Self::Epochs(n) => Quota::Epochs(*n),
            Self::Updates(n) => Quota::Updates(*n),
            Self::MultiplyAdds(n) => Quota::MultiplyAdds(*n),
            Self::UpdatesOfEach(list) => Quota::AllUpdates(entry(list)),
            Self::MultiplyAddsOfEach(list) => Quota::MultiplyAdds(entry(list)),
        }
    }

    /// The number of experiences that it has an entry for, if it is a list.
    pub(crate) fn listed(&self) -> Option<usize> {
        match self {
            Self::UpdatesOfEach(list) | Self::MultiplyAddsOfEach(list) => Some(list.len()),
            _ => None,
        }
    }
}

/// The training budget of one experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quota {
    /// Passes over its rows.
    Epochs(u64),
    /// Updates of the learner's own.
    Updates(u64),
    /// Updates of all kinds.
    AllUpdates(u64),
    /// Multiply-adds.
    MultiplyAdds(u64),
}

impl Quota {
    /// Returns whether training ends with the rows where these go by only once.
    pub(crate) fn ends_with_rows(self) -> bool {
        matches!(self, Self::AllUpdates(_) | Self::MultiplyAdds(_))
    }
}

/// The costs of training, whoever has made an update: the learner, its strategy or a mechanism.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spent {
    pub(crate) updates: u64,
    pub(crate) multiply_adds: u64,
}

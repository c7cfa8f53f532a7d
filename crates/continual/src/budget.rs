//! The length of training on an experience.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The training budget of each experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// Passes over the rows of the experience.
    Epochs(#[schemars(range(min = 1))] u64),
    /// Number of updates, over as many passes as needed.
    Updates(#[schemars(range(min = 1))] u64),
}

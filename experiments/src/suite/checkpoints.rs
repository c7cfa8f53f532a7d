//! `[checkpoints]`: the checkpoint schedule.

use super::error::SuiteError;
use super::place::Place;
use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The checkpoint schedule. It affects no result, so it is not part of a run's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Checkpoints {
    /// Number of updates between checkpoints.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) updates: u64,
    /// Maximum share of a run's time for writing them, above 0 and at most 0.5. A checkpoint that is due is delayed
    /// accordingly.
    #[schemars(range(max = 0.5), extend("exclusiveMinimum" = 0))]
    pub(crate) share: f64,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self {
            updates: 1000,
            share: 0.05,
        }
    }
}

/// The suite's `[checkpoints]`.
pub(super) fn read(top: &Place<'_>) -> Result<Checkpoints, SuiteError> {
    let Some(table) = top.branch("checkpoints")? else {
        return Ok(Checkpoints::default());
    };
    let place = Place::new("[checkpoints]", table);
    schema::typed(&place, schemars::schema_for!(Checkpoints))?;
    place.read()
}

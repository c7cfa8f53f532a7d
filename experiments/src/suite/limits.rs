//! `[limits]`: limits on the cost of a run. A run beyond one is ended and reported as such.

use super::error::SuiteError;
use super::place::Place;
use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits of a suite's runs; an absent one is not enforced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Limits {
    /// Seconds of wall time, over all processes that continue a run.
    #[schemars(range(max = 1e9), extend("exclusiveMinimum" = 0))]
    pub(crate) time: Option<f64>,
    /// Maximum number of parameters of the network.
    #[schemars(range(min = 1))]
    pub(crate) parameters: Option<u64>,
    /// Total multiply-adds of training and measuring.
    #[schemars(range(min = 1))]
    pub(crate) multiply_adds: Option<u64>,
    /// Memory in MiB: the data segment of the process, on systems that can limit it.
    #[schemars(range(min = 64, max = 1_073_741_824))]
    pub(crate) memory: Option<u64>,
}

/// The suite's `[limits]`.
pub(super) fn read(top: &Place<'_>) -> Result<Limits, SuiteError> {
    let Some(table) = top.branch("limits")? else {
        return Ok(Limits::default());
    };
    let place = Place::new("[limits]", table);
    schema::typed(&place, schemars::schema_for!(Limits))?;
    place.read()
}

//! `[limits]`: what a run may cost before it is ended, as a row of the report that says so.

use super::error::SuiteError;
use super::place::Place;
use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits of a suite's runs; what is left out is not limited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Limits {
    /// Seconds of wall time, over all processes that go on with a run.
    #[schemars(range(max = 1e9), extend("exclusiveMinimum" = 0))]
    pub(crate) time: Option<f64>,
    /// Parameters of the network.
    #[schemars(range(min = 1))]
    pub(crate) parameters: Option<u64>,
    /// Multiply-adds spent on training and measuring in all.
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

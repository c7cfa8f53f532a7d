//! None: no scaling. The control.

use crate::parts::{Factors, GrowthEvent, Modulation, Part};
use crate::strategy::{StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of no modulation; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoModulation {}

impl Part for NoModulation {
    type State = ();
}

impl Modulation for NoModulation {
    fn factors(&self, _: &mut (), _: &View<'_>, _: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        Ok(Factors::default())
    }
}

crate::register!(
    modulation,
    NoModulation,
    "none",
    summary = "Factors of 1: the control.",
    citation = "control",
    source = include_str!("no_modulation.rs"),
);

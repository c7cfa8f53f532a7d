//! What survival rules judge a unit by.

use dentate_core::{MeterKind, Readings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A utility of a unit: a running mean over its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Utility {
    /// mean |h|.
    Activity,
    /// mean |h| · mean |w_out| (Dohare et al. 2024).
    #[default]
    Contribution,
}

impl Utility {
    /// The meter that it is read from.
    pub(crate) fn meter(self) -> MeterKind {
        match self {
            Self::Activity => MeterKind::Magnitude,
            Self::Contribution => MeterKind::Contribution,
        }
    }

    /// The utilities of a layer's units and their mean outputs.
    pub(crate) fn read(self, readings: &Readings) -> Option<(&[f32], &[f32])> {
        let of = |kind| readings.values.get(&kind).map(Vec::as_slice);
        Some((of(self.meter())?, of(MeterKind::Activation)?))
    }
}

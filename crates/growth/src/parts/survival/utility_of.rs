//! What survival rules judge a unit by.

use crate::prospect::Prospect;
use dentate_core::{MeterKind, Readings, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A utility of a unit: a running mean over its life, or what the loss would rise by without it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Utility {
    /// mean |h|.
    Activity,
    /// mean |h| · mean |w_out| (Dohare et al. 2024).
    #[default]
    Contribution,
    /// Σ |h · ∂L/∂h| over the rows of an update, a running mean: what the loss would change by without the unit, to first order
    /// (Molchanov et al. 2017, arXiv:1611.06440).
    Gradient,
    /// What the loss rises by on rows of the experience when the unit puts out its running mean instead (Mozer & Smolensky 1989,
    /// *Skeletonization*, NIPS 1, where it puts out 0): what its death would cost, since that mean is what it leaves behind.
    Ablation,
}

impl Utility {
    /// The meter that it is read from; of ablations, the one that says whose turn it is.
    pub(crate) fn meter(self) -> MeterKind {
        match self {
            Self::Activity => MeterKind::Magnitude,
            Self::Contribution | Self::Ablation => MeterKind::Contribution,
            Self::Gradient => MeterKind::Gradient,
        }
    }

    /// Ablations look at rows; the rest is metered along with training.
    pub(crate) fn suits(self, run: &Prospect<'_>, ablation: Ablation) -> Result<(), Unsuited> {
        if self != Self::Ablation || ablation.rows == 0 {
            return Ok(());
        }
        run.revisits(
            "utility",
            "`ablation`",
            "take `contribution`, which is metered along with training",
        )
    }

    /// What its meter says of a layer's units, and their mean outputs.
    pub(crate) fn read(self, readings: &Readings) -> Option<(&[f32], &[f32])> {
        let of = |kind| readings.values.get(&kind).map(Vec::as_slice);
        Some((of(self.meter())?, of(MeterKind::Activation)?))
    }
}

/// What is spent on ablations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ablation {
    /// Rows of the experience that the loss is measured on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Newborns of a layer that are judged at a look.
    #[schemars(range(min = 1))]
    pub candidates: usize,
}

impl Default for Ablation {
    fn default() -> Self {
        Self {
            rows: 256,
            candidates: 32,
        }
    }
}

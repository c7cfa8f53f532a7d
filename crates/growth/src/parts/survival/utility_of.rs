//! The utilities that survival rules evaluate units on.

use crate::prospect::Prospect;
use dentate_core::{MeterKind, Readings, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A utility of a unit: a running mean over its lifetime, or the rise of the loss without it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Utility {
    /// mean |h|.
    Activity,
    /// mean |h| · mean |w_out| (Dohare et al. 2024).
    #[default]
    Contribution,
    /// Σ |h · ∂L/∂h| over the rows of an update, a running mean: the first-order change of the loss without the unit
    /// (Molchanov et al. 2017, arXiv:1611.06440).
    Gradient,
    /// Σ |(h − ĥ) · ∂L/∂h|, likewise, with ĥ the unit's running mean: the first-order change of the loss when the unit's output is
    /// fixed at that mean, as its removal leaves it (GXD, arXiv:2605.06834). With 0 for ĥ it is `gradient`; its exact form is
    /// `ablation`.
    Gxd,
    /// Σ |∂L/∂z|, likewise, z being the unit's summed input: how much gradient reaches it (GraMa, arXiv:2505.24061). The paper
    /// divides by the layer's mean, which changes no comparison within a layer.
    Grama,
    /// Rise of the loss on rows of the experience when the unit's output is fixed at its running mean (Mozer & Smolensky
    /// 1989, *Skeletonization*, NIPS 1, where it is fixed at 0): the cost of its removal, since that mean is folded into
    /// biases.
    Ablation,
}

impl Utility {
    /// The meter that it is read from; for ablations, the one that selects the candidates.
    pub(crate) fn meter(self) -> MeterKind {
        match self {
            Self::Activity => MeterKind::Magnitude,
            Self::Contribution | Self::Ablation => MeterKind::Contribution,
            Self::Gradient => MeterKind::Gradient,
            Self::Gxd => MeterKind::CentredGradient,
            Self::Grama => MeterKind::GradientNorm,
        }
    }

    /// Checks that the utility suits a run: ablations need rows, everything else is metered during training.
    pub(crate) fn suits(self, run: &Prospect<'_>, ablation: Ablation) -> Result<(), Unsuited> {
        if self != Self::Ablation || ablation.rows == 0 {
            return Ok(());
        }
        run.revisits(
            "utility",
            "`ablation`",
            "use `contribution`, which is measured during training",
        )
    }

    /// The metered utilities of a layer's units, and their mean outputs.
    pub(crate) fn read(self, readings: &Readings) -> Option<(&[f32], &[f32])> {
        let of = |kind| readings.values.get(&kind).map(Vec::as_slice);
        Some((of(self.meter())?, of(MeterKind::Activation)?))
    }
}

/// Cost limits of ablations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ablation {
    /// Rows of the experience that the loss is measured on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// New units per layer that are evaluated at a check.
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

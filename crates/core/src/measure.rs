//! Measurements of a network: on demand ([`Request`]) and running along with training ([`Meter`]).

use crate::graph::Parameter;
use crate::ids::{LayerId, UnitId};
use crate::objective::Objective;
use crate::silences::Silences;
use crate::slot::Slot;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A measurement on a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Outputs of layers, `[rows, units]` each.
    Activations(Vec<LayerId>),
    /// Gradients of the objective with respect to layers' summed inputs, bias included and before normalisation, `[rows,
    /// units]` each, as they enter the mean: the sums that a new connection would add to.
    Gradients(Objective, Vec<LayerId>),
    /// The gradient that a connection from one layer to another would have if it existed with zero weights:
    /// `δ_toᵀ h_from`, `[units of to, units of from]` (GradMax).
    VirtualGradient {
        /// The objective.
        objective: Objective,
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
    },
    /// The values of parameter blocks.
    Parameters(Vec<Parameter>),
    /// The values of these blocks of a slot that was written.
    Slot(Slot, Vec<Parameter>),
    /// Squared errors of a layer's outputs against the rows' real targets, `[rows, units]`.
    SquaredErrors(LayerId),
    /// Mean over the units of (output − input)² for each row, `[rows, 1]`: the reconstruction error of a route.
    ReconstructionErrors(LayerId),
    /// The increase of the value of the objective's terms (penalties left out) when a unit's output is replaced by a constant on every
    /// row, `[1, units]` for each layer, one unit at a time: each needs a forward pass through the layers after it. It is 0
    /// where the route does not compute the layer, or the objective does not depend on it.
    ///
    /// With 0 this is the relevance of Mozer & Smolensky (1989, *Skeletonization*, NIPS 1, 107–115); with the unit's mean output
    /// it is the cost of pruning that folds the mean into the bias.
    Ablations {
        /// The objective.
        objective: Objective,
        /// Layers with some of their units, and the constant of each.
        layers: Vec<(LayerId, Vec<(UnitId, f32)>)>,
    },
}

/// The results of a measurement, in the order of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// One array per requested quantity, in the order documented at the [`Request`].
    pub arrays: Vec<Array2<f32>>,
}

/// A running statistic of every unit of a layer, accumulated inside each step.
///
/// All but [`MeterKind::Silence`] and [`MeterKind::Silences`] are `m ← decay · m + (1 − decay) · x` over the batch's `x`, and read with the bias correction
/// `m / (1 − decay^age)`, age being the number of updates since the unit's creation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    /// The layer whose units are measured.
    pub layer: LayerId,
    /// The accumulated statistic.
    pub of: MeterKind,
    /// Decay per update of the running means, in `[0, 1)`.
    pub decay: f32,
}

/// The statistic that a meter accumulates, for unit i with outputs h over the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MeterKind {
    /// mean h.
    Activation,
    /// mean |h|.
    Magnitude,
    /// mean |h| · mean |w_out| (Dohare et al. 2024, `contribution`).
    Contribution,
    /// mean |h − ĥ| · mean |w_out| / mean |w_in| (Dohare et al. 2024, `adaptable_contribution` in the authors' code), and 0 where
    /// all incoming weights are 0. ĥ is the reading of the layer's [`Activation`](Self::Activation) meter of the same decay,
    /// this batch included; that meter has to be declared too.
    AdaptableContribution,
    /// Σ |h · ∂L/∂h| over the rows, L the mean that is minimised (penalties left out): the change of the loss, to
    /// first order, if the unit's output were 0 (Molchanov et al. 2017, arXiv:1611.06440, with the absolute value taken row by row).
    /// An update whose errors do not reach the layer, because nothing learns there or before it or because no layer with a loss
    /// depends on it, leaves the meter unchanged.
    Gradient,
    /// Σ |(h − ĥ) · ∂L/∂h| over the rows, likewise: the change of the loss, to first order, if the unit's output were its mean ĥ.
    /// ĥ is the reading of the layer's [`Activation`](Self::Activation) meter of the same decay, this batch included; that meter
    /// has to be declared too.
    CentredGradient,
    /// Σ |∂L/∂z| over the rows and the unit's positions, z being its summed input, bias included and before normalisation: the
    /// gradients of its bias and its incoming weights are sums of products with these. Left unchanged where
    /// [`Gradient`](Self::Gradient) is, and where rows enter at the layer or it is substituted.
    GradientNorm,
    /// The number of rows since the unit last had an output other than 0, at any of its positions: a count, not a
    /// mean, so the decay has no effect. The rows of a batch count in order. A new unit starts at 0. The count stops at
    /// 2²⁴.
    Silence,
    /// The same count followed by a histogram of the silences that have ended, in the order of the rows: [`Silences::NUMBERS`]
    /// values for each unit, of which readings leave out what no unit of the layer has, and which [`Silences`] reads. Where a unit has an output other than 0, its count is entered, 0 too, and
    /// begins anew. A new unit's histogram is empty. Counts stop at 2²⁴.
    Silences,
}

impl MeterKind {
    /// The number of values that a meter holds for each unit.
    #[must_use]
    pub fn numbers(self) -> usize {
        match self {
            Self::Silences => Silences::NUMBERS,
            _ => 1,
        }
    }

    /// Returns whether it counts, so that its values are read as they are; all others are running means.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Silence | Self::Silences)
    }

    /// Returns whether it accumulates errors of a backward pass, and not outputs alone.
    #[must_use]
    pub fn follows_errors(self) -> bool {
        matches!(self, Self::Gradient | Self::CentredGradient | Self::GradientNorm)
    }

    /// Returns whether it needs the layer's [`Activation`](Self::Activation) meter of the same decay beside it.
    #[must_use]
    pub fn builds_on_means(self) -> bool {
        matches!(self, Self::AdaptableContribution | Self::CentredGradient)
    }
}

/// The readings of a layer's meters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Number of updates since each unit was created.
    pub age: Vec<u64>,
    /// Bias-corrected means and counts, [`MeterKind::numbers`] values for each unit.
    pub values: BTreeMap<MeterKind, Vec<f32>>,
}

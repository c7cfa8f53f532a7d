//! Reading a network: on demand ([`Request`]) and running along with training ([`Meter`]).

use crate::graph::Parameter;
use crate::ids::{LayerId, UnitId};
use crate::objective::Objective;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to measure on a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Outputs of layers, `[rows, units]` each.
    Activations(Vec<LayerId>),
    /// Gradients of the objective with respect to what layers sum up, bias included and before normalisation, `[rows,
    /// units]` each, as they enter the mean: what a new connection would add to.
    Gradients(Objective, Vec<LayerId>),
    /// The gradient that a connection from one layer to another would have if it were there with zero weights:
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
    /// Squared errors of a layer's outputs against the rows' real targets, `[rows, units]`.
    SquaredErrors(LayerId),
    /// Mean over the units of (output − input)² for each row, `[rows, 1]`: the reconstruction error of a route.
    ReconstructionErrors(LayerId),
    /// By how much the value of the objective's terms (penalties left out) rises when a unit puts out a constant on every row,
    /// `[1, units]` a layer, one unit at a time: a forward pass through what lies behind the layer for each of them. It is 0
    /// where the route does not compute the layer, or the objective does not depend on it.
    ///
    /// With 0 this is the relevance of Mozer & Smolensky (1989, *Skeletonization*, NIPS 1, 107–115), with the unit's mean output
    /// it is what pruning costs that leaves means behind.
    Ablations {
        /// The objective.
        objective: Objective,
        /// Layers with units of theirs, and the constant of each.
        layers: Vec<(LayerId, Vec<(UnitId, f32)>)>,
    },
}

/// What was measured, in the order of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The arrays.
    pub arrays: Vec<Array2<f32>>,
}

/// A running statistic of every unit of a layer, accumulated inside each step.
///
/// All but [`MeterKind::Silence`] are `m ← decay · m + (1 − decay) · x` over the batch's `x`, and read with its bias correction
/// `m / (1 − decay^age)`, age in updates since the unit was born.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    /// The layer.
    pub layer: LayerId,
    /// What is accumulated.
    pub of: MeterKind,
    /// The decay.
    pub decay: f32,
}

/// What a meter accumulates, for unit i with outputs h over the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MeterKind {
    /// mean h.
    Activation,
    /// mean |h|.
    Magnitude,
    /// mean |h| · mean |w_out| (Dohare et al. 2024, `contribution`).
    Contribution,
    /// mean |h − ĥ| · mean |w_out| / mean |w_in| (Dohare et al. 2024, `adaptable_contribution` in the authors' code), and 0 where
    /// no weight other than 0 comes in. ĥ is the reading of the layer's [`Activation`](Self::Activation) meter of the same decay,
    /// this batch included; such a meter has to be declared beside it.
    AdaptableContribution,
    /// Σ |h · ∂L/∂h| over the rows, L the mean that is minimised (penalties left out): how much the loss would change, to
    /// first order, if the unit were silent (Molchanov et al. 2017, arXiv:1611.06440, its absolute value taken row by row).
    /// An update whose errors do not reach the layer, because nothing learns there or before it or because no judged layer
    /// depends on it, leaves the meter as it is.
    Gradient,
    /// How many rows it has been since the unit last put out something other than 0, at any of its positions: a count, not a
    /// mean, so that the decay says nothing. The rows of a batch follow each other. A newborn begins at 0. The count stops at
    /// 2²⁴.
    Silence,
}

/// The readings of a layer's meters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Updates since each unit was born.
    pub age: Vec<u64>,
    /// Bias-corrected means, a value a unit.
    pub values: BTreeMap<MeterKind, Vec<f32>>,
}

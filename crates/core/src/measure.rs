//! Reading a network: on demand ([`Request`]) and running along with training ([`Meter`]).

use crate::graph::Parameter;
use crate::ids::LayerId;
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
}

/// What was measured, in the order of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The arrays.
    pub arrays: Vec<Array2<f32>>,
}

/// A running statistic of every unit of a layer, accumulated inside each step.
///
/// Each is `m ← decay · m + (1 − decay) · x` over the batch's `x`, and read with its bias correction
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
}

/// The readings of a layer's meters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Updates since each unit was born.
    pub age: Vec<u64>,
    /// Bias-corrected means, a value a unit.
    pub values: BTreeMap<MeterKind, Vec<f32>>,
}

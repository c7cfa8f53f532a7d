//! Layers: units that share an activation and a normalisation.

use crate::ids::{LayerId, TaskId, UnitId};
use crate::space::{Grid, Pool};
use ndarray::{Array2, ArrayView2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An elementwise activation. Derivatives are functions of the pre-activation z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// f(z) = z.
    Identity,
    /// f(z) = max(z, 0), f'(0) = 0.
    #[default]
    Relu,
    /// f(z) = max(z, 0), f'(0) = 1: a unit whose incoming weights are zero can learn (GradMax needs it).
    ReluLiveAtZero,
    /// f(z) = z for z > 0, else 0.01 z.
    LeakyRelu,
    /// f(z) = tanh z.
    Tanh,
    /// f(z) = 1 / (1 + e^−z).
    Sigmoid,
    /// f(z) = ln(1 + e^z).
    Softplus,
    /// f(z) = z Φ(z), Φ the normal distribution function (the exact form of Hendrycks & Gimpel 2016, by erf).
    Gelu,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::Relu,
        Self::ReluLiveAtZero,
        Self::LeakyRelu,
        Self::Tanh,
        Self::Sigmoid,
        Self::Softplus,
        Self::Gelu,
    ];

    /// Returns whether an identity layer with this activation passes its input on unchanged if that is this activation's own output:
    /// the condition for inserting a layer without changing the function.
    #[must_use]
    pub fn idempotent(self) -> bool {
        matches!(self, Self::Identity | Self::Relu | Self::ReluLiveAtZero)
    }
}

/// The normalisation of a layer's summed input, before the activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// No normalisation.
    #[default]
    None,
    /// Layer norm (Ba et al. 2016) over the layer's units and positions, ε = 1e-5, with a learned scale and shift for each
    /// unit. Widening such a layer changes its function.
    LayerNorm,
    /// Group norm (Wu & He 2018, arXiv:1803.08494) over groups of this many units and their positions; the last group may be
    /// smaller. Units are added at the end, so existing groups are unchanged when whole ones are added.
    GroupNorm(u32),
    /// Batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167): each unit over the batch and its positions during learning, and by
    /// running statistics (momentum 0.1, unbiased variance) otherwise. A frozen unit keeps its statistics.
    BatchNorm,
}

impl Normalisation {
    /// The number of units normalised together in a layer of this width; `None` for batch norm and no normalisation.
    #[must_use]
    pub fn group(self, width: usize) -> Option<usize> {
        match self {
            Self::LayerNorm => Some(width),
            Self::GroupNorm(size) => Some((size as usize).clamp(1, width.max(1))),
            Self::None | Self::BatchNorm => None,
        }
    }
}

/// The description of a head's outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The task it serves; `None` for a head shared by all tasks.
    pub task: Option<TaskId>,
    /// The class of each unit; empty where the units are real values.
    pub classes: Vec<u32>,
}

/// The role of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// The input layer.
    Input,
    /// A hidden layer.
    Hidden,
    /// An output layer.
    Head(Head),
}

/// A point in time of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The experience, from 0.
    pub experience: u32,
    /// The number of updates so far.
    pub step: u64,
}

/// The origin of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Part of the layer when it was added.
    Initial,
    /// Added to an existing layer.
    Grown,
    /// A copy of another unit.
    SplitFrom(UnitId),
    /// Replaces a removed unit.
    Replaced(UnitId),
}

/// A unit of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id, which never changes.
    pub id: UnitId,
    /// The moment of its birth. Its age is computed as now − born and never stored.
    pub born: Moment,
    /// Its origin.
    pub origin: Origin,
    /// Learning-rate scale of its incoming weights and its bias. 1 learns normally, 0 is frozen.
    pub incoming_lr_scale: f32,
    /// Minimum learning-rate scale of its outgoing weights, whatever the target unit's. 0 by default.
    pub outgoing_lr_scale: f32,
}

/// A layer: units on a grid, by default of a single position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its id.
    pub id: LayerId,
    /// Its name, unique in the graph.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Its activation.
    pub activation: Activation,
    /// Its normalisation.
    pub normalisation: Normalisation,
    /// True if its units have a bias.
    pub bias: bool,
    /// The positions of its summed input.
    pub grid: Grid,
    /// The pooling of its activations into outputs.
    pub pool: Pool,
    /// The fraction of its outputs set to 0 in training; the others are scaled up to compensate (inverted dropout,
    /// Srivastava et al. 2014).
    pub dropout: f32,
    /// Learning-rate scale of its own parameters (bias, scale and shift), multiplied by each unit's.
    pub lr_scale: f32,
    /// Its width group: layers of one group keep the same width.
    pub width_group: Option<u32>,
    /// Its units, in order.
    pub units: Vec<Unit>,
}

impl Layer {
    /// Number of units.
    #[must_use]
    pub fn width(&self) -> usize {
        self.units.len()
    }

    /// The grid of its outputs.
    #[must_use]
    pub fn outputs(&self) -> Grid {
        self.pool.over(self.grid).unwrap_or(Grid::POINT)
    }

    /// Number of output values for each row: units × positions.
    #[must_use]
    pub fn features(&self) -> usize {
        self.width() * self.outputs().positions()
    }

    /// Number of summed inputs for each row.
    #[must_use]
    pub fn sums(&self) -> usize {
        self.width() * self.grid.positions()
    }

    /// Reshapes its values, or its summed inputs, `[rows, units × positions]` to one column for each unit: `[rows × positions, units]`.
    #[must_use]
    pub fn unit_by_unit(&self, values: ArrayView2<'_, f32>) -> Array2<f32> {
        let positions = values.ncols() / self.width().max(1);
        Array2::from_shape_fn((values.nrows() * positions, self.width()), |(i, unit)| {
            values[(i / positions, unit * positions + i % positions)]
        })
    }

    /// The position of a unit in the layer.
    #[must_use]
    pub fn position(&self, unit: UnitId) -> Option<usize> {
        self.units.iter().position(|u| u.id == unit)
    }

    /// Its head, if it is one.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        match &self.role {
            Role::Head(head) => Some(head),
            _ => None,
        }
    }
}

//! What a layer is made of: units that share an activation and a normalisation.

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

    /// Whether an identity layer with this activation, fed with that activation's own output, passes it on unchanged:
    /// what inserting a layer needs to preserve the function.
    #[must_use]
    pub fn idempotent(self) -> bool {
        matches!(self, Self::Identity | Self::Relu | Self::ReluLiveAtZero)
    }
}

/// How a layer normalises its summed input before activating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// Not at all.
    #[default]
    None,
    /// Layer norm (Ba et al. 2016) over the layer's units and positions, ε = 1e-5, with a learned scale and shift for each
    /// unit. Widening such a layer changes its function.
    LayerNorm,
    /// Group norm (Wu & He 2018, arXiv:1803.08494) over groups of so many units and their positions; the last group may be
    /// smaller. Units are added at the end, so that old groups are kept when whole ones are added.
    GroupNorm(u32),
    /// Batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167): each unit over the batch and its positions while it learns, and by
    /// running statistics (momentum 0.1, unbiased variance) everywhere else. A unit that is frozen keeps its statistics.
    BatchNorm,
}

impl Normalisation {
    /// How many units are normalised together in a layer of so many; `None` where rows are, or nothing is.
    #[must_use]
    pub fn group(self, width: usize) -> Option<usize> {
        match self {
            Self::LayerNorm => Some(width),
            Self::GroupNorm(size) => Some((size as usize).clamp(1, width.max(1))),
            Self::None | Self::BatchNorm => None,
        }
    }
}

/// The outputs of a head and what they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The task it serves, or none for a head shared by all.
    pub task: Option<TaskId>,
    /// The class of each unit; empty where the units are real values.
    pub classes: Vec<u32>,
}

/// What a layer is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Where rows enter.
    Input,
    /// In between.
    Hidden,
    /// Where predictions leave.
    Head(Head),
}

/// When something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The experience, from 0.
    pub experience: u32,
    /// Updates made by then.
    pub step: u64,
}

/// Where a unit came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Part of a layer as it was added.
    Initial,
    /// Added to a layer that was there.
    Grown,
    /// A copy of another unit.
    SplitFrom(UnitId),
    /// In the place of a unit that died.
    Replaced(UnitId),
}

/// A living unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id, for life.
    pub id: UnitId,
    /// When it was born. Its age is now − born, never stored.
    pub born: Moment,
    /// Where it came from.
    pub origin: Origin,
    /// Rate of the weights that come in, and of its bias. 1 learns normally, 0 is frozen.
    pub incoming_rate: f32,
    /// Rate that its outgoing weights have at least, whatever the unit they lead to. 0 by default.
    pub outgoing_rate: f32,
}

/// A layer: units on a grid, of a single position unless it is said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its id.
    pub id: LayerId,
    /// Its name, unique in the graph.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Its activation.
    pub activation: Activation,
    /// Its normalisation.
    pub normalisation: Normalisation,
    /// Whether its units have a bias.
    pub bias: bool,
    /// The positions of what it sums up.
    pub grid: Grid,
    /// How its activations become outputs.
    pub pool: Pool,
    /// The share of its outputs that is set to 0 in training, the others being scaled up to make up for it (inverted dropout,
    /// Srivastava et al. 2014).
    pub dropout: f32,
    /// Rate of its own parameters (bias, scale and shift), on top of each unit's.
    pub rate: f32,
    /// Layers with the same tie keep the same width.
    pub tie: Option<u32>,
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

    /// Number of values that it puts out for a row: units × positions.
    #[must_use]
    pub fn features(&self) -> usize {
        self.width() * self.outputs().positions()
    }

    /// Number of values that it sums up for a row.
    #[must_use]
    pub fn sums(&self) -> usize {
        self.width() * self.grid.positions()
    }

    /// Its values, or those of its sums, `[rows, units × positions]`, as a column a unit: `[rows × positions, units]`.
    #[must_use]
    pub fn unit_by_unit(&self, values: ArrayView2<'_, f32>) -> Array2<f32> {
        let positions = values.ncols() / self.width().max(1);
        Array2::from_shape_fn((values.nrows() * positions, self.width()), |(i, unit)| {
            values[(i / positions, unit * positions + i % positions)]
        })
    }

    /// The place of a unit.
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

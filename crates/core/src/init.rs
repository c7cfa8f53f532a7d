//! Initialisation of new weights. Values are drawn on the host, so that every backend starts from the same bits.

use crate::ids::ConnectionId;
use crate::seed::Random;
use ndarray::Array2;
use rand::Rng;
use rand_distr::StandardNormal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An initialisation rule for new weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// All zeros.
    Zero,
    /// All the same value.
    Constant(f32),
    /// Uniform in ± the limit.
    Uniform(f32),
    /// Normal with mean 0 and this standard deviation.
    Normal(f32),
    /// Uniform in ±√(6 / fan-in): He et al. 2015, arXiv:1502.01852, for ReLU.
    #[default]
    He,
    /// Uniform in ±√(1 / fan-in): keeps the variance of identity-like layers; for weights the default of common
    /// frameworks, whose biases begin likewise ([`BiasInit::FanIn`]).
    FanIn,
    /// The identity matrix; in a convolution the identity in the middle of the kernel (a Dirac kernel).
    Identity,
}

impl Init {
    /// Draws a block `[rows, columns]`, `fan_in` being the number of inputs of a target unit on this connection, `each` the number
    /// of columns for each source unit.
    #[must_use]
    pub fn draw(
        self,
        (rows, columns): (usize, usize),
        each: usize,
        fan_in: usize,
        random: &mut Random,
    ) -> Array2<f32> {
        let fan_in = fan_in.max(1) as f32;
        match self {
            Self::Zero => Array2::zeros((rows, columns)),
            Self::Constant(value) => Array2::from_elem((rows, columns), value),
            Self::Uniform(limit) => uniform(rows, columns, limit, random),
            Self::Normal(std) => Array2::from_shape_simple_fn((rows, columns), || {
                random.sample::<f32, _>(StandardNormal) * std
            }),
            Self::He => uniform(rows, columns, (6.0 / fan_in).sqrt(), random),
            Self::FanIn => uniform(rows, columns, (1.0 / fan_in).sqrt(), random),
            Self::Identity => {
                let one = |i| i * each + each / 2;
                Array2::from_shape_fn((rows, columns), |(i, j)| if j == one(i) { 1.0 } else { 0.0 })
            }
        }
    }

    /// Its constant, if it has one.
    #[must_use]
    pub fn constant(self) -> Option<f32> {
        match self {
            Self::Constant(v) | Self::Uniform(v) | Self::Normal(v) => Some(v),
            _ => None,
        }
    }

    /// Returns whether its constant, if it has one, is finite.
    #[must_use]
    pub fn finite(self) -> bool {
        self.constant().is_none_or(f32::is_finite)
    }
}

fn uniform(rows: usize, columns: usize, limit: f32, random: &mut Random) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, columns), || (random.random::<f32>() * 2.0 - 1.0) * limit)
}

/// An initialisation rule for the biases of a new layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BiasInit {
    /// All the layer's constant, 0 unless it is set.
    #[default]
    Constant,
    /// Uniform in ±√(1 / fan-in) around the constant, fan-in being the number of weights into a unit: with [`Init::FanIn`] the default
    /// of common frameworks for linear layers and convolutions.
    FanIn,
}

impl BiasInit {
    /// Draws the biases `[1, width]` of a layer whose units have `fan_in` weights from all layers together.
    #[must_use]
    pub fn draw(self, width: usize, constant: f32, fan_in: usize, random: &mut Random) -> Array2<f32> {
        match self {
            Self::Constant => Array2::from_elem((1, width), constant),
            Self::FanIn => Init::FanIn.draw((1, width), 1, fan_in, random) + constant,
        }
    }
}

/// The initial weights of new units: a rule, and given values for some connections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NewWeights {
    /// The rule that draws them.
    pub rule: Init,
    /// Given values: the new units' rows of the block for incoming weights, their columns for outgoing ones, with the shapes
    /// after the plan.
    pub given: BTreeMap<ConnectionId, Array2<f32>>,
}

impl From<Init> for NewWeights {
    fn from(rule: Init) -> Self {
        Self {
            rule,
            given: BTreeMap::new(),
        }
    }
}

//! The objective, optimizer and route of a training step, as plain data.

use crate::ids::LayerId;
use crate::slot::Slot;
use crate::tally::Tally;
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// The loss of one term, a mean over its rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Loss {
    /// Softmax cross-entropy of the layer's pre-activations (its activation has to be the identity).
    CrossEntropy,
    /// Mean over rows and units of (output − target)².
    MeanSquared,
    /// Sum over units of the cross-entropy between softmax(target / T) and softmax(output / T), times T² (Hinton et al.
    /// 2015); targets are given logits.
    Distillation {
        /// T > 0.
        temperature: f32,
    },
}

/// The outputs that a loss uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Active {
    /// All units.
    #[default]
    All,
    /// These units (positions, rising); labels and values are counted among them only.
    Units(Vec<u32>),
}

/// The targets of a loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// The rows' labels: label `l` is the layer's unit at `unit_of[l]` (`None`, no such unit, is an error).
    Labels {
        /// Position of each label's unit.
        unit_of: Vec<Option<u32>>,
    },
    /// The rows' real targets.
    Values,
    /// The rows' inputs: reconstruction.
    Inputs,
    /// These values `[rows of the term, units of the layer]`.
    Given(Array2<f32>),
    /// The outputs of another layer for the same rows, without a gradient.
    Layer(LayerId),
}

/// One term of an objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Its rows of the batch; `None` for all.
    pub rows: Option<Range<usize>>,
    /// The layer whose output the loss is computed on.
    pub layer: LayerId,
    /// The units of the layer that are used.
    pub active: Active,
    /// The loss function.
    pub loss: Loss,
    /// The targets of the term's rows.
    pub target: Target,
    /// Its weight in the sum.
    pub weight: f32,
    /// The counting of its rows.
    #[serde(default)]
    pub tally: Tally,
}

impl Term {
    /// The places in a batch of `rows` rows that the term counts as rows of the stream; empty if it counts nothing.
    #[must_use]
    pub fn stream_rows(&self, rows: usize) -> Range<usize> {
        let all = self.rows.clone().unwrap_or(0..rows);
        match self.tally {
            Tally::None => all.start..all.start,
            Tally::Stream(n) => all.start..all.end.min(all.start.saturating_add(n)),
        }
    }
}

/// A quadratic penalty: `strength / 2 · Σ importance · (weight − anchor)²`, over all learned parameters; running statistics are
/// left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// The importance of each weight; 1 for each without one. A penalty reaches the blocks that its importance was reached in, and
    /// every block without one.
    pub importance: Option<Slot>,
    /// The reference values; 0 without one. With neither this is the L2 penalty.
    pub anchor: Option<Slot>,
    /// The factor.
    pub strength: f32,
}

/// The objective of a step: the sum of its terms and penalties, and factors on the update of the parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// The loss terms, which are summed.
    pub terms: Vec<Term>,
    /// The penalties on parameters, which are added to the terms.
    pub penalties: Vec<Penalty>,
    /// A factor from 0 to 1 on everything that an update writes into each entry, like its learning-rate scale: penalties and decay are
    /// scaled with the gradient. At 0 neither the entry nor its moments change at all, whatever the optimizer; above 0 moments
    /// accumulate the whole gradient, and the resulting step is scaled.
    ///
    /// Adam's time belongs to a block. It advances for all of it where any entry has a factor above 0, and not otherwise. A
    /// running statistic has a factor of its own, on how far it follows the batch: a unit with factors of 0 on all its weights still
    /// follows it unless its statistics have a factor of 0 too. Gradients and checks do not depend on any of this.
    ///
    /// The slot cannot be one that updates change: the parameters and the moments are refused.
    #[serde(default)]
    pub keep: Option<Slot>,
}

/// The power of single rows' gradients that is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Power {
    /// Their absolute values.
    Absolute,
    /// Their squares.
    Squared,
}

impl Power {
    /// Applies the power to a number.
    #[must_use]
    pub fn of(self, x: f32) -> f32 {
        match self {
            Self::Absolute => x.abs(),
            Self::Squared => x * x,
        }
    }
}

impl Objective {
    /// Returns whether it has no terms or penalties. If a strategy returns an empty objective, the learner uses its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.penalties.is_empty()
    }

    /// The slots that it reads.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        let of = |penalty: &Penalty| [penalty.importance, penalty.anchor];
        self.penalties.iter().flat_map(of).chain([self.keep]).flatten()
    }
}

/// An optimizer. Learning rates are per update and multiplied by each weight's learning-rate scale (`lr_scale`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Optimizer {
    /// Gradient descent: `v ← momentum · v + g`, `w ← w − learning_rate · lr_scale · v`.
    Sgd {
        /// Learning rate.
        #[schemars(extend("exclusiveMinimum" = 0))]
        learning_rate: f32,
        /// Momentum in `[0, 1)`.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        #[serde(default)]
        momentum: f32,
        /// L2 penalty added to the gradient: `g + weight_decay · w`.
        #[schemars(range(min = 0.0))]
        #[serde(default)]
        weight_decay: f32,
    },
    /// Adam (Kingma & Ba 2015, arXiv:1412.6980). Bias correction counts, for each weight, the updates by Adam that reached
    /// its block since the birth of the younger of its units, so the moments of new weights are corrected as new, also in an old
    /// network: for a connection between old layers, or a head that was made long before it is trained. A copy has the age of its
    /// original.
    Adam {
        /// Learning rate.
        #[schemars(extend("exclusiveMinimum" = 0))]
        learning_rate: f32,
        /// Decay of the first moment.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        #[serde(default = "beta1")]
        beta1: f32,
        /// Decay of the second moment.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        #[serde(default = "beta2")]
        beta2: f32,
        /// Added to the root of the second moment.
        #[schemars(extend("exclusiveMinimum" = 0))]
        #[serde(default = "epsilon")]
        epsilon: f32,
        /// L2 penalty added to the gradient.
        #[schemars(range(min = 0.0))]
        #[serde(default)]
        weight_decay: f32,
    },
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101):
    /// `w ← w − learning_rate · lr_scale · (m̂ / (√v̂ + ε) + weight_decay · w)`.
    AdamW {
        /// Learning rate.
        #[schemars(extend("exclusiveMinimum" = 0))]
        learning_rate: f32,
        /// Decay of the first moment.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        #[serde(default = "beta1")]
        beta1: f32,
        /// Decay of the second moment.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        #[serde(default = "beta2")]
        beta2: f32,
        /// Added to the root of the second moment.
        #[schemars(extend("exclusiveMinimum" = 0))]
        #[serde(default = "epsilon")]
        epsilon: f32,
        /// Decoupled decay.
        #[schemars(range(min = 0.0))]
        #[serde(default = "decay")]
        weight_decay: f32,
    },
}

fn beta1() -> f32 {
    0.9
}
fn beta2() -> f32 {
    0.999
}
fn epsilon() -> f32 {
    1e-8
}
fn decay() -> f32 {
    1e-2
}

impl Optimizer {
    /// The same with its learning rate multiplied by a positive factor. It stays above 0.
    #[must_use]
    pub fn scaled(mut self, factor: f32) -> Self {
        let (Self::Sgd { learning_rate, .. }
        | Self::Adam { learning_rate, .. }
        | Self::AdamW { learning_rate, .. }) = &mut self;
        *learning_rate = (*learning_rate * factor).max(f32::MIN_POSITIVE);
        self
    }

    /// Plain gradient descent.
    #[must_use]
    pub fn sgd(learning_rate: f32) -> Self {
        Self::Sgd {
            learning_rate,
            momentum: 0.0,
            weight_decay: 0.0,
        }
    }

    /// Adam with the paper's constants.
    #[must_use]
    pub fn adam(learning_rate: f32) -> Self {
        Self::Adam {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
        }
    }
}

/// A path through the graph other than the full forward pass, and weights other than the parameters. Penalties apply to the
/// parameters whatever the route, and [`Request::Parameters`](crate::Request::Parameters) reads these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Rows enter as the output of this layer instead of the input layer (their features are its units).
    pub entry: Option<LayerId>,
    /// (layer, by): the layer's output is replaced by that of another layer of the same width, and the layers that feed it are not
    /// computed. Level L of an autoencoder is trained this way: the decoder's first layer is fed by the encoder's L-th.
    pub substitute: Vec<(LayerId, LayerId)>,
    /// The probability with which each input feature is set to 0 (denoising); 0 for none.
    pub corruption: f32,
    /// The seed of the corruption.
    pub seed: u64,
    /// The slot whose values are used instead of the parameters: a teacher's, or a moving average. Running statistics are also read
    /// from it, so it should be a copy of the parameters, and an anchor, which follows growth as they do.
    ///
    /// Gradients are those at these values, in the parameters' positions; frozen parameters have 0. A step is refused.
    /// Statistics that change with an update's gradient are the network's own.
    #[serde(default)]
    pub weights: Option<Slot>,
    /// A slot by which these values are multiplied, entry by entry; running statistics are not. A parameter's gradient is
    /// its mask times that of the product: where the mask is 0 it is 0, and an update still applies momentum and decay.
    #[serde(default)]
    pub mask: Option<Slot>,
    /// Factors on the outputs of a layer's units, one for each unit by its position; on a grid, for all positions of the unit.
    /// They apply after pooling and dropout. Rows that enter at a layer, and outputs that substitute it, are not multiplied.
    #[serde(default)]
    pub gates: BTreeMap<LayerId, Vec<f32>>,
}

impl Route {
    /// Returns whether it uses the parameters as they are, without gates.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.weights.is_none() && self.mask.is_none() && self.gates.is_empty()
    }
}

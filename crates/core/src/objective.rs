//! What a step minimises, by which rule, and along which way through the graph. Plain data.

use crate::ids::LayerId;
use crate::slot::Slot;
use crate::tally::Tally;
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// A loss of one term, a mean over its rows.
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

/// Which outputs a loss sees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Active {
    /// All units.
    #[default]
    All,
    /// These units (positions, rising); labels and values count among them only.
    Units(Vec<u32>),
}

/// What a loss compares with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// The rows' labels: label `l` is the layer's unit at `unit_of[l]` (`None`: no unit stands for it, an error).
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
    /// What another layer puts out for the same rows, taken as a constant.
    Layer(LayerId),
}

/// One summand of an objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Which rows of the batch; `None` for all.
    pub rows: Option<Range<usize>>,
    /// The layer whose output is judged.
    pub layer: LayerId,
    /// Which of its units.
    pub active: Active,
    /// How.
    pub loss: Loss,
    /// Against what.
    pub target: Target,
    /// Its weight in the sum.
    pub weight: f32,
    /// How its rows are counted.
    #[serde(default)]
    pub tally: Tally,
}

impl Term {
    /// Places in the batch, of so many rows, that the term counts as rows of the stream; none where it counts nothing.
    #[must_use]
    pub fn stream_rows(&self, rows: usize) -> Range<usize> {
        let all = self.rows.clone().unwrap_or(0..rows);
        match self.tally {
            Tally::None => all.start..all.start,
            Tally::Stream(n) => all.start..all.end.min(all.start.saturating_add(n)),
        }
    }
}

/// A quadratic pull: `strength / 2 · Σ importance · (weight − anchor)²`, over all that training learns: running statistics are
/// left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// How much each weight matters; without one, each by 1. A penalty reaches the blocks that its importance was reached in, and
    /// every block without one.
    pub importance: Option<Slot>,
    /// What it should stay near; without one, 0. With neither this is the L2 penalty.
    pub anchor: Option<Slot>,
    /// The factor.
    pub strength: f32,
}

/// What a step minimises: the sum of its terms and penalties. And what of it is kept from the parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// The terms.
    pub terms: Vec<Term>,
    /// The penalties.
    pub penalties: Vec<Penalty>,
    /// A factor from 0 to 1 on all that an update writes into each entry, as its rate is one: penalties and decay are scaled with
    /// the gradient. At 0 no bit of the entry moves, nor of its moments, whatever the optimizer; above 0 moments take in the whole
    /// gradient, and the step that is made of them is scaled.
    ///
    /// Adam's time is a block's. It goes on for all of it where any entry has a factor above 0, and stands still otherwise. A
    /// running statistic has a factor of its own, on how far it follows the batch: a unit whose weights are all held goes on
    /// following unless its statistics are held too. Gradients and looks do not depend on any of this.
    ///
    /// The slot cannot be one that updates move: the parameters and the moments are refused.
    #[serde(default)]
    pub keep: Option<Slot>,
}

/// What is summed of single rows' gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Power {
    /// Their absolute values.
    Absolute,
    /// Their squares.
    Squared,
}

impl Power {
    /// The power of a number.
    #[must_use]
    pub fn of(self, x: f32) -> f32 {
        match self {
            Self::Absolute => x.abs(),
            Self::Squared => x * x,
        }
    }
}

impl Objective {
    /// Whether there is nothing in it. To a learner, such an objective of a strategy stands for its own.
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

/// An optimizer. Learning rates are per update and multiplied by each weight's rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Optimizer {
    /// Gradient descent: `v ← momentum · v + g`, `w ← w − learning_rate · rate · v`.
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
    /// its block since the younger of its units was born, so the moments of what is new are corrected as new, also in an old
    /// network: a connection between old layers, or a head that was made long before it is trained. A copy is as old as its
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
    /// `w ← w − learning_rate · rate · (m̂ / (√v̂ + ε) + weight_decay · w)`.
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

/// A way through the graph other than the plain one, and through other weights than the parameters. Penalties are about the
/// parameters whatever the route, and [`Request::Parameters`](crate::Request::Parameters) reads these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Rows enter as the output of this layer instead of the input layer (their features are its units).
    pub entry: Option<LayerId>,
    /// (layer, by): the layer's output is taken from another layer of the same width, and what feeds it is not run. An
    /// autoencoder's level L closes its loop so: the decoder's first layer is fed by the encoder's L-th.
    pub substitute: Vec<(LayerId, LayerId)>,
    /// Each input feature is set to 0 with this probability (denoising); 0 for not at all.
    pub corruption: f32,
    /// What the corruption is drawn from.
    pub seed: u64,
    /// The slot whose values stand in the place of the parameters: a teacher's, a slow copy's. Running statistics are read
    /// there too, so it's best a copy of the parameters, and an anchor, which follows growth as they do.
    ///
    /// Gradients are those by the values that stand there, at the parameters' places; what is frozen has 0. A step is refused.
    /// Statistics that move with an update's gradient are the network's own.
    #[serde(default)]
    pub weights: Option<Slot>,
    /// A slot that what stands there is multiplied by, entry by entry; running statistics are not. A parameter's gradient is
    /// its mask times that of the product: where the mask is 0 it is 0, and an update goes on with momentum and decay.
    #[serde(default)]
    pub mask: Option<Slot>,
    /// What the units of a layer put out is multiplied by, one factor for each by its position; a unit on a grid at all of its
    /// positions. Pooling and dropout come before. Rows that enter at a layer, and what substitutes it, are taken as they are.
    #[serde(default)]
    pub gates: BTreeMap<LayerId, Vec<f32>>,
}

impl Route {
    /// Whether it runs through the parameters as they are, and through layers without gates.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.weights.is_none() && self.mask.is_none() && self.gates.is_empty()
    }
}

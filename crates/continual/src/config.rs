//! The gradient learner's configuration.

use crate::maps::Maps;
use crate::mechanism::MechanismSpec;
use dentate_core::{Activation, Init, MAX_WIDTH, Normalisation, Optimizer, Scope};
use dentate_growth::{Fixed, Growth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long to train on each experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// Passes over its rows.
    Epochs(#[schemars(range(min = 1))] u64),
    /// Updates, over as many passes as that takes.
    Updates(#[schemars(range(min = 1))] u64),
}

/// A network trained by gradient descent, with a growth strategy and mechanisms: a multilayer perceptron, behind convolutions if it
/// has `maps`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gradient {
    /// Layers of feature maps that pictures enter, from the bottom up.
    pub maps: Vec<Maps>,
    /// A folder with the two files of a trained network, to start from its weights and heads: within the data folder, or a whole
    /// path. `maps` and `hidden` say nothing then.
    pub start: Option<String>,
    /// Units of each hidden layer at the start.
    #[schemars(inner(range(min = 1, max = MAX_WIDTH)))]
    pub hidden: Vec<usize>,
    /// Their activation.
    pub activation: Activation,
    /// Their normalisation.
    pub normalisation: Normalisation,
    /// The share of hidden units' outputs that is dropped in training.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub dropout: f32,
    /// Activation of a head over real values (a head over classes feeds a softmax).
    pub output: Activation,
    /// How weights start.
    pub init: Init,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// Whether the optimizer forgets its moments when an experience begins.
    pub reset_optimizer: bool,
    /// Rows of an experience per update: at least 2 with batch norm in hidden layers. There, a row that would be left alone for the
    /// last update of a pass joins the one before.
    #[schemars(range(min = 1))]
    pub batch: usize,
    /// How long to train on each experience.
    pub budget: Budget,
    /// What the learner is shown: `current`, or `everything` at once for the offline reference (joint training).
    pub scope: Scope,
    /// Mechanisms that continual learning adds to training, in the order in which they are called.
    pub mechanisms: Vec<Box<dyn MechanismSpec>>,
    /// Updates after which the activity of a unit born by growth is noted; its death is noted too. For survival curves; nothing
    /// is noted without it.
    #[schemars(range(min = 1))]
    pub lives: Option<u64>,
    /// How the network grows.
    pub strategy: Box<dyn Growth>,
}

impl Default for Gradient {
    fn default() -> Self {
        Self {
            maps: Vec::new(),
            start: None,
            hidden: vec![100, 100],
            activation: Activation::Relu,
            normalisation: Normalisation::None,
            dropout: 0.0,
            output: Activation::Identity,
            init: Init::He,
            optimizer: Optimizer::adam(1e-3),
            reset_optimizer: false,
            batch: 64,
            budget: Budget::Epochs(1),
            scope: Scope::Current,
            mechanisms: Vec::new(),
            lives: None,
            strategy: Box::new(Fixed {}),
        }
    }
}

//! The gradient learner's configuration.

use crate::conv::ConvLayer;
use crate::mechanism::MechanismSpec;
use dentate_core::{Activation, Init, MAX_WIDTH, Normalisation, Optimizer, Protocol};
use dentate_growth::{Fixed, Growth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The training budget of each experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// Passes over the rows of the experience.
    Epochs(#[schemars(range(min = 1))] u64),
    /// Number of updates, over as many passes as needed.
    Updates(#[schemars(range(min = 1))] u64),
}

/// A network trained by gradient descent, with a growth strategy and mechanisms: a multilayer perceptron, preceded by
/// convolutions if it has `conv`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gradient {
    /// Convolutional layers at the input, from the bottom up.
    pub conv: Vec<ConvLayer>,
    /// A folder with the two files of a trained network whose weights and heads are the starting point: relative to the
    /// data folder, or an absolute path. `conv` and `hidden` are then ignored.
    pub start: Option<String>,
    /// Initial widths of the hidden layers.
    #[schemars(inner(range(min = 1, max = MAX_WIDTH)))]
    pub hidden: Vec<usize>,
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// Normalisation of the hidden layers.
    pub normalisation: Normalisation,
    /// Dropout rate of the hidden layers.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub dropout: f32,
    /// Activation of a head over real values (a head over classes feeds a softmax).
    pub output: Activation,
    /// Initialisation of weights.
    pub init: Init,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// Whether the optimizer's moments are reset when an experience begins.
    pub reset_optimizer: bool,
    /// Batch size, in rows of an experience per update: at least 2 with batch norm in hidden layers. There, a single row
    /// left over at the end of a pass joins the previous batch.
    #[schemars(range(min = 1))]
    pub batch: usize,
    /// Training budget of each experience.
    pub budget: Budget,
    /// Order in which data are presented: `sequential`, one experience after the other; `joint`, all at once, the offline
    /// reference; `cumulative`, all data so far with each experience; `separate`, a new network for each experience.
    pub protocol: Protocol,
    /// Mechanisms for continual learning, in the order in which they are called.
    pub mechanisms: Vec<Box<dyn MechanismSpec>>,
    /// Age in updates at which the activity of a unit added by growth is logged; its removal is logged too. For survival
    /// curves; when absent, nothing is logged.
    #[schemars(range(min = 1))]
    pub track_survival: Option<u64>,
    /// Growth strategy.
    pub strategy: Box<dyn Growth>,
}

impl Default for Gradient {
    fn default() -> Self {
        Self {
            conv: Vec::new(),
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
            protocol: Protocol::Sequential,
            mechanisms: Vec::new(),
            track_survival: None,
            strategy: Box::new(Fixed {}),
        }
    }
}

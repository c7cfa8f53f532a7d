//! The gradient learner's configuration.

use crate::budget::Budget;
use crate::clip::Clip;
use crate::conv::ConvLayer;
use crate::heads::Form;
use crate::mechanism::MechanismSpec;
use crate::schedule::Schedule;
use dentate_core::{Activation, BiasInit, Init, MAX_WIDTH, Normalisation, Optimizer, Protocol};
use dentate_growth::{Fixed, Growth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Initialisation of the biases of the network's own layers and heads: `constant` is 0, `fan-in` is uniform in ±√(1 / fan-in). Layers
    /// and units that a strategy adds have the biases that it gives them.
    pub bias_init: BiasInit,
    /// The optimizer, with its learning rate.
    pub optimizer: Optimizer,
    /// Schedule of the learning rate: `constant`, `step` (`every`, `unit`, `factor`) or `cosine` over each experience (`floor`), with a linear
    /// `warmup`. It applies to the learner's own updates, not to phases of a strategy or of a mechanism.
    pub schedule: Schedule,
    /// Largest gradient of an update: `{ norm = 1.0 }` scales the whole gradient down to this Euclidean norm, `{ value = 1.0 }` limits each
    /// entry. Penalties and what mechanisms make of the gradient are included, the optimizer's weight decay is not. When absent, nothing
    /// is clipped.
    pub clip: Option<Clip>,
    /// If true, the optimizer's moments are reset when an experience begins.
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
    /// If true, logs the share of the gradient that units added or replaced by growth get in their first updates.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub track_newborn_gradients: bool,
    /// Log how much weights and outputs change where units are replaced or weights are set anew, by a strategy or a mechanism.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub track_resets: bool,
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
            bias_init: BiasInit::Constant,
            optimizer: Optimizer::adam(1e-3),
            schedule: Schedule::default(),
            clip: None,
            reset_optimizer: false,
            batch: 64,
            budget: Budget::Epochs(1),
            protocol: Protocol::Sequential,
            mechanisms: Vec::new(),
            track_survival: None,
            track_newborn_gradients: false,
            track_resets: false,
            strategy: Box::new(Fixed {}),
        }
    }
}

impl Gradient {
    /// The form of the heads that the learner adds.
    pub(crate) fn head_form(&self) -> Form {
        Form {
            output: self.output,
            init: self.init,
            bias_init: self.bias_init,
        }
    }
}

//! AutoGrow: the network gets deeper block by block, behind one layer after another, until that pays no more.
//!
//! Wen, W., Yan, F., Chen, Y. & Li, H. (2020). AutoGrow: automatic layer growing in deep convolutional networks. *KDD*, arXiv:1906.02909.
//! It is this composition of the five parts, and does to the bit what `composed` does with them:
//!
//! | part | what it takes |
//! | --- | --- |
//! | trigger | any; `every` is the paper's periodic growth, `loss-plateau` its convergent growth |
//! | placement | `circulation` |
//! | initializer | none is called |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `trigger` | when to grow | `every` 10 checks |
//! | `threshold` | relative fall of the loss from growth to growth below which a sub-network stops, dimensionless | 0.02 |
//! | `most` | number of hidden layers at which the network gets no deeper | 8 |
//! | `block` | `plain` (identity layers) or `residual` | `residual` |
//! | `normalisation` | normalisation of the layer in a residual block | `none` |
//! | `every` | updates between two checks | 50 |
//!
//! **Preserves** the function bit for bit with residual blocks; with plain ones for activations that leave their own outputs as they are.
//! It looks at no rows, and a growth costs what writing the weights costs.
//!
//! **Departures.** Losses of training decide where the paper has validation rows. New blocks start as the identity (the paper's
//! `ZeroInit`), so that growing preserves the function; the paper found random ones as good or better, with a high learning rate.

use crate::composed::Composed;
use crate::composition::{Composition, composition};
use crate::parts::{Block, Circulation, Every, TriggerSpec};
use dentate_core::{MAX_WIDTH, Normalisation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of AutoGrow; see [the module](self) for the parts and units.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AutoGrow {
    /// Relative fall of the loss from growth to growth below which a sub-network stops.
    pub threshold: f64,
    /// Number of hidden layers at which the network gets no deeper.
    #[schemars(range(min = 1))]
    pub most: usize,
    /// The kind of layer to insert.
    pub block: Block,
    /// Normalisation of the layer in a residual block.
    pub normalisation: Normalisation,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
}

impl Default for AutoGrow {
    fn default() -> Self {
        Self {
            threshold: 0.02,
            most: 8,
            block: Block::Residual,
            normalisation: Normalisation::None,
            every: 50,
            trigger: Box::new(Every { checks: 10 }),
        }
    }
}

impl Composition for AutoGrow {
    fn composed(&self) -> Composed {
        Composed {
            max_units: MAX_WIDTH,
            every: self.every,
            trigger: self.trigger.clone(),
            placement: Box::new(Circulation {
                threshold: self.threshold,
                most: self.most,
                block: self.block,
                normalisation: self.normalisation,
            }),
            ..Composed::default()
        }
    }
}

composition!(AutoGrow, "autogrow", ["trigger"]);

crate::register!(
    strategy,
    AutoGrow,
    "autogrow",
    summary =
        "The network gets deeper block by block, behind one layer after another, until that pays no more.",
    citation = "Wen et al. 2020, arXiv:1906.02909",
    source = include_str!("autogrow.rs"),
);

//! NORTH*: grows a layer when its outputs use as many dimensions as it has, by units that add new ones.
//!
//! Maile, K. et al. (2022). When, where, and how to add new neurons to ANNs. AutoML, arXiv:2202.08539. It is this composition of the
//! five parts, and does to the bit what `composed` does with them:
//!
//! | part | what it takes |
//! | --- | --- |
//! | trigger | `effective-rank`: when the rank of the layer's outputs is above `tau` of its first share of the width, by the excess |
//! | placement | `given`: the layer that is measured |
//! | initializer | `north-select`, `north-pre` or `north-weight` |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `start` | the initialiser: `select` (the most orthogonal outputs of many candidates), `pre` (orthogonal summed inputs) or `weight` (orthogonal incoming weights) | `select` |
//! | `layer` | the layer that is measured and grows | the last hidden layer |
//! | `tau` | share of the first ratio of rank to width above which it grows, dimensionless | 0.95 (the paper: 0.9 to 0.99) |
//! | `floor` | singular values of the outputs over the root of the rows that count, in units of the outputs | 0.01 |
//! | `candidates` | candidates of `select` | 1000 |
//! | `rows` | rows of the experience that `select` and `pre` look at | 256 |
//! | `max_units` | width at which the layer stops growing | 256 |
//! | `every` | updates between two checks | 200 |
//!
//! **Preserves** the function exactly: new units have no outgoing weights. It needs rows that can be revisited. **Cost** in multiply-adds, for a width w:
//! at each check a pass of 2 w rows, w² for each of them, and 4/3 · w³ to count singular values; at each growth those of the initialiser,
//! for `select` `candidates · rows` for each input and, for each new unit, for each unit. For 256 units on split MNIST (784-256-256-10, 1,875 updates
//! of 128 rows) nine checks cost 1 % of the training.
//!
//! **Departures.** One layer is measured and grows, not all; two strategies cannot run side by side, but a plugin can compose more.

use crate::composed::Composed;
use crate::composition::{Composition, composition};
use crate::parts::{EffectiveRank, Given, InitializerSpec, NorthPre, NorthSelect, NorthWeight};
use dentate_core::MAX_WIDTH;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An initialiser of NORTH*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NorthStart {
    /// The most orthogonal outputs of many candidates.
    #[default]
    Select,
    /// Orthogonal summed inputs.
    Pre,
    /// Orthogonal incoming weights.
    Weight,
}

/// Configuration of NORTH*; see [the module](self) for the parts and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct North {
    /// The initialiser.
    pub start: NorthStart,
    /// Name of the layer that is measured and grows; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Share of the first ratio of rank to width above which it grows.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub tau: f64,
    /// Singular values below this do not count.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub floor: f64,
    /// Candidates of `select`.
    #[schemars(range(min = 1, max = 100_000))]
    pub candidates: u32,
    /// Rows of the experience that `select` and `pre` look at.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Width at which the layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
}

impl Default for North {
    fn default() -> Self {
        Self {
            start: NorthStart::Select,
            layer: None,
            tau: 0.95,
            floor: 0.01,
            candidates: 1000,
            rows: 256,
            max_units: 256,
            every: 200,
        }
    }
}

impl Composition for North {
    fn composed(&self) -> Composed {
        let (layer, rows) = (self.layer.clone(), self.rows);
        let initializer: Box<dyn InitializerSpec> = match self.start {
            NorthStart::Select => Box::new(NorthSelect {
                candidates: self.candidates,
                rows,
            }),
            NorthStart::Pre => Box::new(NorthPre {
                rows,
                ..NorthPre::default()
            }),
            NorthStart::Weight => Box::new(NorthWeight {}),
        };
        Composed {
            units: 1,
            max_units: self.max_units,
            every: self.every,
            trigger: Box::new(EffectiveRank {
                tau: self.tau,
                floor: self.floor,
                layer: layer.clone(),
            }),
            placement: Box::new(Given { layer }),
            initializer,
            ..Composed::default()
        }
    }
}

composition!(North, "north", []);

crate::register!(
    strategy,
    North,
    "north",
    summary = "Grows a layer when its outputs use all its dimensions, by units that add new ones.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("north.rs"),
);

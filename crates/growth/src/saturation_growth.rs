//! Saturation growth: starts compact, and grows a layer when its representation or its plasticity is used up.
//!
//! After NORACL (Raghunathan, K. et al. 2026, arXiv:2604.27031), whose formulas could not be read: the saturation is this project's. It is
//! this composition of the five parts, and does to the bit what `composed` does with them:
//!
//! | part | what it takes |
//! | --- | --- |
//! | trigger | `plasticity-saturation` |
//! | placement | `given`: the layer that is measured |
//! | initializer | any |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `layer` | the layer that is measured and grows | the last hidden layer |
//! | `rank` | share of the first ratio of rank to width above which the representation is saturated, dimensionless; 0 for never | 0.95 |
//! | `plasticity` | share of the first spread of the gradient over units below which plasticity is, dimensionless; 0 for never | 0.7 |
//! | `floor` | singular values of the outputs over the root of the rows that count, in units of the outputs | 0.01 |
//! | `rows` | rows of the experience that are measured | 256 |
//! | `max_units` | width at which the layer stops growing | 256 |
//! | `every` | updates between two checks | 200 |
//! | `initializer` | how new units start | `zero-fan-out` |
//!
//! The paper regularises what was learned besides growing: list `elastic-weight-consolidation` or `synaptic-intelligence` in the method's
//! `mechanisms`. Its comparison, a network that has the final size from the start, is the twin that a suite makes of every growing method.
//!
//! **Preserves** what the initializer does: the function, by default. It needs rows that can be revisited. **Cost**: that of a check of the trigger.
//!
//! **Departures.** One layer is measured and grows, not all.

use crate::composed::Composed;
use crate::composition::{Composition, composition};
use crate::parts::{Given, InitializerSpec, PlasticitySaturation, ZeroFanOut};
use dentate_core::MAX_WIDTH;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of saturation growth; see [the module](self) for the parts and units.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaturationGrowth {
    /// Name of the layer that is measured and grows; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Share of the first ratio of rank to width above which the representation is saturated; 0 for never.
    #[schemars(range(min = 0.0))]
    pub rank: f64,
    /// Share of the first spread of the gradient over units below which plasticity is saturated; 0 for never.
    #[schemars(range(min = 0.0))]
    pub plasticity: f64,
    /// Singular values below this do not count.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub floor: f64,
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Width at which the layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// The initialisation of new units.
    pub initializer: Box<dyn InitializerSpec>,
}

impl Default for SaturationGrowth {
    fn default() -> Self {
        Self {
            layer: None,
            rank: 0.95,
            plasticity: 0.7,
            floor: 0.01,
            rows: 256,
            max_units: 256,
            every: 200,
            initializer: Box::new(ZeroFanOut::default()),
        }
    }
}

impl Composition for SaturationGrowth {
    fn composed(&self) -> Composed {
        let layer = self.layer.clone();
        Composed {
            units: 1,
            max_units: self.max_units,
            every: self.every,
            trigger: Box::new(PlasticitySaturation {
                rank: self.rank,
                plasticity: self.plasticity,
                floor: self.floor,
                layer: layer.clone(),
                rows: self.rows,
            }),
            placement: Box::new(Given { layer }),
            initializer: self.initializer.clone(),
            ..Composed::default()
        }
    }
}

composition!(SaturationGrowth, "saturation-growth", ["initializer"]);

crate::register!(
    strategy,
    SaturationGrowth,
    "saturation-growth",
    summary = "Grows a layer when its representation or its plasticity is used up.",
    citation = "after Raghunathan et al. 2026, arXiv:2604.27031",
    source = include_str!("saturation_growth.rs"),
);

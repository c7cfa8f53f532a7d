//! Splitting steepest descent: grows by splitting units that are saddles, along the direction in which the loss falls fastest.
//!
//! Liu, Q., Wu, L. & Wang, D. (2019). Splitting steepest descent for growing neural architectures. NeurIPS 32, arXiv:1910.02366. It is
//! this composition of the five parts, and does to the bit what `composed` does with them:
//!
//! | part | what it takes |
//! | --- | --- |
//! | trigger | any |
//! | placement | `round-robin` |
//! | initializer | `splitting` |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `trigger` | when to grow: the paper splits at a local minimum | `loss-plateau` |
//! | `units` | units that a growth splits at most | 8 |
//! | `max_units` | width at which a layer stops growing | 256 |
//! | `step` | the distance of a copy from its original, relative to the mean norm of incoming weights, dimensionless | 0.1 |
//! | `rows` | rows of the experience that splitting matrices are computed on | 256 |
//! | `every` | updates between two checks | 50 |
//!
//! **Preserves** nothing exactly: the function changes by terms of the step's square. It needs rows that can be revisited, and a smooth
//! activation: rectifiers have no curvature, and are refused. **Cost** of a growth: that of `splitting`.
//!
//! **Departures.** Layers take turns, where the paper ranks units of all layers together; a growth in which no unit is a saddle adds none.

use crate::composed::Composed;
use crate::composition::{Composition, Steps, composition};
use crate::parts::{LossPlateau, RoundRobin, Splitting, TriggerSpec};
use dentate_core::MAX_WIDTH;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of splitting steepest descent; see [the module](self) for the parts and units.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SplittingSteepestDescent {
    /// Units that a growth splits at most.
    #[schemars(range(min = 1, max = 16384))]
    pub units: usize,
    /// Width at which a layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// The distance of a copy from its original, relative to the mean norm of incoming weights.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub step: f64,
    /// Rows of the experience that splitting matrices are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
}

impl Default for SplittingSteepestDescent {
    fn default() -> Self {
        Self {
            units: 8,
            max_units: 256,
            step: 0.1,
            rows: 256,
            every: 50,
            trigger: Box::new(LossPlateau::default()),
        }
    }
}

impl Composition for SplittingSteepestDescent {
    fn composed(&self) -> Composed {
        let initializer = Splitting {
            step: self.step,
            rows: self.rows,
            ..Splitting::default()
        };
        let steps = Steps {
            units: self.units,
            max_units: self.max_units,
            every: self.every,
        };
        steps.composed(self.trigger.as_ref(), RoundRobin {}, initializer)
    }
}

composition!(
    SplittingSteepestDescent,
    "splitting-steepest-descent",
    ["trigger"]
);

crate::register!(
    strategy,
    SplittingSteepestDescent,
    "splitting-steepest-descent",
    summary =
        "Grows by splitting units that are saddles, along the direction in which the loss falls fastest.",
    citation = "Liu et al. 2019, arXiv:1910.02366",
    source = include_str!("splitting_steepest_descent.rs"),
);

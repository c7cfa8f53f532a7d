//! Firefly: grows where new or split units lower the loss most, by those that do.
//!
//! Wu, L. et al. (2020). Firefly neural architecture descent: a general approach for growing neural networks. NeurIPS 33,
//! arXiv:2102.08574. It is this composition of the five parts, and does to the bit what `composed` does with them:
//!
//! | part | what it takes |
//! | --- | --- |
//! | trigger | any |
//! | placement | `best-gain` |
//! | initializer | `firefly` |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `trigger` | when to grow | `loss-plateau` |
//! | `units` | units that a growth adds | 8 |
//! | `max_units` | width at which a layer stops growing | 256 |
//! | `step` | ε, dimensionless, which is searched below | 0.1 |
//! | `candidates` | new units that are drawn, at least as many as are asked for | 32 |
//! | `steps` | steps of gradient ascent | 8 |
//! | `rows` | rows of the experience that gains are computed on | 256 |
//! | `trial_rows` | rows of the experience that losses of the search for ε are measured on | 128 |
//! | `every` | updates between two checks | 50 |
//!
//! **Preserves** nothing exactly: the function changes by terms of ε. It needs rows that can be revisited. **Cost** of a growth: that of `best-gain` and `firefly`.
//!
//! **Departures.** The layer is chosen first and the candidates compete within it, where the paper lets those of all layers compete; those of the initializer.

use crate::composed::Composed;
use crate::composition::{Composition, Steps, composition};
use crate::parts::{BestGain, Firefly as FireflyStart, LossPlateau, TriggerSpec};
use dentate_core::MAX_WIDTH;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of Firefly; see [the module](self) for the parts and units.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Firefly {
    /// Units that a growth adds.
    #[schemars(range(min = 1, max = 16384))]
    pub units: usize,
    /// Width at which a layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// ε.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub step: f64,
    /// New units that are drawn, at least as many as are asked for.
    #[schemars(range(min = 1, max = 100_000))]
    pub candidates: usize,
    /// Steps of gradient ascent.
    #[schemars(range(min = 0, max = 10_000))]
    pub steps: u32,
    /// Rows of the experience that gains are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Rows of the experience that losses of the search for ε are measured on.
    #[schemars(range(min = 1))]
    pub trial_rows: u32,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
}

impl Default for Firefly {
    fn default() -> Self {
        Self {
            units: 8,
            max_units: 256,
            step: 0.1,
            candidates: 32,
            steps: 8,
            rows: 256,
            trial_rows: 128,
            every: 50,
            trigger: Box::new(LossPlateau::default()),
        }
    }
}

impl Composition for Firefly {
    fn composed(&self) -> Composed {
        let placement = BestGain {
            rows: self.rows,
            ..BestGain::default()
        };
        let initializer = FireflyStart {
            step: self.step,
            candidates: self.candidates,
            steps: self.steps,
            rows: self.rows,
            trial_rows: self.trial_rows,
            ..FireflyStart::default()
        };
        let steps = Steps {
            units: self.units,
            max_units: self.max_units,
            every: self.every,
        };
        steps.composed(self.trigger.as_ref(), placement, initializer)
    }
}

composition!(Firefly, "firefly", ["trigger"]);

crate::register!(
    strategy,
    Firefly,
    "firefly",
    summary = "Grows where new or split units lower the loss most, by those that do.",
    citation = "Wu et al. 2020, arXiv:2102.08574",
    source = include_str!("firefly.rs"),
);

//! Net2Net, wider: new units are copies of units drawn at random, and share their outgoing weights with the originals.
//!
//! Chen, T. et al. (2016). Net2Net: accelerating learning via knowledge transfer. arXiv:1511.05641. A copy of unit i starts with
//!
//! ```text
//! w_in' = w_in,i + ε,   w_out' = w_out,i / 2,   w_out,i ← w_out,i / 2,   ε ~ N(0, noise²).
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `noise` | standard deviation of ε, in units of weights | 0.01 |
//!
//! **Preserves** the function up to the noise. **Departures.** A unit that is copied twice in one growth passes on half of
//! its remaining weights each time, not equal shares.

use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::strategy::{StrategyError, View};
use dentate_core::LayerId;
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of Net2Net, wider; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Net2NetWider {
    /// Standard deviation of the noise on a copy's incoming weights.
    #[schemars(range(min = 0.0))]
    pub noise: f32,
}

impl Default for Net2NetWider {
    fn default() -> Self {
        Self { noise: 0.01 }
    }
}

impl Part for Net2NetWider {
    type State = ();
}

impl Initializer for Net2NetWider {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let found = view.graph.layer(layer).filter(|l| l.width() > 0);
        let found = found.ok_or_else(|| StrategyError::Missing(format!("unit in {layer} to copy")))?;
        let mut living: Vec<_> = found.units.iter().map(|u| u.id).collect();
        living.shuffle(&mut view.seed.derive("copies").random());
        Ok(Answer::Is(Start::Copies {
            of: living.into_iter().cycle().take(units).collect(),
            share: 0.5,
            noise: self.noise,
        }))
    }

    fn preserves_function(&self) -> bool {
        self.noise == 0.0
    }

    fn copies(&self) -> bool {
        true
    }
}

crate::register!(
    initializer,
    Net2NetWider,
    "net2net-wider",
    summary = "Newborn units copy random units and share their outgoing weights.",
    citation = "Chen et al. 2016, arXiv:1511.05641",
    source = include_str!("net2net_wider.rs"),
);

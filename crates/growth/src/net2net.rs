//! Net2Net: makes a network wider by copies of units, or deeper by identity layers, without changing what it computes.
//!
//! Chen, T. et al. (2016). Net2Net: accelerating learning via knowledge transfer. ICLR, arXiv:1511.05641. It is this composition of the
//! five parts, and does to the bit what `composed` does with them:
//!
//! | part | `wider` | `deeper` |
//! | --- | --- | --- |
//! | trigger | any | any |
//! | placement | `round-robin` | `deeper` |
//! | initializer | `net2net-wider` | none is called |
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `way` | `wider` or `deeper` | `wider` |
//! | `trigger` | when to grow | `loss-plateau` |
//! | `units` | units that a growth adds (`wider`) | 8 |
//! | `max_units` | width at which a layer stops growing | 256 |
//! | `noise` | standard deviation of the noise on a copy's incoming weights, in units of weights (`wider`) | 0.01 |
//! | `most` | number of hidden layers at which the network gets no deeper (`deeper`) | 8 |
//! | `every` | updates between two checks | 50 |
//!
//! **Preserves** the function: `wider` up to the noise, exactly without; `deeper` for activations that leave their own outputs as they
//! are, as rectifiers and the identity do, and others are refused. It looks at no rows, and a growth costs what writing the weights costs.
//!
//! **Departures.** The paper grows a network once, between two trainings; here a trigger decides, as often as it fires.

use crate::composed::Composed;
use crate::composition::{Composition, composition};
use crate::parts::{
    Deeper, InitializerSpec, LossPlateau, Net2NetWider, PlacementSpec, RoundRobin, TriggerSpec, ZeroFanOut,
};
use crate::prospect::Prospect;
use dentate_core::{MAX_WIDTH, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The direction of growth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Copies of units.
    #[default]
    Wider,
    /// Identity layers.
    Deeper,
}

/// Configuration of Net2Net; see [the module](self) for the parts and units.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Net2Net {
    /// The direction of growth.
    pub way: Way,
    /// Units that a growth adds (`wider`).
    #[schemars(range(min = 1, max = 16384))]
    pub units: usize,
    /// Width at which a layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// Standard deviation of the noise on a copy's incoming weights (`wider`).
    #[schemars(range(min = 0.0))]
    pub noise: f32,
    /// Number of hidden layers at which the network gets no deeper (`deeper`).
    #[schemars(range(min = 1))]
    pub most: usize,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
}

impl Default for Net2Net {
    fn default() -> Self {
        Self {
            way: Way::Wider,
            units: 8,
            max_units: 256,
            noise: 0.01,
            most: 8,
            every: 50,
            trigger: Box::new(LossPlateau::default()),
        }
    }
}

impl Composition for Net2Net {
    fn composed(&self) -> Composed {
        let (placement, initializer): (Box<dyn PlacementSpec>, Box<dyn InitializerSpec>) = match self.way {
            Way::Wider => (
                Box::new(RoundRobin {}),
                Box::new(Net2NetWider { noise: self.noise }),
            ),
            // No unit is added, so no initializer is called: one that copies would declare changes that are never made.
            Way::Deeper => (
                Box::new(Deeper {
                    most: self.most,
                    ..Deeper::default()
                }),
                Box::new(ZeroFanOut::default()),
            ),
        };
        Composed {
            units: self.units,
            max_units: self.max_units,
            every: self.every,
            trigger: self.trigger.clone(),
            placement,
            initializer,
            ..Composed::default()
        }
    }

    fn suited(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let kept = |graph: &dentate_core::Graph| graph.hidden().all(|l| l.activation.idempotent());
        if self.way == Way::Deeper && !run.graph.is_none_or(kept) {
            let reason = "an identity layer passes its inputs on only if its activation leaves its own outputs as they are, and the \
                          network's does not: set `activation = \"relu\"`, or `way = \"wider\"`";
            return Err(Unsuited::new("way", "deeper", reason));
        }
        Ok(())
    }
}

composition!(Net2Net, "net2net", ["trigger"]);

crate::register!(
    strategy,
    Net2Net,
    "net2net",
    summary = "Makes the network wider by copies of units, or deeper by identity layers, without changing what it computes.",
    citation = "Chen et al. 2016, arXiv:1511.05641",
    source = include_str!("net2net.rs"),
);

#[cfg(test)]
mod tests;

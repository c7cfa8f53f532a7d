//! A strategy composed of five parts, each chosen by name: trigger, placement, initializer, survival rule and modulation.
//!
//! At every check the parts are called in this order:
//!
//! ```text
//! modulation → factors g (growth) and s (survival)
//! survival   → units that have to go are pruned, or newborns take their places, started by the initializer
//! pruning    → if it is time, the least of all units go
//! plasticity → if it is time, units get the rates of their age, and old weights fade
//! trigger    → rest, or a demand d
//! n = ⌊d · g · units + what was left over⌋
//! placement  → where the n units go, as far as `max_units` allows
//! initializer → how they start; then all of it is one plan
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `trigger` | when to grow | `loss-plateau` |
//! | `placement` | where to grow | `given` |
//! | `initializer` | how new units are initialised | `zero-fan-out` |
//! | `survival` | which units survive | `none` |
//! | `modulation` | scales growth and survival | `none` |
//! | `units` | units added by a growth, before scaling | 1 |
//! | `max_units` | width at which a layer stops growing | 256 |
//! | `plasticity` | learning-rate scales and decay by age; see below | none |
//! | `pruning` | pruning on a schedule; see below | none |
//! | `every` | updates between two checks | 50 |
//! | `meter_decay` | decay per update of the running means that parts read, in [0, 1) | 0.99 |
//!
//! `plasticity = {}` gives a new unit of age a the learning-rate scale `mature + (newborn − mature) · 2^(−a / half_life)`:
//! by default 4 at birth, with half of the excess over 1 gone after 500 updates. With `decay` above 0 the incoming weights
//! of old units decay. `pruning = {}` removes the tenth of each hidden layer with the smallest mean |w_in| at the end of
//! each experience (`by`, `when`, `fraction`, `least`, `age`).
//!
//! A survival rule that replaces units (`turnover`) makes no plan: its cost is that of the units it touches. If a part
//! other than the survival rule has meters, meters are read at every check; otherwise only at the checks where the survival
//! rule evaluates units. Replacements are not growth: they count neither towards `units` and `max_units` nor in the
//! modulation's history.
//!
//! A factorial study of growth is one suite file with a method for each combination. **Preserves** every old weight unless
//! decay is on, and the function if the initializer does, nothing is removed by survival or pruning, and nothing decays.

use crate::change::Change;
use crate::law::Law;
use crate::parts::{
    Given, InitializerSpec, LossPlateau, ModulationSpec, NoModulation, NoSelection, PlacementRun,
    PlacementSpec, SurvivalSpec, TriggerSpec, ZeroFanOut,
};
use crate::prospect::Prospect;
use crate::registered::{AnyGrowth, Growth, GrowthRun};
use dentate_core::registry::Kind;
use dentate_core::{Config, ConfigError, Graph, MAX_WIDTH, MeterKind, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

mod plans;
mod plasticity;
mod pruning;
mod replacing;
mod run;

pub use plasticity::Plasticity;
pub use pruning::{PruneBy, Pruning, Schedule};
use run::ComposedRun;

/// Configuration of the composed strategy; see [the module](self).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Composed {
    /// Units added by a growth, before scaling.
    #[schemars(range(min = 1, max = MOST))]
    pub units: usize,
    /// Width at which a layer stops growing.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// Updates between two checks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// Decay per update of the running means that parts read.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub meter_decay: f32,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
    /// The placement: the layers that grow.
    pub placement: Box<dyn PlacementSpec>,
    /// The initializer of new units.
    pub initializer: Box<dyn InitializerSpec>,
    /// Which units survive.
    pub survival: Box<dyn SurvivalSpec>,
    /// Scaling of growth and survival.
    pub modulation: Box<dyn ModulationSpec>,
    /// Learning-rate scales and decay by age.
    pub plasticity: Option<Plasticity>,
    /// Pruning on a schedule.
    pub pruning: Option<Pruning>,
}

impl Default for Composed {
    fn default() -> Self {
        Self {
            units: 1,
            max_units: 256,
            every: 50,
            meter_decay: 0.99,
            trigger: Box::new(LossPlateau::default()),
            placement: Box::new(Given::default()),
            initializer: Box::new(ZeroFanOut::default()),
            survival: Box::new(NoSelection::default()),
            modulation: Box::new(NoModulation::default()),
            plasticity: None,
            pruning: None,
        }
    }
}

/// The largest number of units added at a time.
const MOST: usize = 16384;

impl Composed {
    /// The meter kinds of all parts but the survival rule.
    fn metered_at_every_look(&self) -> Vec<MeterKind> {
        [
            self.trigger.metered(),
            self.placement.metered(),
            self.initializer.metered(),
            self.modulation.metered(),
            self.pruning.as_ref().map(Pruning::meters).unwrap_or_default(),
        ]
        .concat()
    }

    /// Checks that growth is possible at all in this network. Survival never makes a layer narrower than it was at first.
    fn has_room(&self, graph: &Graph, placement: &dyn PlacementRun) -> Result<(), Unsuited> {
        let all: Vec<_> = match placement.widens_only() {
            true => placement.places(graph),
            false => graph.hidden().map(|layer| layer.id).collect(),
        };
        // An identity layer may be inserted at the maximum width, units only below it.
        let least = usize::from(placement.widens_only());
        let layers: Vec<_> = all.iter().filter_map(|&id| graph.layer(id)).collect();
        let free: Vec<_> = layers
            .iter()
            .filter(|l| !placement.widens_only() || graph.resizable(l.id))
            .collect();
        if free.is_empty() && !layers.is_empty() {
            let reason = "the layers that it could widen are held by a convolution in groups, and nothing could ever grow: place \
                          units elsewhere";
            let name = self.placement.typetag_name();
            return Err(Unsuited::new("placement.name", name, reason));
        }
        let narrowest = free.iter().map(|l| l.width()).min();
        match narrowest {
            Some(width) if width + least > self.max_units => {
                let reason = format!(
                    "every layer that could grow starts with {width} units or more, and nothing could ever grow: allow more than \
                     {width}, or start with fewer"
                );
                Err(Unsuited::new("max_units", self.max_units, reason))
            }
            _ => Ok(()),
        }
    }

    /// The meter kinds of all parts, each once.
    fn metered(&self) -> Vec<MeterKind> {
        let mut all = self.metered_at_every_look();
        all.extend(self.survival.metered());
        all.sort();
        all.dedup();
        all
    }
}

impl AnyGrowth for Composed {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.trigger.validate().map_err(|e| e.within("trigger"))?;
        self.placement.validate().map_err(|e| e.within("placement"))?;
        self.initializer.validate().map_err(|e| e.within("initializer"))?;
        self.survival.validate().map_err(|e| e.within("survival"))?;
        self.modulation.validate().map_err(|e| e.within("modulation"))
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.needs_hidden("composed")?;
        let (survival, placement) = (self.survival.start(), self.placement.start());
        let waits = self.trigger.start().waits();
        if survival.replaces() && self.initializer.start().copies() {
            let reason = "its units start as copies, which need places of their own, and the survival rule puts newborn units in \
                          the places of others: use `zero-fan-out`";
            let name = self.initializer.typetag_name();
            return Err(Unsuited::new("initializer.name", name, reason));
        }
        self.trigger.goes_with(run).map_err(|e| e.within("trigger"))?;
        if !waits {
            self.placement.goes_with(run).map_err(|e| e.within("placement"))?;
        }
        let mut starting = run.clone();
        if let Some(graph) = run.graph.filter(|_| !survival.replaces()) {
            starting.places = placement.places(graph);
            starting.places.retain(|&layer| graph.resizable(layer));
        }
        if placement.widens_several() && starting.places.len() > 1 && self.initializer.start().computes() {
            let reason = "it computes weights from adjacent layers, which this placement widens in the same plan: use \
                          `placement = { name = \"round-robin\" }`, or the initializer `random`";
            let name = self.initializer.typetag_name();
            return Err(Unsuited::new("initializer.name", name, reason));
        }
        if !waits || survival.replaces() {
            let suited = self.initializer.goes_with(&starting);
            suited.map_err(|e| e.within("initializer"))?;
        }
        self.survival.goes_with(run).map_err(|e| e.within("survival"))?;
        self.modulation
            .goes_with(run)
            .map_err(|e| e.within("modulation"))?;
        match run.graph.filter(|_| !waits && self.pruning.is_none()) {
            Some(graph) => self.has_room(graph, placement.as_ref()),
            None => Ok(()),
        }
    }

    fn grows(&self) -> bool {
        true
    }

    fn changes(&self) -> BTreeSet<Change> {
        let survival = self.survival.start();
        let grows = !self.trigger.start().waits();
        let fades = self.plasticity.as_ref().is_some_and(|p| p.decay > 0.0);
        let takes = survival.selects() && !survival.replaces();
        let all = [
            (Change::Widen, grows),
            (Change::Split, grows && self.initializer.start().copies()),
            (Change::Add, grows && self.placement.start().adds_layers()),
            (Change::Deepen, grows && !self.placement.start().widens_only()),
            (Change::Prune, takes || self.pruning.is_some()),
            (Change::Replace, survival.replaces()),
            (
                Change::Adjust,
                fades || (grows && self.initializer.start().moves()),
            ),
        ];
        let does = all.into_iter().filter(|(_, does)| *does);
        does.map(|(change, _)| change).collect()
    }

    fn laws(&self) -> Vec<Law> {
        let mut laws = vec![Law::AtMost(self.max_units)];
        let placement = self.placement.start();
        let keeps = placement.preserves_function()
            && (!placement.widens_only() || self.initializer.start().preserves_function());
        let decays = self.plasticity.as_ref().is_some_and(|p| p.decay > 0.0);
        let takes = self.survival.start().selects() || self.pruning.is_some();
        if keeps && !takes && !decays {
            laws.push(Law::PreservesFunction);
        }
        laws
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        let of = |kind, name: &str| (kind, name.to_string());
        vec![
            of(Kind::Trigger, self.trigger.typetag_name()),
            of(Kind::Placement, self.placement.typetag_name()),
            of(Kind::Initializer, self.initializer.typetag_name()),
            of(Kind::Survival, self.survival.typetag_name()),
            of(Kind::Modulation, self.modulation.typetag_name()),
        ]
    }

    fn start(&self) -> Box<dyn GrowthRun> {
        Box::new(ComposedRun::new(self))
    }

    fn boxed(&self) -> Box<dyn Growth> {
        Box::new(self.clone())
    }
}

crate::register!(
    strategy,
    Composed,
    "composed",
    summary = "Growth composed of five parts selected by name: trigger, placement, initializer, survival rule, modulation.",
    citation = "this project",
    source = include_str!("composed.rs"),
);

#[cfg(test)]
mod tests;

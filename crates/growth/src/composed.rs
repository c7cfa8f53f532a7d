//! A strategy composed of five parts, each chosen by name: when to grow, where, how newborn units start, which of them stay,
//! and what scales all of it.
//!
//! On every look the parts are asked in this order:
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
//! | `trigger` | when | `loss-plateau` |
//! | `placement` | where | `given` |
//! | `initializer` | how | `zero-fan-out` |
//! | `survival` | who stays | `none` |
//! | `modulation` | what scales it | `none` |
//! | `units` | units of a growth, before it is scaled | 1 |
//! | `max_units` | units of a layer at which it grows no further | 256 |
//! | `plasticity` | rates and decay by age; see below | none |
//! | `pruning` | units pruned on a schedule; see below | none |
//! | `every` | updates between two looks | 50 |
//! | `meter_decay` | decay of the running means that parts ask for, per update, in [0, 1) | 0.99 |
//!
//! `plasticity = {}` lets a newborn of age a learn at rate `mature + (newborn − mature) · 2^(−a / half_life)`: 4 at birth and half
//! way to 1 after 500 updates by default. With `decay` above 0 the incoming weights of old units fade. `pruning = {}` takes the
//! tenth of each hidden layer with the smallest mean |w_in| when an experience is over (`by`, `when`, `fraction`, `least`, `age`).
//!
//! Where the survival rule replaces (`turnover`), no plan is made: what it costs is what is touched. Meters are read at every look
//! only where a part beside survival has any; for survival alone, at those where it judges. Newborns that take places are no
//! growth: neither `units` and `max_units` nor the modulation's growths count them.
//!
//! A factorial study of growth is one suite file with a method for each combination. **Preserves** every old weight unless decay
//! is on, and the function where the initializer does, survival and pruning take nobody and nothing decays.

use crate::doing::Doing;
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
pub use pruning::{Least, Pruning, Schedule};
use run::ComposedRun;

/// Configuration; see the module.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Composed {
    /// Units of a growth, before it is scaled.
    #[schemars(range(min = 1, max = MOST))]
    pub units: usize,
    /// Units of a layer at which it grows no further.
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub max_units: usize,
    /// Updates between two looks.
    #[schemars(range(min = 1))]
    pub every: u64,
    /// Decay per update of the running means that parts ask for.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub meter_decay: f32,
    /// When to grow.
    pub trigger: Box<dyn TriggerSpec>,
    /// Where.
    pub placement: Box<dyn PlacementSpec>,
    /// How newborn units start.
    pub initializer: Box<dyn InitializerSpec>,
    /// Which of them stay.
    pub survival: Box<dyn SurvivalSpec>,
    /// What scales all of it.
    pub modulation: Box<dyn ModulationSpec>,
    /// Rates and decay by age.
    pub plasticity: Option<Plasticity>,
    /// Units that go on a schedule.
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

/// The most units that are added at a time.
const MOST: usize = 16384;

impl Composed {
    /// What all but the survival rule want to be metered.
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

    /// Whether it could ever grow in this network. Survival lets no layer get narrower than it was at first.
    fn has_room(&self, graph: &Graph, placement: &dyn PlacementRun) -> Result<(), Unsuited> {
        let all: Vec<_> = match placement.widens_only() {
            true => placement.places(graph),
            false => graph.hidden().map(|layer| layer.id).collect(),
        };
        // An identity layer comes in where the width is the cap's, and units only below it.
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

    /// What its parts want to be metered, each kind once.
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
        let rests = self.trigger.start().rests();
        if survival.replaces() && self.initializer.start().copies() {
            let reason = "its units start as copies, which need places of their own, and the survival rule puts newborn units in \
                          the places of others: take `zero-fan-out`";
            let name = self.initializer.typetag_name();
            return Err(Unsuited::new("initializer.name", name, reason));
        }
        self.trigger.goes_with(run).map_err(|e| e.within("trigger"))?;
        if !rests {
            self.placement.goes_with(run).map_err(|e| e.within("placement"))?;
        }
        let mut starting = run.clone();
        if let Some(graph) = run.graph.filter(|_| !survival.replaces()) {
            starting.places = placement.places(graph);
            starting.places.retain(|&layer| graph.resizable(layer));
        }
        if placement.several() && starting.places.len() > 1 && self.initializer.start().computes() {
            let reason = "it works weights out from the layers beside, and this placement widens these in the same plan: take \
                          `placement = { name = \"round-robin\" }`, or the initializer `random`";
            let name = self.initializer.typetag_name();
            return Err(Unsuited::new("initializer.name", name, reason));
        }
        if !rests || survival.replaces() {
            let suited = self.initializer.goes_with(&starting);
            suited.map_err(|e| e.within("initializer"))?;
        }
        self.survival.goes_with(run).map_err(|e| e.within("survival"))?;
        self.modulation
            .goes_with(run)
            .map_err(|e| e.within("modulation"))?;
        match run.graph.filter(|_| !rests && self.pruning.is_none()) {
            Some(graph) => self.has_room(graph, placement.as_ref()),
            None => Ok(()),
        }
    }

    fn grows(&self) -> bool {
        true
    }

    fn doings(&self) -> BTreeSet<Doing> {
        let survival = self.survival.start();
        let grows = !self.trigger.start().rests();
        let fades = self.plasticity.as_ref().is_some_and(|p| p.decay > 0.0);
        let takes = survival.selects() && !survival.replaces();
        let all = [
            (Doing::Widen, grows),
            (Doing::Split, grows && self.initializer.start().copies()),
            (Doing::Deepen, grows && !self.placement.start().widens_only()),
            (Doing::Prune, takes || self.pruning.is_some()),
            (Doing::Replace, survival.replaces()),
            (Doing::Adjust, fades),
        ];
        let does = all.into_iter().filter(|(_, does)| *does);
        does.map(|(doing, _)| doing).collect()
    }

    fn laws(&self) -> Vec<Law> {
        let mut laws = vec![Law::AtMost(self.max_units)];
        let widens_only = self.placement.start().widens_only();
        let decays = self.plasticity.as_ref().is_some_and(|p| p.decay > 0.0);
        let takes = self.survival.start().selects() || self.pruning.is_some();
        if widens_only && self.initializer.start().preserves_function() && !takes && !decays {
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
    summary =
        "Grows by five parts that are chosen by name: trigger, placement, initializer, survival, modulation.",
    citation = "this project",
    source = include_str!("composed.rs"),
);

#[cfg(test)]
mod tests;

//! Wrappers of parts that record their calls, and otherwise behave like the parts.

use super::part::PartCalls;
use dentate_core::__private::typetag;
use dentate_core::registry::Kind;
use dentate_core::{ConfigError, Graph, LayerId, MeterKind, StateError, Stateful, Unsuited};
use dentate_growth::parts::{
    AModulation, APlacement, ASurvival, ATrigger, AnInitializer, Answer, Answered, AnyPart, Decision,
    Factors, GrowthEvent, InitializerRun, InitializerSpec, ModulationRun, ModulationSpec, Never, NewUnit,
    Place, PlacementRun, PlacementSpec, Removals, Start, SurvivalRun, SurvivalSpec, TriggerRun, TriggerSpec,
};
use dentate_growth::{Composed, Prospect, StrategyError, View};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The record of parts, shared by all copies of one watch.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    parts: BTreeMap<(Kind, String), PartCalls>,
}

impl Watch {
    fn with<T>(&self, act: impl FnOnce(&mut Log) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn part(&self, kind: Kind, name: &str, acted: bool) {
        self.with(|log| {
            let part = log.parts.entry((kind, name.to_string())).or_default();
            part.calls += 1;
            part.effects += u64::from(acted);
        });
    }

    /// The recorded calls of the parts.
    pub(super) fn parts(&self) -> BTreeMap<(Kind, String), PartCalls> {
        self.with(|log| log.parts.clone())
    }

    /// A composed strategy whose parts are watched: its trigger, unless it never fires by design, and those of the others that
    /// were chosen and are not just the default.
    pub(super) fn composed(&self, it: Composed) -> Composed {
        let plain = Composed::default();
        let mut watched = it.clone();
        if it.trigger.typetag_name() != (Never {}).typetag_name() {
            self.expect(Kind::Trigger, it.trigger.typetag_name());
            watched.trigger = Box::new(WatchedTrigger::new(it.trigger, self));
        }
        if it.placement.typetag_name() != plain.placement.typetag_name() {
            self.expect(Kind::Placement, it.placement.typetag_name());
            watched.placement = Box::new(WatchedPlacement::new(it.placement, self));
        }
        if it.initializer.typetag_name() != plain.initializer.typetag_name() {
            self.expect(Kind::Initializer, it.initializer.typetag_name());
            watched.initializer = Box::new(WatchedInitializer::new(it.initializer, self));
        }
        if it.survival.start().selects() {
            self.expect(Kind::Survival, it.survival.typetag_name());
            watched.survival = Box::new(WatchedSurvival::new(it.survival, self));
        }
        if it.modulation.typetag_name() != plain.modulation.typetag_name() {
            self.expect(Kind::Modulation, it.modulation.typetag_name());
            watched.modulation = Box::new(WatchedModulation::new(it.modulation, self));
        }
        watched
    }

    /// Record that a part exists, even if it is never called.
    fn expect(&self, kind: Kind, name: &str) {
        self.with(|log| log.parts.insert((kind, name.to_string()), PartCalls::default()));
    }
}

/// A watched configuration of one kind of part, and its running part. It is created for one run and never written: its inner
/// part is not serialised.
macro_rules! watched {
    ($kind:ident, $watched:ident, $running:ident, $spec:ident, $run:ident) => {
        #[derive(Debug, Serialize, Deserialize)]
        struct $watched {
            #[serde(skip)]
            inner: Option<Box<dyn $spec>>,
            #[serde(skip)]
            watch: Watch,
        }

        impl $watched {
            fn new(inner: Box<dyn $spec>, watch: &Watch) -> Self {
                Self {
                    inner: Some(inner),
                    watch: watch.clone(),
                }
            }

            fn inner(&self) -> &dyn $spec {
                self.inner
                    .as_deref()
                    .expect("a watched part is made of a part")
            }
        }

        impl AnyPart<$kind> for $watched {
            fn validate(&self) -> Result<(), ConfigError> {
                self.inner().validate()
            }
            fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
                self.inner().goes_with(run)
            }
            fn metered(&self) -> Vec<MeterKind> {
                self.inner().metered()
            }
            fn start(&self) -> Box<dyn $run> {
                Box::new($running {
                    inner: self.inner().start(),
                    name: self.inner().typetag_name(),
                    watch: self.watch.clone(),
                })
            }
            fn boxed(&self) -> Box<dyn $spec> {
                Box::new(Self::new(self.inner().boxed(), &self.watch))
            }
        }

        #[typetag::serde(name = "watched-by-testkit")]
        impl $spec for $watched {}

        struct $running {
            inner: Box<dyn $run>,
            name: &'static str,
            watch: Watch,
        }

        impl Stateful for $running {
            fn save(&self) -> Result<Vec<u8>, StateError> {
                self.inner.save()
            }
            fn load(&mut self, state: &[u8]) -> Result<(), StateError> {
                self.inner.load(state)
            }
        }
    };
}

watched!(ATrigger, WatchedTrigger, RunningTrigger, TriggerSpec, TriggerRun);
watched!(
    APlacement,
    WatchedPlacement,
    RunningPlacement,
    PlacementSpec,
    PlacementRun
);
watched!(
    AnInitializer,
    WatchedInitializer,
    RunningInitializer,
    InitializerSpec,
    InitializerRun
);
watched!(
    ASurvival,
    WatchedSurvival,
    RunningSurvival,
    SurvivalSpec,
    SurvivalRun
);
watched!(
    AModulation,
    WatchedModulation,
    RunningModulation,
    ModulationSpec,
    ModulationRun
);

impl TriggerRun for RunningTrigger {
    fn fires(&mut self, view: &View<'_>) -> Answered<Decision> {
        let answer = self.inner.fires(view)?;
        let fired = matches!(answer, Answer::Is(Decision::Grow { demand, .. }) if demand > 0.0);
        self.watch.part(Kind::Trigger, self.name, fired);
        Ok(answer)
    }
    fn waits(&self) -> bool {
        self.inner.waits()
    }
}

impl PlacementRun for RunningPlacement {
    fn place(&mut self, view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let answer = self.inner.place(view, units)?;
        let placed = matches!(&answer, Answer::Is(places) if !places.is_empty());
        self.watch.part(Kind::Placement, self.name, placed);
        Ok(answer)
    }
    fn places(&self, graph: &Graph) -> Vec<LayerId> {
        self.inner.places(graph)
    }
    fn widens_several(&self) -> bool {
        self.inner.widens_several()
    }
    fn widens_only(&self) -> bool {
        self.inner.widens_only()
    }
    fn preserves_function(&self) -> bool {
        self.inner.preserves_function()
    }
    fn adds_layers(&self) -> bool {
        self.inner.adds_layers()
    }
}

impl InitializerRun for RunningInitializer {
    fn initialize(&mut self, view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let answer = self.inner.initialize(view, layer, units)?;
        let started = matches!(answer, Answer::Is(_));
        self.watch.part(Kind::Initializer, self.name, started);
        Ok(answer)
    }
    fn copies(&self) -> bool {
        self.inner.copies()
    }
    fn moves(&self) -> bool {
        self.inner.moves()
    }
    fn computes(&self) -> bool {
        self.inner.computes()
    }
    fn preserves_function(&self) -> bool {
        self.inner.preserves_function()
    }
}

impl SurvivalRun for RunningSurvival {
    fn evaluates(&mut self, view: &View<'_>, threshold_scale: f64) -> bool {
        self.inner.evaluates(view, threshold_scale)
    }
    fn removals(
        &mut self,
        view: &View<'_>,
        grown: &[NewUnit],
        threshold_scale: f64,
    ) -> Answered<Vec<Removals>> {
        let answer = self.inner.removals(view, grown, threshold_scale)?;
        let took = matches!(&answer, Answer::Is(dead) if dead.iter().any(|d| !d.units.is_empty()));
        self.watch.part(Kind::Survival, self.name, took);
        Ok(answer)
    }
    fn selects(&self) -> bool {
        self.inner.selects()
    }
    fn replaces(&self) -> bool {
        self.inner.replaces()
    }
}

impl ModulationRun for RunningModulation {
    fn factors(&mut self, view: &View<'_>, history: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        let factors = self.inner.factors(view, history)?;
        self.watch
            .part(Kind::Modulation, self.name, factors != Factors::default());
        Ok(factors)
    }
}

//! The five parts that a growth strategy can be composed of ([`Composed`](crate::Composed)), each a small registered piece of
//! its own:
//!
//! | part | its question | trait |
//! | --- | --- | --- |
//! | trigger | is it time to grow? | [`Trigger`] |
//! | placement | where? | [`Placement`] |
//! | initializer | how do newborn units start? | [`Initializer`] |
//! | survival | which units stay? | [`Survival`] |
//! | modulation | what scales all of it? | [`Modulation`] |
//!
//! A part is a configuration with a state of its own, as a strategy is. It gets the same [`View`]. What it cannot say
//! without reading the network it asks for ([`Answer::Ask`]): it is called again with the answer in
//! [`View::measured`](crate::View::measured).

use crate::prospect::Prospect;
use crate::strategy::{Select, StrategyError, View};
use dentate_core::{Config, ConfigError, LayerId, MeterKind, Request, Route, State, TaskInfo, Unsuited};

mod initializer;
mod modulation;
mod placement;
mod spec;
mod survival;
mod trigger;

pub use initializer::{
    AnInitializer, GradMax, Initializer, InitializerRun, InitializerSpec, Net2NetWider, Orthogonal,
    RandomStart, Start, ZeroFanOut,
};
pub use modulation::{
    AModulation, Ageing, Factors, Grown, Modulation, ModulationRun, ModulationSpec, NoModulation, Novelty,
    Product, Stress,
};
pub use placement::{
    APlacement, Deeper, Everywhere, Given, HighestError, LeastSpare, Place, Placement, PlacementRun,
    PlacementSpec, RoundRobin,
};
pub use spec::{AnyPart, PartKind};
pub use survival::{
    ASurvival, Ablation, BelowMatureFraction, CompeteForBudget, Dead, NoSelection, RandomDeath, Survival,
    SurvivalRun, SurvivalSpec, Turnover, Utility, UtilityShare, Young,
};
pub use trigger::{
    ATrigger, Detector, Drift, EffectiveRank, Every, ExperienceStart, GradientNorm, LossPlateau, Never,
    OutlierQuota, Slope, Trigger, TriggerRun, TriggerSpec, Verdict,
};

/// What every part has in common: a configuration that can be written in TOML.
pub trait Part: Config {
    /// What it remembers between calls.
    type State: State;

    /// Check what ranges of single settings cannot say. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Whether it goes with a run, as far as that can be known before it: [`GrowthStrategy::suits`](crate::GrowthStrategy::suits).
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and what would do.
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }

    /// What it wants to be metered at every hidden layer; found in [`View::readings`](crate::View::readings).
    fn meters(&self) -> Vec<MeterKind> {
        Vec::new()
    }
}

/// What a part answers.
#[allow(
    clippy::large_enum_variant,
    reason = "an answer is looked at once and dropped"
)]
#[derive(Clone, Debug)]
pub enum Answer<T> {
    /// This.
    Is(T),
    /// It has to read the network first, and is then called again.
    Ask(Question),
}

/// What a part has to read. An objective in the request without any term or penalty stands for what the learner trains for.
#[derive(Clone, Debug)]
pub struct Question {
    /// What to measure.
    pub request: Request,
    /// On which rows.
    pub rows: Select,
    /// Along which way through the graph.
    pub route: Route,
}

impl Question {
    /// Measure `request` on at most `rows` rows of the experience, along the plain way.
    #[must_use]
    pub fn new(request: Request, rows: u32) -> Self {
        Self {
            request,
            rows: Select::Sample(rows),
            route: Route::default(),
        }
    }
}

/// The answer of a part, or why it failed.
pub type Answered<T> = Result<Answer<T>, StrategyError>;

/// The heads that the rows of the experience are trained at.
pub(crate) fn answering(view: &View<'_>) -> Vec<LayerId> {
    let tasks = &view.experience.tasks;
    let heads = view.graph.heads().filter(|(_, head)| {
        let asked = |task: &TaskInfo| {
            let own = head.task.is_none_or(|of| of == task.id);
            own && (head.classes.is_empty() || task.classes.iter().any(|c| head.classes.contains(c)))
        };
        tasks.iter().any(asked)
    });
    heads.map(|(layer, _)| layer.id).collect()
}

/// The place of the largest of some numbers, the first of equals; what is no number is not the largest.
pub(crate) fn largest(numbers: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, number) in numbers.enumerate() {
        if !number.is_nan() && best.is_none_or(|(_, most)| number > most) {
            best = Some((place, number));
        }
    }
    best.map(|(place, _)| place)
}

#[cfg(test)]
pub(crate) mod tests;

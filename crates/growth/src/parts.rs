//! The five parts that a growth strategy can be composed of ([`Composed`](crate::Composed)), each a small registered
//! component:
//!
//! | part | decides | trait |
//! | --- | --- | --- |
//! | trigger | when to grow | [`Trigger`] |
//! | placement | where to grow | [`Placement`] |
//! | initializer | how new units are initialised | [`Initializer`] |
//! | survival | which units survive | [`Survival`] |
//! | modulation | how growth and survival are scaled | [`Modulation`] |
//!
//! Like a strategy, a part is a configuration with a state of its own, and gets the same [`View`]. If it has to measure the
//! network first, it answers [`Answer::Ask`] and is called again with the result in
//! [`View::measured`](crate::View::measured).

use crate::prospect::Prospect;
use crate::strategy::{Select, StrategyError, View};
use dentate_core::{
    Config, ConfigError, LayerId, MeterKind, Plan, Request, Route, State, TaskInfo, Unsuited,
};

pub mod initializer;
pub mod modulation;
pub(crate) mod natural_gradient;
pub mod placement;
mod spec;
pub mod survival;
pub mod trigger;
mod widening;

pub use initializer::{
    AnInitializer, Directions, Firefly, GradMax, Initializer, InitializerRun, InitializerSpec, Net2NetWider,
    NorthPre, NorthSelect, NorthWeight, RandomStart, Splitting, Start, Tiny, VarianceTransfer, ZeroFanOut,
};
pub use modulation::{
    AModulation, Ageing, Factors, GrowthEvent, Modulation, ModulationRun, ModulationSpec, NoModulation,
    Novelty, Product, Stress,
};
pub use placement::{
    APlacement, BestGain, Block, Circulation, Deeper, Everywhere, Given, HighestError, LeastSpare, Place,
    Placement, PlacementRun, PlacementSpec, RoundRobin,
};
pub use spec::{AnyPart, PartKind};
pub use survival::{
    ASurvival, Ablation, BelowMatureFraction, CompeteForBudget, NewUnit, NoSelection, RandomDeath, Removals,
    SelfNormalisedResets, SilenceTest, SilenceThresholds, Survival, SurvivalRun, SurvivalSpec, Turnover,
    Utility, UtilityShare,
};
pub use trigger::{
    ATrigger, Decision, Detector, Drift, EffectiveRank, Every, ExperienceStart, GradientNorm, LossPlateau,
    NaturalGradient, Never, OutlierQuota, PlasticitySaturation, Slope, Trigger, TriggerRun, TriggerSpec,
};

pub(crate) use widening::{partners, widen};

/// The common base of all parts: a configuration that can be written in TOML.
pub trait Part: Config {
    /// State kept between calls.
    type State: State;

    /// Checks what the schema's ranges of single settings, which are checked before, cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Checks that the part suits a run, as far as that is known beforehand; see
    /// [`GrowthStrategy::suits`](crate::GrowthStrategy::suits).
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and a remedy.
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }

    /// The meters it needs at every hidden layer; their values are in [`View::readings`](crate::View::readings).
    fn meters(&self) -> Vec<MeterKind> {
        Vec::new()
    }
}

/// The answer of a part.
#[allow(
    clippy::large_enum_variant,
    reason = "an answer is looked at once and dropped"
)]
#[derive(Clone, Debug)]
pub enum Answer<T> {
    /// The result.
    Is(T),
    /// A measurement is needed first; the part is then called again.
    Ask(Question),
}

/// A measurement that a part requests.
#[derive(Clone, Debug)]
pub enum Question {
    /// Measures the network as it is.
    Measure {
        /// The quantities to measure, all on the same rows; the results come one after the other. An objective without any term or
        /// penalty stands for the learner's training objective.
        requests: Vec<Request>,
        /// The rows to measure on.
        rows: Select,
        /// The route through the graph.
        route: Route,
    },
    /// Measures the learner's training objective as the network is and after each of these plans, none of which is kept: one array
    /// `[1, 1 + plans]`.
    Try {
        /// The plans.
        plans: Vec<Plan>,
        /// The rows to measure on.
        rows: Select,
    },
}

impl Question {
    /// A request for `request` on at most `rows` rows of the experience, along the default route.
    #[must_use]
    pub fn new(request: Request, rows: u32) -> Self {
        Self::together(vec![request], rows)
    }

    /// Several requests on the same rows, at most `rows` of the experience, along the default route.
    #[must_use]
    pub fn together(requests: Vec<Request>, rows: u32) -> Self {
        Self::Measure {
            requests,
            rows: Select::Sample(rows),
            route: Route::default(),
        }
    }

    /// A trial of these plans on at most `rows` rows of the experience.
    #[must_use]
    pub fn trial(plans: Vec<Plan>, rows: u32) -> Self {
        let rows = Select::Sample(rows);
        Self::Try { plans, rows }
    }

    /// The quantities that it asks to be measured; none for a trial.
    #[must_use]
    pub fn requests(&self) -> &[Request] {
        match self {
            Self::Measure { requests, .. } => requests,
            Self::Try { .. } => &[],
        }
    }
}

/// The answer of a part, or the error it failed with.
pub type Answered<T> = Result<Answer<T>, StrategyError>;

/// The heads that the rows of the experience are trained on.
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

/// The index of the largest number, the first one of ties; NaN is ignored.
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

//! The five parts that a growth strategy can be composed of ([`Composed`](crate::Composed)), each a small registered piece of
//! its own:
//!
//! | part | its question | trait |
//! | --- | --- | --- |
//! | trigger | is it time to grow? | [`Trigger`] |
//! | placement | where? | [`Placement`] |
//! | initializer | how do newborn units start? | [`Initializer`] |
//! | survival | which newborn units stay? | [`Survival`] |
//! | modulation | what scales all of it? | [`Modulation`] |
//!
//! A part is a configuration with a state of its own, as a strategy is. It gets the same [`View`](crate::View). What it cannot
//! say without reading the network it asks for ([`Answer::Ask`]): it is called again with the answer in
//! [`View::measured`](crate::View::measured).

use crate::strategy::{Select, StrategyError};
use dentate_core::{ConfigError, MeterKind, Request, Route};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

mod initializer;
mod modulation;
mod placement;
mod register;
mod spec;
mod survival;
mod trigger;

pub use initializer::{Initializer, InitializerRun, InitializerSpec, Start, ZeroFanOut};
pub use modulation::{Factors, Grown, Modulation, ModulationRun, ModulationSpec, NoModulation, Novelty};
pub use placement::{Given, Place, Placement, PlacementRun, PlacementSpec};
pub use spec::{AnyPart, PartRun, Saving};
pub use survival::{BelowMatureFraction, Dead, NoSelection, Survival, SurvivalRun, SurvivalSpec, Young};
pub use trigger::{LossPlateau, Trigger, TriggerRun, TriggerSpec, Verdict};

/// What every part has in common: a configuration that can be written in TOML.
pub trait Part: Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// What it remembers between calls.
    type State: Default + Clone + Debug + Serialize + DeserializeOwned + Send;

    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;

    /// What it wants to be metered at every hidden layer; found in [`View::readings`](crate::View::readings).
    fn meters(&self) -> Vec<MeterKind> {
        Vec::new()
    }
}

/// What a part answers.
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

/// `value` has to be a positive number.
pub(crate) fn positive(key: &str, value: f64) -> Result<(), ConfigError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(ConfigError::new(key, value, "positive and finite"))
    }
}

#[cfg(test)]
pub(crate) mod tests;

//! Subjects of the laws.

use super::case::Case;
use super::watched::Watch;
use crate::Native;
use dentate_continual::{Gradient, GradientLearner, MechanismSpec};
use dentate_core::registry::Kind;
use dentate_core::{Backend, BuildContext, ConfigError, Learner, LearnerSpec, Seed};
use dentate_growth::parts::LossPlateau;
use dentate_growth::{Composed, Growth};
use std::fmt::Debug;

/// A configuration that has to satisfy the laws.
#[derive(Debug)]
pub enum Subject {
    /// A growth strategy, used by the gradient learner.
    Strategy(Box<dyn Growth>),
    /// A mechanism of a gradient learner whose network grows at every chance.
    Mechanism(Box<dyn MechanismSpec>),
    /// A learner.
    Learner(Box<dyn LearnerSpec>),
}

/// A strategy that grows as often as it can, up to eight units per layer.
fn restless() -> Box<dyn Growth> {
    Box::new(Composed {
        every: 1,
        max_units: 8,
        trigger: Box::new(LossPlateau {
            threshold: 1e9,
            window: 1,
        }),
        ..Composed::default()
    })
}

impl Subject {
    /// The kind of the configuration.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Strategy(_) => Kind::Strategy,
            Self::Mechanism(_) => Kind::Mechanism,
            Self::Learner(_) => Kind::Learner,
        }
    }

    /// Its registered name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Strategy(it) => it.name(),
            Self::Mechanism(it) => it.typetag_name(),
            Self::Learner(it) => it.typetag_name(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Strategy(it) => it.validate(),
            Self::Mechanism(it) => it.validate(),
            Self::Learner(it) => it.validate(),
        }
    }

    pub(super) fn toml(&self) -> Result<String, toml::ser::Error> {
        match self {
            Self::Strategy(it) => toml::to_string(it),
            Self::Mechanism(it) => toml::to_string(it),
            Self::Learner(it) => toml::to_string(it),
        }
    }

    /// Another configuration of the same kind, from its TOML.
    pub(super) fn read(kind: Kind, text: &str) -> Result<Self, String> {
        let words = |e: toml::de::Error| e.to_string();
        match kind {
            Kind::Strategy => toml::from_str(text).map(Self::Strategy).map_err(words),
            Kind::Mechanism => toml::from_str(text).map(Self::Mechanism).map_err(words),
            Kind::Learner => toml::from_str(text).map(Self::Learner).map_err(words),
            other => Err(format!("no {other} is held to laws by itself")),
        }
    }

    /// Returns whether its state has the shape of its architecture, block by block, so that each parameter can be followed.
    pub(super) fn holds_parameters(&self) -> bool {
        !matches!(self, Self::Learner(_))
    }

    /// The composed strategy, if it is one.
    pub(super) fn composed(&self) -> Option<Composed> {
        let Self::Strategy(strategy) = self else {
            return None;
        };
        let mut table = toml::Table::try_from(strategy).ok()?;
        let name = table.remove("name");
        let composed = name.as_ref().and_then(toml::Value::as_str) == Some("composed");
        composed.then(|| table.try_into().ok()).flatten()
    }

    /// Its name and parts: configurations that agree in these are inspected together.
    pub(super) fn identity(&self) -> (Kind, &'static str, Vec<(Kind, String)>) {
        let parts = match self {
            Self::Strategy(strategy) => strategy.parts(),
            Self::Mechanism(mechanism) => mechanism.made_of(),
            Self::Learner(spec) => spec.parts(),
        };
        (self.kind(), self.name(), parts)
    }

    /// A new learner with it, whose parts are watched.
    pub(super) fn watched(&self, case: &Case, watch: &Watch) -> Result<Box<dyn Learner>, String> {
        match self {
            Self::Strategy(_) => match self.composed() {
                Some(composed) => Self::Strategy(Box::new(watch.composed(composed))).learner(case),
                None => self.learner(case),
            },
            Self::Mechanism(_) | Self::Learner(_) => self.learner(case),
        }
    }

    /// The learner that a mechanism is added to, without the mechanism; `None` for other kinds.
    pub(super) fn without(&self, case: &Case) -> Option<Box<dyn Learner>> {
        let Self::Mechanism(_) = self else {
            return None;
        };
        let seed = Seed(case.seed).derive("learner");
        let plain = GradientLearner::new(case.config(restless()), Box::new(Native::new()), seed);
        Some(Box::new(plain))
    }

    /// A new learner with it.
    pub(super) fn learner(&self, case: &Case) -> Result<Box<dyn Learner>, String> {
        let seed = Seed(case.seed).derive("learner");
        let gradient = |config: Gradient| -> Box<dyn Learner> {
            Box::new(GradientLearner::new(config, Box::new(Native::new()), seed))
        };
        match self {
            Self::Strategy(strategy) => Ok(gradient(case.config(strategy.boxed()))),
            Self::Mechanism(mechanism) => {
                let mut config = case.config(restless());
                config.mechanisms.push(mechanism.boxed());
                Ok(gradient(config))
            }
            Self::Learner(spec) => {
                let backend = || Box::new(Native::new()) as Box<dyn Backend>;
                let setting = BuildContext {
                    backend: &backend,
                    seed,
                };
                spec.build(setting)
                    .map_err(|e| format!("it cannot be built: {e}"))
            }
        }
    }
}

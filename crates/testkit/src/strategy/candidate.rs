//! Who is held to the laws.

use super::world::World;
use crate::Native;
use dentate_continual::{Gradient, GradientLearner, RegulariserSpec};
use dentate_core::registry::Kind;
use dentate_core::{Backend, ConfigError, Learner, LearnerSpec, Seed, Setting};
use dentate_growth::parts::LossPlateau;
use dentate_growth::{Composed, Growth};
use std::fmt::Debug;

/// A configuration that is held to the laws.
#[derive(Debug)]
pub enum Candidate {
    /// A growth strategy, which the gradient learner asks.
    Strategy(Box<dyn Growth>),
    /// A regulariser of a gradient learner whose network grows at every chance.
    Regulariser(Box<dyn RegulariserSpec>),
    /// A learner.
    Learner(Box<dyn LearnerSpec>),
}

/// A strategy that grows as often as it can, up to eight units a layer.
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

impl Candidate {
    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Strategy(_) => Kind::Strategy,
            Self::Regulariser(_) => Kind::Regulariser,
            Self::Learner(_) => Kind::Learner,
        }
    }

    /// Its registered name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Strategy(it) => it.name(),
            Self::Regulariser(it) => it.typetag_name(),
            Self::Learner(it) => it.typetag_name(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Strategy(it) => it.validate(),
            Self::Regulariser(it) => it.check(),
            Self::Learner(it) => it.validate(),
        }
    }

    pub(super) fn toml(&self) -> Result<String, toml::ser::Error> {
        match self {
            Self::Strategy(it) => toml::to_string(it),
            Self::Regulariser(it) => toml::to_string(it),
            Self::Learner(it) => toml::to_string(it),
        }
    }

    /// Another of the same kind, from its TOML.
    pub(super) fn read(kind: Kind, text: &str) -> Result<Self, String> {
        let words = |e: toml::de::Error| e.to_string();
        match kind {
            Kind::Strategy => toml::from_str(text).map(Self::Strategy).map_err(words),
            Kind::Regulariser => toml::from_str(text).map(Self::Regulariser).map_err(words),
            Kind::Learner => toml::from_str(text).map(Self::Learner).map_err(words),
            other => Err(format!("no {other} is held to laws by itself")),
        }
    }

    /// Whether its numbers are those of its architecture, block by block, so that each parameter can be followed.
    pub(super) fn holds_parameters(&self) -> bool {
        !matches!(self, Self::Learner(_))
    }

    /// A learner of it that has seen nothing.
    pub(super) fn learner(&self, world: &World) -> Result<Box<dyn Learner>, String> {
        let seed = Seed(world.seed).derive("learner");
        let gradient = |config: Gradient| -> Box<dyn Learner> {
            Box::new(GradientLearner::new(config, Box::new(Native::new()), seed))
        };
        match self {
            Self::Strategy(strategy) => Ok(gradient(world.config(strategy.boxed()))),
            Self::Regulariser(regulariser) => Ok(gradient(Gradient {
                regulariser: Some(regulariser.boxed()),
                ..world.config(restless())
            })),
            Self::Learner(spec) => {
                let backend = || Box::new(Native::new()) as Box<dyn Backend>;
                let setting = Setting {
                    backend: &backend,
                    seed,
                };
                spec.build(setting)
                    .map_err(|e| format!("it cannot be built: {e}"))
            }
        }
    }
}

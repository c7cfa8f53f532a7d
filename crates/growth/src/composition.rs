//! Strategies of the field that are compositions of the five parts: thin configurations with settings of their own, which run as a
//! [`Composed`].

use crate::composed::Composed;
use crate::parts::{InitializerSpec, PlacementSpec, TriggerSpec};
use crate::prospect::Prospect;
use dentate_core::{Config, ConfigError, Unsuited};

/// A strategy that is a composition, most parts of which are fixed.
pub(crate) trait Composition: Config {
    /// The composition.
    fn composed(&self) -> Composed;

    /// Checks that the strategy suits a run, beyond what its parts say.
    fn suited(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }
}

/// The amounts of a composition: units of a growth, the width at which a layer stops growing, and updates between two checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps {
    pub(crate) units: usize,
    pub(crate) max_units: usize,
    pub(crate) every: u64,
}

impl Steps {
    /// The composition that adds so much with these parts, and neither selects nor scales.
    pub(crate) fn composed(
        self,
        trigger: &dyn TriggerSpec,
        placement: impl PlacementSpec + 'static,
        initializer: impl InitializerSpec + 'static,
    ) -> Composed {
        Composed {
            units: self.units,
            max_units: self.max_units,
            every: self.every,
            trigger: trigger.boxed(),
            placement: Box::new(placement),
            initializer: Box::new(initializer),
            ..Composed::default()
        }
    }
}

/// The tables of parts, which a strategy with settings of its own does not have.
const PARTS: [&str; 5] = ["trigger", "placement", "initializer", "survival", "modulation"];

/// The key of a part's setting as the strategy's own, unless that part can be chosen in it.
fn own(key: String, chosen: &[&str]) -> String {
    match key.split_once('.') {
        Some((part, rest)) if PARTS.contains(&part) && !chosen.contains(&part) => rest.to_string(),
        _ => key,
    }
}

/// A composition's answer about a configuration, in the strategy's own keys.
pub(crate) fn own_config_error(error: ConfigError, chosen: &[&str]) -> ConfigError {
    ConfigError {
        key: own(error.key, chosen),
        ..error
    }
}

/// A composition's answer about a run, in the strategy's own keys.
pub(crate) fn own_unsuited(error: Unsuited, chosen: &[&str]) -> Unsuited {
    Unsuited {
        key: own(error.key, chosen),
        ..error
    }
}

/// Makes a [`Composition`] a growth strategy; parts that can be chosen in it are named in brackets.
macro_rules! composition {
    ($strategy:ty, $name:literal, $chosen:expr) => {
        impl $crate::registered::AnyGrowth for $strategy {
            fn validate(&self) -> Result<(), dentate_core::ConfigError> {
                use $crate::composition::{Composition, own_config_error};
                dentate_core::Config::in_range(self)?;
                let composed = self.composed();
                let valid = $crate::registered::AnyGrowth::validate(&composed);
                valid.map_err(|error| own_config_error(error, &$chosen))
            }

            fn suits(&self, run: &$crate::Prospect<'_>) -> Result<(), dentate_core::Unsuited> {
                use $crate::composition::{Composition, own_unsuited};
                run.needs_hidden($name)?;
                self.suited(run)?;
                let suits = $crate::registered::AnyGrowth::suits(&self.composed(), run);
                suits.map_err(|error| own_unsuited(error, &$chosen))
            }

            fn grows(&self) -> bool {
                $crate::registered::AnyGrowth::grows(&$crate::composition::Composition::composed(self))
            }

            fn changes(&self) -> std::collections::BTreeSet<$crate::Change> {
                $crate::registered::AnyGrowth::changes(&$crate::composition::Composition::composed(self))
            }

            fn laws(&self) -> Vec<$crate::Law> {
                $crate::registered::AnyGrowth::laws(&$crate::composition::Composition::composed(self))
            }

            fn parts(&self) -> Vec<(dentate_core::registry::Kind, String)> {
                $crate::registered::AnyGrowth::parts(&$crate::composition::Composition::composed(self))
            }

            fn start(&self) -> Box<dyn $crate::GrowthRun> {
                $crate::registered::AnyGrowth::start(&$crate::composition::Composition::composed(self))
            }

            fn boxed(&self) -> Box<dyn $crate::Growth> {
                Box::new(self.clone())
            }
        }
    };
}
pub(crate) use composition;

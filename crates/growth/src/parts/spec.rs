//! What is behind the doors of the five parts: a configuration of any type, and that configuration running with its state.

use super::Part;
use crate::prospect::Prospect;
use crate::strategy::StrategyError;
use dentate_core::{ConfigError, MeterKind, Unsuited, state};

/// What the configurations of all parts offer, whatever their type.
pub trait AnyPart {
    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError>;
    /// Whether it goes with a run, as far as that can be known before it.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }
    /// What it wants to be metered.
    fn metered(&self) -> Vec<MeterKind>;
}

impl<P: Part> AnyPart for P {
    fn check(&self) -> Result<(), ConfigError> {
        self.validate()
    }

    fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.suits(run)
    }

    fn metered(&self) -> Vec<MeterKind> {
        self.meters()
    }
}

/// A part with its state.
#[derive(Clone, Debug)]
pub struct PartRun<P: Part> {
    /// Its configuration.
    pub part: P,
    /// Its state.
    pub state: P::State,
}

impl<P: Part> PartRun<P> {
    /// A part with a fresh state.
    #[must_use]
    pub fn new(part: P) -> Self {
        Self {
            part,
            state: P::State::default(),
        }
    }
}

/// State out, state in.
pub trait Saving: Send {
    /// Its state as bytes ([`dentate_core::state`]).
    ///
    /// # Errors
    /// [`StrategyError::State`].
    fn save(&self) -> Result<Vec<u8>, StrategyError>;
    /// Take over a saved state.
    ///
    /// # Errors
    /// [`StrategyError::State`].
    fn load(&mut self, state: &[u8]) -> Result<(), StrategyError>;
}

impl<P: Part> Saving for PartRun<P> {
    fn save(&self) -> Result<Vec<u8>, StrategyError> {
        Ok(state::to_bytes(&self.state)?)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), StrategyError> {
        self.state = state::from_bytes(bytes)?;
        Ok(())
    }
}

/// What makes a kind of part readable from TOML by its name: its schema, and copies of it.
macro_rules! readable {
    ($spec:ident, $kind:ident) => {
        impl schemars::JsonSchema for dyn $spec {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                dentate_core::registry::named(dentate_core::registry::Kind::$kind, "name")
            }
        }

        impl Clone for Box<dyn $spec> {
            fn clone(&self) -> Self {
                self.boxed()
            }
        }
    };
}
pub(super) use readable;

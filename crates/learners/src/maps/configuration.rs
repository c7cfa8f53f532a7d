//! Configurations of maps: one macro generates the type, its defaults, its setters and its construction, since all maps
//! share the settings of a run besides those of the algorithm.

use super::rule::Rule;
use dentate_core::{StreamFacts, Unsuited};

/// Generates a configuration with its defaults, and the setters of its [`Builder`](super::Builder).
macro_rules! configuration {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[$meta:meta])* $field:ident: $type:ty = $default:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$meta])* pub $field: $type,)*
            /// Passes over an experience.
            #[schemars(range(min = 1))]
            pub epochs: u64,
            /// Signals processed in one step of a run, one after the other: a run may stop between steps.
            #[schemars(range(min = 1))]
            pub batch: usize,
            /// The rule that classifies a row from the units near it.
            pub reading: $crate::maps::Reading,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    $($field: $default,)*
                    epochs: 1,
                    batch: 16,
                    reading: $crate::maps::Reading::default(),
                }
            }
        }

        impl $name {
            /// Returns a builder of a map on arrays.
            #[must_use]
            pub fn builder() -> $crate::maps::Builder<Self> {
                $crate::maps::Builder::default()
            }
        }

        impl dentate_core::LearnerRecipe for $name {
            fn suits(&self, stream: &dentate_core::StreamFacts) -> Result<(), dentate_core::Unsuited> {
                $crate::maps::configuration::suits(self, stream)
            }

            fn build(
                &self,
                _: dentate_core::BuildContext<'_>,
            ) -> Result<Box<dyn dentate_core::Learner>, dentate_core::LearnError> {
                Ok(Box::new($crate::maps::learner::MapLearner::new(self.clone())))
            }

            fn grows(&self) -> bool {
                $crate::maps::Rule::grows(self)
            }

            fn has_twin(&self, budget: dentate_core::TwinBudget) -> Result<(), dentate_core::Unsuited> {
                $crate::maps::twin::has_twin(budget)
            }

            fn twin(
                &self,
                budget: dentate_core::TwinBudget,
                run: &dentate_core::RunCosts,
                _: &dentate_core::StreamFacts,
            ) -> Result<Box<dyn dentate_core::LearnerSpec>, dentate_core::Unsuited> {
                $crate::maps::twin::twin(self, budget, run)
            }
        }

        impl $crate::maps::Builder<$name> {
            $(
                #[doc = concat!("Set `", stringify!($field), "`: see [`", stringify!($name), "`].")]
                #[must_use]
                pub fn $field(mut self, $field: $type) -> Self {
                    self.rule.$field = $field;
                    self
                }
            )*

            /// Sets the number of passes over the array.
            #[must_use]
            pub fn epochs(mut self, epochs: u64) -> Self {
                self.rule.epochs = epochs;
                self
            }
        }
    };
}
pub(crate) use configuration;

/// The methods of [`Rule`](super::Rule) that are the same for every configuration.
macro_rules! common {
    () => {
        fn epochs(&self) -> u64 {
            self.epochs
        }
        fn batch(&self) -> usize {
            self.batch
        }
        fn reading(&self) -> &$crate::maps::Reading {
            &self.reading
        }
    };
}
pub(crate) use common;

/// Checks that a map suits a stream.
pub(crate) fn suits<R: Rule>(rule: &R, stream: &StreamFacts) -> Result<(), Unsuited> {
    let epochs = rule.epochs();
    if stream.once() && epochs > 1 {
        let reason = "this stream is single-pass: set `epochs = 1`";
        return Err(Unsuited::new("epochs", epochs, reason));
    }
    let rows = stream.experiences.iter().map(|e| e.train);
    let rows = rows.sum::<Option<usize>>().map(|n| n as u64);
    rule.could_grow(rows.map(|n| n.saturating_mul(epochs)))
}

/// Checks that a map that starts with `start` units has room for at least `more` units, the smallest growth.
pub(crate) fn room(max_units: usize, start: usize, more: usize) -> Result<(), Unsuited> {
    if max_units >= start + more {
        return Ok(());
    }
    let reason = format!(
        "the map starts with {start} units and could never grow: allow {} or more",
        start + more
    );
    Err(Unsuited::new("max_units", max_units, reason))
}

/// Checks that a run has enough signals for the first insertion.
pub(crate) fn inserts(insert_every: u64, first: u64, signals: Option<u64>) -> Result<(), Unsuited> {
    match signals {
        Some(signals) if signals < first => {
            let reason = format!(
                "the first unit would come after {first} signals, a run has {signals}, and the map could never grow"
            );
            Err(Unsuited::new("insert_every", insert_every, reason))
        }
        _ => Ok(()),
    }
}

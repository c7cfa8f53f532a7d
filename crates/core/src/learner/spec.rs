//! A learner as a suite describes it, and how its crate registers it.

use super::facts::{StreamFacts, Unsuited};
use super::{LearnError, Learner};
use crate::backend::Backend;
use crate::config_error::ConfigError;
use crate::seed::Seed;
use std::fmt::Debug;

/// What a learner is built from, beside its own configuration.
pub struct Setting<'a> {
    /// Makes a backend with nothing in it.
    pub backend: &'a dyn Fn() -> Box<dyn Backend>,
    /// The run's seed for this learner.
    pub seed: Seed,
}

/// The configuration of a learner: plain data, checked once, built per run.
#[typetag::serde(tag = "learner")]
pub trait LearnerSpec: Debug + Send + Sync {
    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key, its value and the range.
    fn validate(&self) -> Result<(), ConfigError>;
    /// Whether it goes with a stream, as far as that can be known before a run. What is not known of the stream yet is taken to
    /// be fine: it is asked again once the data is there.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and what would do.
    fn suits(&self, _stream: &StreamFacts) -> Result<(), Unsuited> {
        Ok(())
    }
    /// A learner that has seen nothing.
    ///
    /// # Errors
    /// [`LearnError`].
    fn build(&self, setting: Setting<'_>) -> Result<Box<dyn Learner>, LearnError>;
    /// The registered parts it uses, itself first: (kind, name). The first that names a paper is what a report cites.
    fn parts(&self) -> Vec<(crate::registry::Kind, String)>;
    /// Whether its architecture changes while it learns (a head for a new task does not count).
    fn grows(&self) -> bool;
}

/// Register a [`LearnerSpec`]: its TOML tag, its entry in the registry. With `source = include_str!("this_file.rs")`
/// `dentate explain` shows the `//!` lines that the file opens with.
#[macro_export]
macro_rules! register_learner {
    (
        $type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal,
        source = $source:expr, $($body:tt)*
    ) => {
        const _: () = {
            use $crate::__private::typetag;
            #[typetag::serde(name = $name)]
            impl $crate::LearnerSpec for $type { $($body)* }
            $crate::__private::inventory::submit! {
                $crate::registry::Entry {
                    kind: $crate::registry::Kind::Learner,
                    name: $name,
                    summary: $summary,
                    citation: $citation,
                    package: env!("CARGO_PKG_NAME"),
                    schema: || $crate::__private::schemars::schema_for!($type),
                    source: $source,
                }
            }
        };
    };
    ($type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal, $($body:tt)*) => {
        $crate::register_learner!(
            $type, $name, summary = $summary, citation = $citation, source = "", $($body)*
        );
    };
}

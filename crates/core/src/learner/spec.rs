//! A learner as a suite describes it: its author's trait, and the door that it is behind.

use super::facts::{StreamFacts, Unsuited};
use super::{LearnError, Learner};
use crate::backend::Backend;
use crate::config::Config;
use crate::config_error::ConfigError;
use crate::registry::Kind;
use crate::seed::Seed;
use std::fmt::Debug;

/// What a learner is built from, beside its own configuration.
pub struct Setting<'a> {
    /// Makes a backend with nothing in it.
    pub backend: &'a dyn Fn() -> Box<dyn Backend>,
    /// The run's seed for this learner.
    pub seed: Seed,
}

/// The configuration of a learner: plain data, checked once, built per run. [`register!`](crate::register) makes it nameable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no learner's configuration",
    label = "it does not implement `LearnerRecipe`",
    note = "implement `dentate_core::LearnerRecipe` for `{Self}`; `cargo xtask new learner NAME` makes one that works"
)]
pub trait LearnerRecipe: Config {
    /// Check what ranges of single settings cannot say. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key, its value and the range.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

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

    /// The folder with the files of the network that it starts from, where it says one: within the data folder, or whole.
    fn starts_from(&self) -> Option<&str> {
        None
    }

    /// The registered parts that it is made of: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }

    /// Whether its architecture changes while it learns (a head for a new task does not count).
    fn grows(&self) -> bool {
        false
    }
}

/// What the configurations of all learners offer, whatever their type. A [`LearnerRecipe`] offers it by itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no learner's configuration",
    label = "it does not implement `LearnerRecipe`",
    note = "implement `dentate_core::LearnerRecipe` for `{Self}`; `cargo xtask new learner NAME` makes one that works"
)]
pub trait AnyLearner {
    /// Check it: ranges, and what they cannot say.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// See [`LearnerRecipe::suits`].
    ///
    /// # Errors
    /// As there.
    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited>;
    /// See [`LearnerRecipe::build`].
    ///
    /// # Errors
    /// As there.
    fn build(&self, setting: Setting<'_>) -> Result<Box<dyn Learner>, LearnError>;
    /// See [`LearnerRecipe::starts_from`].
    fn starts_from(&self) -> Option<&str>;
    /// See [`LearnerRecipe::parts`].
    fn made_of(&self) -> Vec<(Kind, String)>;
    /// See [`LearnerRecipe::grows`].
    fn grows(&self) -> bool;
    /// A copy.
    fn boxed(&self) -> Box<dyn LearnerSpec>;
}

impl<L: LearnerRecipe + LearnerSpec> AnyLearner for L {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.check()
    }

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        LearnerRecipe::suits(self, stream)
    }

    fn build(&self, setting: Setting<'_>) -> Result<Box<dyn Learner>, LearnError> {
        LearnerRecipe::build(self, setting)
    }

    fn starts_from(&self) -> Option<&str> {
        LearnerRecipe::starts_from(self)
    }

    fn made_of(&self) -> Vec<(Kind, String)> {
        LearnerRecipe::parts(self)
    }

    fn grows(&self) -> bool {
        LearnerRecipe::grows(self)
    }

    fn boxed(&self) -> Box<dyn LearnerSpec> {
        Box::new(self.clone())
    }
}

/// A learner as a suite names it: a [`LearnerRecipe`] behind an object, tagged by `learner`.
#[typetag::serde(tag = "learner")]
pub trait LearnerSpec: AnyLearner + Debug + Send + Sync {}

impl dyn LearnerSpec + '_ {
    /// The registered parts it uses, itself first: (kind, name). The first that names a paper is what a report cites.
    #[must_use]
    pub fn parts(&self) -> Vec<(Kind, String)> {
        let own = (Kind::Learner, self.typetag_name().to_string());
        [vec![own], self.made_of()].concat()
    }
}

crate::__named!(LearnerSpec, Learner, "learner");

/// Register the configuration of a learner ([`LearnerRecipe`](crate::LearnerRecipe)): its TOML name and its entry in the
/// registry. With `source = include_str!("this_file.rs")` `dentate explain` shows the `//!` lines that the file opens with.
///
/// ```ignore
/// register!(learner, Means, "means", summary = "Keeps the mean of each class.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (learner, $($rest:tt)*) => {
        $crate::__entry!([$crate::LearnerSpec] Learner, $($rest)*);
    };
}

//! The configuration of a learner: the trait that its author implements, and the object-safe one that a suite uses.

use super::facts::{StreamFacts, Unsuited};
use super::twin::{RunCosts, TwinBudget};
use super::{LearnError, Learner};
use crate::backend::Backend;
use crate::config::Config;
use crate::config_error::ConfigError;
use crate::registry::Kind;
use crate::seed::Seed;
use std::fmt::Debug;

/// The inputs for building a learner, beside its own configuration.
pub struct BuildContext<'a> {
    /// Makes an empty backend.
    pub backend: &'a dyn Fn() -> Box<dyn Backend>,
    /// The run's seed for this learner.
    pub seed: Seed,
}

/// The configuration of a learner: plain data, checked once, built per run. [`register!`](crate::register) registers its name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no learner's configuration",
    label = "it does not implement `LearnerRecipe`",
    note = "implement `dentate_core::LearnerRecipe` for `{Self}`; `cargo xtask new learner NAME` makes one that works"
)]
pub trait LearnerRecipe: Config {
    /// Checks relations that the ranges of single settings cannot express. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key, its value and the range.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Checks whether it suits a stream, as far as that is known before a run. Unknown facts about the stream are assumed to
    /// be suitable: it is called again once the data is there.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and what would be suitable.
    fn suits(&self, _stream: &StreamFacts) -> Result<(), Unsuited> {
        Ok(())
    }

    /// Builds an untrained learner.
    ///
    /// # Errors
    /// [`LearnError`].
    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError>;

    /// The folder of the network that it starts from, if any: relative to the data folder, or absolute.
    fn starts_from(&self) -> Option<&str> {
        None
    }

    /// The registered parts that it consists of: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }

    /// Returns whether its architecture changes during learning (a head for a new task does not count).
    fn grows(&self) -> bool {
        false
    }

    /// Checks that it has a static twin of this budget, as far as that is known before a run. Only learners that grow are asked.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key that is in the way.
    fn has_twin(&self, _budget: TwinBudget) -> Result<(), Unsuited> {
        let reason = "no static twin is known of this learner";
        Err(Unsuited::new("learner", "what it is", reason))
    }

    /// Its static twin: a learner that does not grow and has the budget that a finished run of this one shows, on the same stream.
    ///
    /// # Errors
    /// [`Unsuited`], if no learner keeps within the budget.
    fn twin(
        &self,
        budget: TwinBudget,
        _run: &RunCosts,
        _stream: &StreamFacts,
    ) -> Result<Box<dyn LearnerSpec>, Unsuited> {
        let reason = "this learner makes no static twin";
        Err(Unsuited::new("twin", budget, reason))
    }
}

/// The object-safe interface of all learner configurations. It is implemented for every [`LearnerRecipe`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no learner's configuration",
    label = "it does not implement `LearnerRecipe`",
    note = "implement `dentate_core::LearnerRecipe` for `{Self}`; `cargo xtask new learner NAME` makes one that works"
)]
pub trait AnyLearner {
    /// Checks ranges, and the relations that they cannot express.
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
    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError>;
    /// See [`LearnerRecipe::starts_from`].
    fn starts_from(&self) -> Option<&str>;
    /// See [`LearnerRecipe::parts`].
    fn made_of(&self) -> Vec<(Kind, String)>;
    /// See [`LearnerRecipe::grows`].
    fn grows(&self) -> bool;
    /// See [`LearnerRecipe::has_twin`].
    ///
    /// # Errors
    /// As there.
    fn has_twin(&self, budget: TwinBudget) -> Result<(), Unsuited>;
    /// See [`LearnerRecipe::twin`].
    ///
    /// # Errors
    /// As there.
    fn twin(
        &self,
        budget: TwinBudget,
        run: &RunCosts,
        stream: &StreamFacts,
    ) -> Result<Box<dyn LearnerSpec>, Unsuited>;
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

    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
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

    fn has_twin(&self, budget: TwinBudget) -> Result<(), Unsuited> {
        LearnerRecipe::has_twin(self, budget)
    }

    fn twin(
        &self,
        budget: TwinBudget,
        run: &RunCosts,
        stream: &StreamFacts,
    ) -> Result<Box<dyn LearnerSpec>, Unsuited> {
        LearnerRecipe::twin(self, budget, run, stream)
    }

    fn boxed(&self) -> Box<dyn LearnerSpec> {
        Box::new(self.clone())
    }
}

/// A learner as named in a suite: a [`LearnerRecipe`] as a trait object, tagged by `learner`.
#[typetag::serde(tag = "learner")]
pub trait LearnerSpec: AnyLearner + Debug + Send + Sync {}

impl dyn LearnerSpec + '_ {
    /// The registered parts it uses, itself first: (kind, name). A report cites the first with a paper.
    #[must_use]
    pub fn parts(&self) -> Vec<(Kind, String)> {
        let own = (Kind::Learner, self.typetag_name().to_string());
        [vec![own], self.made_of()].concat()
    }
}

crate::__named!(LearnerSpec, Learner, "learner");

/// Registers the configuration of a learner ([`LearnerRecipe`](crate::LearnerRecipe)): its TOML name and its entry in the
/// registry. With `source = include_str!("this_file.rs")` `dentate explain` shows the leading `//!` lines of the file.
///
/// ```ignore
/// register!(learner, Means, "means", summary = "Keeps the mean of each class.", citation = "this page");
/// ```
///
/// It also declares metrics that a plugin of any kind records ([`metrics::RecordedMetric`](crate::metrics::RecordedMetric)):
///
/// ```
/// dentate_core::register!(
///     metric,
///     "overlap",
///     title = "overlap of codes",
///     unit = percent,
///     better = lower,
///     aggregate = last,
///     formula = "Mean share of units that the codes of two classes have in common.",
///     source = "this page",
/// );
/// ```
///
/// `unit` is one of percent, points, fall, ratio, count, operations, bytes, error and number; `better` higher, lower or neither;
/// `aggregate` last, mean, sum or max, over the values that a run has recorded under the name.
#[macro_export]
macro_rules! register {
    (learner, $($rest:tt)*) => {
        $crate::__entry!([$crate::LearnerSpec] Learner, $($rest)*);
    };
    (metric, $($rest:tt)*) => {
        $crate::__metric!($($rest)*);
    };
}

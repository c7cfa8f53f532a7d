//! The interface of a growth strategy. Configuration and running state are two types; every call returns one [`Action`],
//! which may be to do nothing.

use crate::change::Change;
use crate::law::Law;
use crate::prospect::Prospect;
use dentate_core::{
    Config, ConfigError, Dataset, ExperienceInfo, Graph, LayerId, LrScaleOf, Measured, Meter, Moment, Notes,
    Objective, Optimizer, Plan, PlanBuilder, Readings, Replacement, Request, Route, Seed, State, Unsuited,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The point of training at which a strategy is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hook {
    /// The beginning of an experience, before any of its updates.
    Begin,
    /// After the number of updates given by the strategy's cadence.
    Update,
    /// The end of the experience's training.
    End,
}

/// The information available to a strategy.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The hook of this call.
    pub hook: Hook,
    /// The current network.
    pub graph: &'a Graph,
    /// The description of the current experience.
    pub experience: &'a ExperienceInfo,
    /// The current point of the run.
    pub moment: Moment,
    /// Mean training loss since the last call on [`Hook::Update`]; `None` if there was no update since.
    pub loss: Option<f64>,
    /// The result of its last [`Action::Measure`], if the call is a response to it.
    pub measured: Option<&'a Measured>,
    /// The values of its declared meters, by layer, once it has read them at this check ([`Action::Read`]).
    pub readings: Option<&'a BTreeMap<LayerId, Readings>>,
    /// Default initialisation of new weights.
    pub init: dentate_core::Init,
    /// The seed for this call: different at every call, the same in every repetition of the run.
    pub seed: Seed,
    /// Takes values that the strategy records, if anybody keeps them; see [`record`](Self::record).
    pub notes: Option<&'a Notes>,
}

impl View<'_> {
    /// Starts a plan for the current network. `cause` is the strategy's own word for it, in kebab case, which the report
    /// shows.
    #[must_use]
    pub fn plan(&self, cause: &str) -> PlanBuilder {
        PlanBuilder::new(self.graph, cause, self.seed)
    }

    /// Records a value of a metric that `register!(metric, …)` declares, at the current update. The report sums the values of a run up
    /// as the declaration says.
    pub fn record(&self, metric: &'static str, value: f64) {
        if let Some(notes) = self.notes {
            notes.record(metric, value);
        }
    }

    /// Records a value of the layer or whatever else `item` names.
    pub fn record_item(&self, metric: &'static str, item: &str, value: f64) {
        if let Some(notes) = self.notes {
            notes.record_item(metric, item, value);
        }
    }
}

/// The reason of a strategy for doing nothing. The learner counts the reasons, and a report lists them for a method that
/// never grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// Nothing to do at this check.
    NotNow,
    /// A window is not full yet.
    Waiting,
    /// The loss is still improving.
    Improving,
    /// A cap was reached.
    Cap,
    /// The network has no layer that could grow.
    NoLayer,
}

impl Reason {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotNow => "nothing-to-do",
            Self::Waiting => "window-not-full",
            Self::Improving => "still-improving",
            Self::Cap => "cap-reached",
            Self::NoLayer => "no-layer-to-grow",
        }
    }
}

/// The reason of a strategy to stop for the rest of the experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The problem is solved: training on the experience ends.
    Solved,
    /// The error is low enough to grow no further; training goes on.
    Satisfied,
    /// A cap was reached; training goes on.
    Cap,
}

impl StopReason {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Satisfied => "satisfied",
            Self::Cap => "cap",
        }
    }
}

/// The rows of a phase or a measurement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Select {
    /// All rows of the experience.
    Experience,
    /// A random sample of at most this many rows of the experience, without replacement (refused in a single-pass setting).
    Sample(u32),
    /// The rows at these positions of the experience (refused in a single-pass setting).
    Positions(Vec<u32>),
    /// A data set provided by the strategy: replayed or generated samples.
    Own(Dataset),
}

/// The end of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// After this many updates.
    Updates(u64),
    /// After this many passes over its rows.
    Passes(u64),
}

/// A training phase defined by the strategy, between two of its calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Phase {
    /// The rows to train on.
    pub rows: Select,
    /// Rows per update.
    pub batch: usize,
    /// The route through the graph.
    pub route: Route,
    /// The objective to minimise. Its terms cover all rows of a batch. Without any term or penalty: the learner's training
    /// objective, at the heads of the rows' own tasks.
    pub objective: Objective,
    /// Learning-rate scales for this phase only.
    pub rates: Vec<(LrScaleOf, f32)>,
    /// The optimizer of the phase.
    #[serde(with = "dentate_core::state::as_json")]
    pub optimizer: Optimizer,
    /// The end of the phase.
    pub until: Until,
}

/// The answer of a strategy.
#[derive(Clone, Debug)]
pub enum Action {
    /// Does nothing.
    Hold(Reason),
    /// Changes the network; the strategy is called again afterwards.
    Grow(Plan),
    /// Replaces units by new ones; the strategy is called again afterwards. Equivalent to a plan of [`Edit::Replace`]s, but
    /// at the cost of the replaced units only: for strategies that replace units repeatedly.
    ///
    /// [`Edit::Replace`]: dentate_core::Edit::Replace
    Replace(Vec<Replacement>),
    /// Runs a training phase; the strategy is called again afterwards.
    Train(Box<Phase>),
    /// Reads the declared meters; the strategy is called again with their values, which stay available for the rest of this
    /// check.
    Read,
    /// Measures the network, everything on the same rows; the strategy is called again with the results, one after the other. An
    /// objective without any term or penalty in a request stands for the learner's training objective; the rows are then in the
    /// order of their heads.
    Measure(Vec<Request>, Select, Route),
    /// Measures the learner's training objective as the network is and after each of these plans, none of which is kept; the
    /// strategy is called again with one array of these numbers, `[1, 1 + plans]`.
    Try(Vec<Plan>, Select),
    /// Stops for the rest of the experience.
    Done(StopReason),
}

/// An error of a strategy.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum StrategyError {
    /// The strategy does not suit the stream.
    #[error("{0}")]
    Unsuited(String),
    /// The network lacks something that the strategy needs.
    #[error("the network has no {0}")]
    Missing(String),
    /// The measured arrays do not match.
    #[error("the arrays that were measured do not go together: {what} have the shapes {shapes:?}")]
    Unlike {
        /// The measured quantity.
        what: &'static str,
        /// The shapes of the arrays.
        shapes: Vec<(usize, usize)>,
    },
}

/// A growth strategy: a configuration that can be written in TOML, and its decision rule.
///
/// `propose` is called at the beginning and the end of each experience and every [`cadence`](Self::cadence) updates, and
/// again after each of its own actions until it holds or is done.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no growth strategy",
    label = "it does not implement `GrowthStrategy`",
    note = "implement `dentate_growth::GrowthStrategy` for `{Self}`; `cargo xtask new strategy NAME` makes one that works"
)]
pub trait GrowthStrategy: Config {
    /// State kept between calls.
    type State: State;

    /// Checks what the schema's ranges of single settings, which are checked before, cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Checks that the strategy suits a run, as far as that is known beforehand. Settings with which it would fail or could
    /// never act should be refused here.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and a remedy.
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }

    /// The number of updates between two calls; `None` for calls at boundaries only.
    fn cadence(&self) -> Option<u64> {
        None
    }

    /// Returns whether it ever changes the architecture.
    fn grows(&self) -> bool {
        true
    }

    /// The kinds of change that it may make to the network; by default all. A mechanism that does not support one of them
    /// refuses it before a run, and the conformance suite tests the declaration.
    fn changes(&self) -> BTreeSet<Change> {
        if self.grows() {
            Change::ALL.into()
        } else {
            BTreeSet::new()
        }
    }

    /// The number of levels of a network that started with `start` hidden layers, one above the other, and has `end` hidden layers now: a
    /// static network of its size is as deep. By default each further layer is a level.
    fn levels(&self, start: usize, end: usize) -> usize {
        start.max(end)
    }

    /// The meters to run during training, for the network as it is. Their values are read by [`Action::Read`].
    fn meters(&self, _graph: &Graph) -> Vec<Meter> {
        Vec::new()
    }

    /// The laws that it claims beyond those that every strategy must keep. The conformance suite tests them.
    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    /// Decides on the next action.
    ///
    /// # Errors
    /// [`StrategyError`] ends the run.
    fn propose(&self, state: &mut Self::State, view: &View<'_>) -> Result<Action, StrategyError>;
}

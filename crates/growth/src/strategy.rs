//! The contract of a growth strategy. Configuration and running state are two types; every call answers with one
//! [`Action`], and declining is an answer like any other.

use crate::doing::Doing;
use crate::law::Law;
use crate::prospect::Prospect;
use dentate_core::{
    Config, ConfigError, Dataset, ExperienceInfo, Graph, LayerId, Measured, Meter, Moment, Objective,
    Optimizer, Plan, PlanBuilder, RateOf, Readings, Replacement, Request, Route, Seed, State, Unsuited,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// When a strategy is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Occasion {
    /// An experience begins; nothing of it has been learned.
    Begin,
    /// As many updates as its cadence says have gone by.
    Update,
    /// The experience's training is over.
    End,
}

/// What a strategy sees.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Why it is asked.
    pub occasion: Occasion,
    /// The network now.
    pub graph: &'a Graph,
    /// The experience.
    pub experience: &'a ExperienceInfo,
    /// Now.
    pub moment: Moment,
    /// Mean training loss since it was last asked on [`Occasion::Update`]; `None` when nothing was learned since.
    pub loss: Option<f64>,
    /// The answer to its last [`Action::Measure`], when that is why it is asked again.
    pub measured: Option<&'a Measured>,
    /// What the meters it has declared say, layer by layer, once it has asked for that on this occasion
    /// ([`Action::Read`]).
    pub readings: Option<&'a BTreeMap<LayerId, Readings>>,
    /// What new weights start like, where the strategy has no opinion of its own.
    pub init: dentate_core::Init,
    /// The seed for this call: different at every call, the same in every repetition of the run.
    pub seed: Seed,
}

impl View<'_> {
    /// A plan for the network as it is. `cause` is the strategy's own word for it, in kebab case, which the report shows.
    #[must_use]
    pub fn plan(&self, cause: &str) -> PlanBuilder {
        PlanBuilder::new(self.graph, cause, self.seed)
    }
}

/// Why a strategy declines. The learner counts its reasons, and a report says them of a method that never grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// It has nothing to do at this occasion.
    NotNow,
    /// It is waiting for a window to fill.
    Waiting,
    /// The network still improves by itself.
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

/// Why a strategy stops for the rest of the experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The problem is solved: there is nothing left to train for.
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

/// Which rows a phase or a measurement is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Select {
    /// All rows of the experience.
    Experience,
    /// At most so many rows of the experience, drawn without replacement (refused in a single-pass setting).
    Sample(u32),
    /// These positions of the experience (refused in a single-pass setting).
    Positions(Vec<u32>),
    /// A data set of the strategy's own: replayed or imagined samples.
    Own(Dataset),
}

/// When a phase ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// After so many updates.
    Updates(u64),
    /// After so many passes over its rows.
    Passes(u64),
}

/// Training of the strategy's own, between two of its calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Phase {
    /// On which rows.
    pub rows: Select,
    /// Rows per update.
    pub batch: usize,
    /// Along which way through the graph.
    pub route: Route,
    /// What is minimised. Terms are about all rows of a batch. Without any term or penalty: what the learner itself trains
    /// for, at the heads of the rows' own tasks.
    pub objective: Objective,
    /// Rates for this phase only.
    pub rates: Vec<(RateOf, f32)>,
    /// By which rule.
    #[serde(with = "dentate_core::state::as_json")]
    pub optimizer: Optimizer,
    /// How long.
    pub until: Until,
}

/// What a strategy answers.
#[derive(Clone, Debug)]
pub enum Action {
    /// Nothing now.
    Hold(Reason),
    /// Change the network; it is asked again afterwards.
    Grow(Plan),
    /// Put newborn units in the place of old ones; it is asked again afterwards. The same as a plan of [`Edit::Replace`]s, but
    /// what it costs is what it touches: for strategies that replace units again and again.
    ///
    /// [`Edit::Replace`]: dentate_core::Edit::Replace
    Replace(Vec<Replacement>),
    /// Train in a way of its own; it is asked again afterwards.
    Train(Box<Phase>),
    /// Read the meters it has declared; it is asked again with what they say, for the rest of this occasion.
    Read,
    /// Read the network; it is asked again with the answer. An objective in the request without any term or penalty stands
    /// for what the learner itself trains for; the rows are then in the order of their heads.
    Measure(Request, Select, Route),
    /// Stop for the rest of the experience.
    Done(StopReason),
}

/// Why a strategy failed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum StrategyError {
    /// The strategy and the stream do not go together.
    #[error("{0}")]
    Unsuited(String),
    /// The network is not as the strategy needs it.
    #[error("the network has no {0}")]
    Missing(String),
    /// What was measured for it does not go together.
    #[error("the arrays that were measured do not go together: {what} have the shapes {shapes:?}")]
    Unlike {
        /// What was measured.
        what: &'static str,
        /// The shapes of the arrays.
        shapes: Vec<(usize, usize)>,
    },
}

/// A growth strategy: a configuration that can be written in TOML, and how it decides.
///
/// `propose` is asked at the beginning and the end of each experience and every [`cadence`](Self::cadence) updates, and
/// again after each of its own actions until it holds or is done.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no growth strategy",
    label = "it does not implement `GrowthStrategy`",
    note = "implement `dentate_growth::GrowthStrategy` for `{Self}`; `cargo xtask new strategy NAME` makes one that works"
)]
pub trait GrowthStrategy: Config {
    /// What it remembers between calls.
    type State: State;

    /// Check what ranges of single settings cannot say. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Whether it goes with a run, as far as that can be known before it. What it would fail for, and settings under which it
    /// could never do a thing, belong here.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and what would do.
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }

    /// How many updates lie between two calls; `None` to be asked at boundaries only.
    fn cadence(&self) -> Option<u64> {
        None
    }

    /// Whether it ever changes the architecture.
    fn grows(&self) -> bool {
        true
    }

    /// The kinds of change that it may make to the network: all, where it does not say. A mechanism that cannot live with one refuses
    /// it before a run, and the conformance suite holds it to what it says.
    fn doings(&self) -> BTreeSet<Doing> {
        if self.grows() {
            Doing::ALL.into()
        } else {
            BTreeSet::new()
        }
    }

    /// The meters that run along with training, for the network as it is. What they say is told to who asks ([`Action::Read`]).
    fn meters(&self, _graph: &Graph) -> Vec<Meter> {
        Vec::new()
    }

    /// What it promises beside what every strategy has to keep. The conformance suite holds it to that.
    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    /// Decide.
    ///
    /// # Errors
    /// [`StrategyError`] ends the run.
    fn propose(&self, state: &mut Self::State, view: &View<'_>) -> Result<Action, StrategyError>;
}

//! The contract between an experiment and a learner of any kind.

use crate::apply::PlanError;
use crate::backend::BackendError;
use crate::data::{DataError, Dataset, MissingRow};
use crate::ids::TaskId;
use crate::journal::Architecture;
use crate::network::{Network, NetworkError};
use crate::record::{Record, metric};
use crate::source::{ExperienceInfo, Refused, Source};
use crate::state::StateError;
use ndarray::{Array2, ArrayView1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod facts;
mod losses;
mod saved;
mod spec;
pub use facts::{ExperienceFacts, StreamFacts, Unsuited};
pub use losses::Losses;
pub use saved::{Arrays, Saved};
pub use spec::{AnyLearner, LearnerRecipe, LearnerSpec, Setting};

/// What ended a learner.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum LearnError {
    /// The backend refused.
    #[error("the backend refused: {0}")]
    Backend(#[from] BackendError),
    /// A plan was refused.
    #[error("a plan of `{strategy}` was refused: {error}")]
    Plan {
        /// Whose.
        strategy: String,
        /// Why.
        error: PlanError,
    },
    /// A row that is not there was to be read.
    #[error(transparent)]
    Row(#[from] MissingRow),
    /// Data of the learner's own making that is none.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A source refused.
    #[error("{0}")]
    Source(#[from] Refused),
    /// A strategy failed.
    #[error("strategy `{strategy}` failed: {message}")]
    Strategy {
        /// Which.
        strategy: String,
        /// What it said.
        message: String,
    },
    /// A mechanism failed.
    #[error("mechanism `{mechanism}` failed: {message}")]
    Mechanism {
        /// Which.
        mechanism: String,
        /// Its own words.
        message: String,
    },
    /// The loss is not a number any more.
    #[error("the loss is not finite after {step} updates")]
    Diverged {
        /// Updates made.
        step: u64,
    },
    /// The loss is not a number any more, and the pull of a penalty is more than plain gradient descent can follow.
    #[error(
        "the loss is not finite after {step} updates: `{penalty}` pulls weights back by up to {pull} of their way in an update \
         (strength × learning rate × importance), and plain gradient descent is stable below {limit} only; lower `strength` \
         or `learning_rate`"
    )]
    Unstable {
        /// Updates made.
        step: u64,
        /// Whose penalty.
        penalty: String,
        /// The largest λ · learning rate · importance.
        pull: f64,
        /// What it has to stay below.
        limit: f64,
    },
    /// The learner and the stream do not go together.
    #[error("{0}")]
    Unsuited(String),
    /// The learner has no network to be written.
    #[error("this learner keeps no network that could be written")]
    NoNetwork,
    /// Its network cannot be taken out.
    #[error("its network cannot be taken out: {0}")]
    Network(#[from] NetworkError),
    /// Saved state that does not fit.
    #[error("the saved state does not fit: {0}")]
    State(String),
}

impl From<StateError> for LearnError {
    fn from(error: StateError) -> Self {
        Self::State(error.to_string())
    }
}

impl LearnError {
    /// The kind of failure: a kebab-case word for the report.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Backend(_) => "backend",
            Self::Plan { .. } => "invalid-plan",
            Self::Row(_) | Self::Data(_) => "data",
            Self::Source(_) => "refused",
            Self::Strategy { .. } => "strategy",
            Self::Mechanism { .. } => "mechanism",
            Self::Diverged { .. } | Self::Unstable { .. } => "not-finite",
            Self::Unsuited(_) => "unsuited",
            Self::NoNetwork | Self::Network(_) => "network",
            Self::State(_) => "state",
        }
    }
}

/// What one call of [`Learner::advance`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// One update.
    Updated,
    /// One change of the architecture.
    Edited,
    /// One measurement, or another piece of work that changed no weight.
    Measured,
    /// Nothing: the experience is done.
    Finished,
}

/// The books of a run: what was spent, and what was noted on the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Updates.
    pub updates: u64,
    /// Rows trained on.
    pub rows: u64,
    /// Multiply-adds spent on training and measuring.
    pub multiply_adds: u64,
    /// Changes of the architecture.
    pub edits: u64,
    /// Measurements.
    pub measurements: u64,
    /// The experience that is running.
    pub experience: u32,
    /// Records not yet taken away by the runner.
    pub records: Vec<Record>,
}

impl Ledger {
    /// Note a value at the current step.
    pub fn note(&mut self, metric: &str, item: Option<&str>, value: f64) {
        self.records.push(Record {
            metric: metric.into(),
            experience: self.experience,
            step: self.updates,
            task: None,
            item: item.map(Into::into),
            value,
        });
    }

    /// Note a value of a task at the current step.
    pub fn note_task(&mut self, metric: &str, task: TaskId, value: f64) {
        self.records.push(Record {
            metric: metric.into(),
            experience: self.experience,
            step: self.updates,
            task: Some(task.0),
            item: None,
            value,
        });
    }

    /// Note how large a network is.
    pub fn note_size(&mut self, architecture: &Architecture) {
        let graph = architecture.graph();
        self.note(metric::PARAMETERS, None, graph.parameter_count() as f64);
        self.note(metric::MULTIPLY_ADDS, None, graph.multiply_adds() as f64);
        for layer in graph.hidden() {
            self.note(metric::UNITS, Some(&layer.name), layer.width() as f64);
        }
    }
}

/// What a learner predicts.
#[derive(Clone, Debug, PartialEq)]
pub enum Predictions {
    /// A score for each class `[rows, classes]`; −∞ where the learner knows no such class.
    Scores(Array2<f32>),
    /// Real values `[rows, outputs]`.
    Values(Array2<f32>),
    /// Codes or reconstructions that cannot be scored against targets `[rows, size]`.
    Codes(Array2<f32>),
    /// No answer.
    Abstain,
}

impl Predictions {
    /// The class with the largest of a row's scores. The first of equal ones is taken, so that ties cannot flatter; none, where no
    /// class is known.
    #[must_use]
    pub fn best(scores: ArrayView1<'_, f32>) -> Option<u32> {
        let first = (None, f32::NEG_INFINITY);
        let larger = |best: (Option<u32>, f32), (class, &score): (u32, &f32)| {
            if score > best.1 {
                (Some(class), score)
            } else {
                best
            }
        };
        (0..).zip(scores).fold(first, larger).0
    }
}

/// A hidden layer, examined on some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// The layer's name.
    pub layer: String,
    /// What its units put out `[rows × positions, units]`.
    pub outputs: Array2<f32>,
    /// Mean |w| over the weights into it.
    pub weight: f64,
}

/// What a learner may see: methods that keep to the rules of continual learning ask for the current experience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The current experience.
    #[default]
    Current,
    /// All experiences at once, as one: the offline reference.
    Everything,
}

/// A learner.
pub trait Learner: Send {
    /// What it has to be shown.
    fn scope(&self) -> Scope {
        Scope::Current
    }
    /// An experience begins.
    ///
    /// # Errors
    /// [`LearnError`].
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError>;
    /// Do ONE update, edit or measurement, so that the runner can evaluate, save, stop and account between any two.
    ///
    /// # Errors
    /// [`LearnError`].
    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError>;
    /// Predict rows of a data set. `task` is given in the task-incremental scenario only. It is asked before the first update too:
    /// who has no answer yet abstains.
    ///
    /// # Errors
    /// [`LearnError`].
    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError>;
    /// What it makes of the inputs of rows: reconstructions `[rows, features]`; `None` from a learner that makes none.
    ///
    /// # Errors
    /// [`LearnError`].
    fn reconstruct(&mut self, data: &Dataset, rows: &[u32]) -> Result<Option<Array2<f32>>, LearnError> {
        let _ = (data, rows);
        Ok(None)
    }
    /// What the units of its hidden layers put out on rows, oldest layer first; empty from a learner that has none.
    ///
    /// # Errors
    /// [`LearnError`].
    fn examine(&mut self, data: &Dataset, rows: &[u32]) -> Result<Vec<Examined>, LearnError> {
        let _ = (data, rows);
        Ok(Vec::new())
    }
    /// Its network as it is now, to be written or started from. What a learner remembers beside it is not in it.
    ///
    /// # Errors
    /// [`LearnError::NoNetwork`] from a learner that has none, [`LearnError::Network`] before there is a layer.
    fn network(&mut self) -> Result<Network, LearnError> {
        Err(LearnError::NoNetwork)
    }
    /// Start from a network that was trained elsewhere, before anything is learned.
    ///
    /// # Errors
    /// [`LearnError::Unsuited`] from a learner that cannot.
    fn start_from(&mut self, network: Network) -> Result<(), LearnError> {
        let _ = network;
        let sentence = "this learner cannot start from a network that was trained before";
        Err(LearnError::Unsuited(sentence.into()))
    }
    /// Its architecture.
    fn architecture(&self) -> &Architecture;
    /// How far the current experience is, from 0 to 1.
    fn fraction(&self) -> f64;
    /// Its whole state. Saving changes nothing: a learner that was saved goes on as one that was not.
    ///
    /// # Errors
    /// [`LearnError::State`].
    fn save(&mut self) -> Result<Saved, LearnError>;
    /// Make a data set known again before a saved state is loaded: what a learner remembers are rows of data it was shown.
    ///
    /// # Errors
    /// [`LearnError`].
    fn recall(&mut self, data: &Dataset) -> Result<(), LearnError>;
    /// Take over a saved state.
    ///
    /// # Errors
    /// [`LearnError::State`]; the learner is then not to be used.
    fn load(&mut self, saved: &Saved) -> Result<(), LearnError>;
}

#[cfg(test)]
mod tests;

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
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod facts;
mod growth_log;
mod losses;
mod memory;
mod protocol;
mod saved;
mod spec;
mod twin;
pub use facts::{ExperienceFacts, StreamFacts, Unsuited};
pub use growth_log::GrowthLog;
pub use losses::Losses;
pub use memory::LearnerMemory;
pub use protocol::Protocol;
pub use saved::{Arrays, SavedState};
pub use spec::{AnyLearner, BuildContext, LearnerRecipe, LearnerSpec};
pub use twin::{NoCosts, RunCosts, TwinBudget, scaled_widths};

/// The errors that end a learner.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum LearnError {
    /// The backend refused.
    #[error("the backend refused: {0}")]
    Backend(#[from] BackendError),
    /// The backend refused an operation.
    #[error("a plan of `{strategy}` was refused: {error}")]
    Plan {
        /// The strategy of the plan.
        strategy: String,
        /// The reason.
        error: PlanError,
    },
    /// A requested row does not exist.
    #[error(transparent)]
    Row(#[from] MissingRow),
    /// The learner made an invalid data set.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A source refused a request.
    #[error("{0}")]
    Source(#[from] Refused),
    /// A strategy failed.
    #[error("strategy `{strategy}` failed: {message}")]
    Strategy {
        /// Its name.
        strategy: String,
        /// Its message.
        message: String,
    },
    /// A mechanism failed.
    #[error("mechanism `{mechanism}` failed: {message}")]
    Mechanism {
        /// Its name.
        mechanism: String,
        /// Its message.
        message: String,
    },
    /// The loss is no longer finite.
    #[error(
        "the loss is not finite after {step} updates: a lower learning rate may help, or inputs scaled to about 1"
    )]
    Diverged {
        /// Number of updates made.
        step: u64,
    },
    /// An output is no number although all weights are finite: products overflow.
    #[error(
        "an output is not a number after {step} updates: weights and features are so large that their products overflow; scale \
         the features, or lower `learning_rate`"
    )]
    Overflow {
        /// Number of updates made.
        step: u64,
    },
    /// The loss is no longer finite, and a penalty is too strong for plain gradient descent.
    #[error(
        "the loss is not finite after {step} updates: `{penalty}` pulls weights back by up to {pull} of their way in an update \
         (strength × learning rate × importance), and plain gradient descent is stable below {limit} only; lower `strength` \
         or `learning_rate`"
    )]
    Unstable {
        /// Number of updates made.
        step: u64,
        /// The mechanism of the penalty.
        penalty: String,
        /// The largest λ · learning rate · importance.
        pull: f64,
        /// The limit for that product.
        limit: f64,
    },
    /// The learner and the stream do not match.
    #[error("{0}")]
    Unsuited(String),
    /// The learner has no network to write.
    #[error("this learner keeps no network that could be written")]
    NoNetwork,
    /// Its network cannot be exported.
    #[error("its network cannot be taken out: {0}")]
    Network(#[from] NetworkError),
    /// The saved state does not match.
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
            Self::Diverged { .. } | Self::Overflow { .. } | Self::Unstable { .. } => "not-finite",
            Self::Unsuited(_) => "unsuited",
            Self::NoNetwork | Self::Network(_) => "network",
            Self::State(_) => "state",
        }
    }
}

/// The result of one call of [`Learner::advance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// One update.
    Updated,
    /// One change of the architecture.
    Edited,
    /// One measurement, or other work that changed no weight.
    Measured,
    /// Nothing: the experience is done.
    Finished,
}

/// The log of a run: counts of the resources used, and the recorded metrics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricLog {
    /// Number of updates.
    pub updates: u64,
    /// Number of rows trained on.
    pub rows: u64,
    /// Number of multiply-adds for training and measuring.
    pub multiply_adds: u64,
    /// Number of changes of the architecture.
    pub edits: u64,
    /// Number of measurements.
    pub measurements: u64,
    /// The current experience.
    pub experience: u32,
    /// Records not yet collected by the runner.
    pub records: Vec<Record>,
}

impl MetricLog {
    /// Record a value at the current step.
    pub fn record(&mut self, metric: &str, item: Option<&str>, value: f64) {
        self.records.push(Record {
            metric: metric.into(),
            experience: self.experience,
            step: self.updates,
            task: None,
            item: item.map(Into::into),
            value,
        });
    }

    /// Record a value of a task at the current step.
    pub fn record_task(&mut self, metric: &str, task: TaskId, value: f64) {
        self.records.push(Record {
            metric: metric.into(),
            experience: self.experience,
            step: self.updates,
            task: Some(task.0),
            item: None,
            value,
        });
    }

    /// Record the size of a network.
    pub fn record_size(&mut self, architecture: &Architecture) {
        let graph = architecture.graph();
        self.record(metric::PARAMETERS, None, graph.parameter_count() as f64);
        self.record(metric::MULTIPLY_ADDS, None, graph.multiply_adds() as f64);
        for layer in graph.hidden() {
            self.record(metric::UNITS, Some(&layer.name), layer.width() as f64);
        }
    }
}

/// The predictions of a learner.
#[derive(Clone, Debug, PartialEq)]
pub enum Predictions {
    /// A score for each class `[rows, classes]`; −∞ for classes unknown to the learner.
    Scores(Array2<f32>),
    /// Real values `[rows, outputs]`.
    Values(Array2<f32>),
    /// Codes or reconstructions that cannot be scored against targets `[rows, size]`.
    Codes(Array2<f32>),
    /// No prediction.
    Abstain,
}

impl Predictions {
    /// The class with the largest of a row's scores. The first of equal ones is taken, so that ties cannot improve the accuracy;
    /// `None` where no class is known.
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

/// The outputs of a hidden layer on some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// The layer's name.
    pub layer: String,
    /// The outputs of its units `[rows × positions, units]`.
    pub outputs: Array2<f32>,
    /// Mean |w| over its incoming weights.
    pub weight: f64,
    /// Deviation of its incoming blocks of weights from isometry, mean over blocks; see
    /// [`deviation`](crate::metrics::plasticity::deviation).
    pub isometry: f64,
}

/// A learner of any kind.
///
/// An experiment calls [`Learner::begin`] once for each experience and [`Learner::advance`] until it has finished:
///
/// ```
/// use dentate_core::{ExperienceInfo, LearnError, Learner, MetricLog, Progress, Source};
///
/// fn learn(
///     learner: &mut dyn Learner,
///     experience: &ExperienceInfo,
///     source: &mut dyn Source,
/// ) -> Result<MetricLog, LearnError> {
///     let mut log = MetricLog::default();
///     learner.begin(experience)?;
///     while learner.advance(source, &mut log)? != Progress::Finished {
///         // Between any two calls it can be evaluated and saved.
///     }
///     Ok(log)
/// }
/// ```
pub trait Learner: Send {
    /// The protocol by which it is shown data, where an experiment does not set one.
    fn protocol(&self) -> Protocol {
        Protocol::Sequential
    }
    /// Begins an experience.
    ///
    /// # Errors
    /// [`LearnError`].
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError>;
    /// Does one update, edit or measurement, so that the runner can evaluate, save, stop and account between any two.
    ///
    /// # Errors
    /// [`LearnError`].
    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError>;
    /// Predicts rows of a data set. `task` is given in the task-incremental scenario only. It is also called before the first update:
    /// a learner without predictions then abstains.
    ///
    /// # Errors
    /// [`LearnError`].
    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError>;
    /// Reconstructs the inputs of rows: `[rows, features]`; `None` for a learner without reconstructions.
    ///
    /// # Errors
    /// [`LearnError`].
    fn reconstruct(&mut self, data: &Dataset, rows: &[u32]) -> Result<Option<Array2<f32>>, LearnError> {
        let _ = (data, rows);
        Ok(None)
    }
    /// The outputs of its hidden layers on rows, oldest layer first; empty for a learner without such layers.
    ///
    /// # Errors
    /// [`LearnError`].
    fn examine(&mut self, data: &Dataset, rows: &[u32]) -> Result<Vec<Examined>, LearnError> {
        let _ = (data, rows);
        Ok(Vec::new())
    }
    /// Its current network, for writing or as a start. Other state of the learner is not included.
    ///
    /// # Errors
    /// [`LearnError::NoNetwork`] for a learner without one, [`LearnError::Network`] before there is a layer.
    fn network(&mut self) -> Result<Network, LearnError> {
        Err(LearnError::NoNetwork)
    }
    /// Starts from a network that was trained elsewhere, before anything is learned.
    ///
    /// # Errors
    /// [`LearnError::Unsuited`] for a learner that does not support it.
    fn start_from(&mut self, network: Network) -> Result<(), LearnError> {
        let _ = network;
        let sentence = "this learner cannot start from a network that was trained before";
        Err(LearnError::Unsuited(sentence.into()))
    }
    /// The memory that it holds for learning; by default that of its architecture's parameters.
    fn memory(&self) -> LearnerMemory {
        LearnerMemory {
            parameters: LearnerMemory::of(self.architecture().graph().parameter_count()),
            ..LearnerMemory::default()
        }
    }
    /// Its architecture.
    fn architecture(&self) -> &Architecture;
    /// The completed fraction of the current experience, from 0 to 1.
    fn fraction(&self) -> f64;
    /// Saves its complete state. Saving changes nothing: training continues exactly as without it.
    ///
    /// # Errors
    /// [`LearnError::State`].
    fn save(&mut self) -> Result<SavedState, LearnError>;
    /// Attaches a data set before a saved state is loaded: replay buffers hold rows of data sets that were shown.
    ///
    /// # Errors
    /// [`LearnError`].
    fn attach_data(&mut self, data: &Dataset) -> Result<(), LearnError>;
    /// Restores a saved state.
    ///
    /// # Errors
    /// [`LearnError::State`]; the learner is then unusable.
    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError>;
}

#[cfg(test)]
mod tests;

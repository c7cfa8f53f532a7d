//! Errors of sessions.

use crate::container::ContainerError;
use crate::network::NetworkFileError;
use dentate_backends::ChoiceError;
use dentate_core::{ConfigError, LearnError, StateError, Unsuited};
use dentate_streams::StreamError;
use thiserror::Error;

/// An error that ends a session, or keeps one from starting.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The stream could not be built.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A setting of the learner is out of range.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The learner and the stream do not match.
    #[error(transparent)]
    Unsuited(#[from] Unsuited),
    /// The backend is not available.
    #[error(transparent)]
    Backend(#[from] ChoiceError),
    /// The learner failed.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// The bytes of a saved session cannot be read or written.
    #[error("the saved session cannot be used: {0}")]
    Container(#[from] ContainerError),
    /// The state of a saved session cannot be read or written.
    #[error("the saved session cannot be used: {0}")]
    State(#[from] StateError),
    /// The saved session is of another stream.
    #[error("the saved session is of a stream with other rows")]
    OtherRows,
    /// The recipe cannot be written, so a saved session could not identify its experiment.
    #[error("the recipe cannot be written: {0}")]
    Recipe(#[from] serde_json::Error),
    /// The saved session is of another experiment.
    #[error("the saved session is of an experiment in which `{setting}` is {saved}, and here it is {here}")]
    OtherExperiment {
        /// The setting, by its path.
        setting: String,
        /// Its value in the saved session.
        saved: String,
        /// Its value in this one.
        here: String,
    },
    /// The position of the saved session does not exist in this one.
    #[error("the saved session is at experience {group}, and this one has {groups}")]
    Position {
        /// Its experience.
        group: usize,
        /// The number of experiences.
        groups: usize,
    },
    /// A learner instance has a single network, but the protocol needs one for each experience.
    #[error(
        "the protocol `separate` makes a learner for each experience: give the session a recipe, not a built learner"
    )]
    OneLearner,
    /// The files of a network could not be written or read.
    #[error(transparent)]
    Network(#[from] NetworkFileError),
    /// A file is not a saved session that can be used.
    #[error("{}: {source}", .path.display())]
    Saved {
        /// The file.
        path: std::path::PathBuf,
        /// The reason.
        source: Box<SessionError>,
    },
    /// A file of a saved session could not be written or read.
    #[error("failed to {doing} {}: {source}", .path.display())]
    Io {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file.
        path: std::path::PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
}

//! The error type of programs, for all parts of the library.

use dentate_core::data::DataError;
use dentate_core::registry::DuplicateName;
use dentate_core::{ConfigError, LearnError, MissingRow, StateError};
use dentate_growth::StrategyError;
use dentate_learners::maps::FitError;
use dentate_session::{NetworkFileError, SessionError};
use dentate_streams::StreamError;
use std::fmt;
use thiserror::Error;

/// The result type of a program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of any part of the library. `Debug` shows it as a sentence too, since a `main` that returns it prints that.
#[derive(Error)]
#[non_exhaustive]
pub enum Error {
    /// A session could not start or continue.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The files of a network could not be written or read.
    #[error(transparent)]
    Network(#[from] NetworkFileError),
    /// A stream or a data set could not be built.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A learner failed.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// A strategy failed.
    #[error(transparent)]
    Strategy(#[from] StrategyError),
    /// A setting is out of range.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A map could not be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// Rows do not make a data set.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A data set does not have a requested row.
    #[error(transparent)]
    Row(#[from] MissingRow),
    /// A state could not be saved or loaded.
    #[error(transparent)]
    State(#[from] StateError),
    /// Two items of one kind have the same name.
    #[error(transparent)]
    Name(#[from] DuplicateName),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

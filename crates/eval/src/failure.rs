//! The reasons for which there is no report.

use crate::metrics::DerivedNameError;
use crate::suite::ResultsError;
use polars::prelude::PolarsError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// The error for a report that could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The results cannot be read.
    #[error(transparent)]
    Suite(#[from] ResultsError),
    /// The frames could not be computed.
    #[error("the records could not be tabulated: {0}")]
    Frames(#[from] PolarsError),
    /// A plugin's metric has the name of another.
    #[error(transparent)]
    Name(#[from] DerivedNameError),
    /// A file of the report cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

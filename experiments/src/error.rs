//! What the runner says when something is wrong, and the exit code that goes with it.

use crate::suite::SuiteError;
use dentate_core::registry::DuplicateName;
use dentate_streams::StreamError;
use std::path::PathBuf;
use thiserror::Error;

/// What stops the runner.
#[derive(Debug, Error)]
pub(crate) enum RunnerError {
    /// A suite cannot be used.
    #[error("{0}")]
    Suite(#[from] SuiteError),
    /// Data cannot be used.
    #[error("{0}")]
    Stream(#[from] StreamError),
    /// Data could not be fetched.
    #[error("{0}")]
    Fetch(#[from] crate::data::FetchError),
    /// Two plugins claim one name.
    #[error("{0}")]
    Registry(#[from] DuplicateName),
    /// `--only` names no method.
    #[error("the suite `{suite}` has no method `{method}`{suggestion}; it has {known}")]
    Method {
        suite: String,
        method: String,
        suggestion: String,
        known: String,
    },
    /// A file or folder.
    #[error("cannot {action} {path}: {source}")]
    Io {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    /// A file of the results is not what it should be.
    #[error("{path} cannot be read: {message}")]
    Damaged { path: PathBuf, message: String },
    /// Results of another version.
    #[error(
        "{path} was written in results format {found}, this program writes {expected}; move the folder away"
    )]
    Format {
        path: PathBuf,
        found: u32,
        expected: u32,
    },
    /// Another process is at work on the same results.
    #[error("another `bench` is working on {path}; wait for it or give other --results")]
    Busy { path: PathBuf },
    /// Some runs failed.
    #[error("{failed} of {total} runs failed; see the log of each under {folder}")]
    Runs {
        failed: usize,
        total: usize,
        folder: PathBuf,
    },
    /// A run ended early.
    #[error("{message}")]
    Run { kind: &'static str, message: String },
}

impl RunnerError {
    /// 2 for what the user typed or wrote, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Suite(_) | Self::Method { .. } => 2,
            Self::Fetch(crate::data::FetchError::Unknown { .. }) => 2,
            _ => 1,
        }
    }

    pub(crate) fn io(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

//! What the runner says when something is wrong, and the exit code that goes with it.

use crate::slurm::SlurmError;
use crate::stop;
use crate::suite::SuiteError;
use dentate_backends::{ChoiceError, NoDevice};
use dentate_core::registry::DuplicateName;
use dentate_streams::StreamError;
use std::path::PathBuf;
use thiserror::Error;

/// What a process ends with whose run another one is making: sysexits' EX_TEMPFAIL.
pub(crate) const ELSEWHERE: u8 = 75;

/// What `bench --status` ends with when no run has failed and some are not there yet.
pub(crate) const INCOMPLETE: u8 = 3;

/// What a program ends with that was built without the backend that it is asked for; xtask builds another then.
pub(crate) const NO_LIBTORCH: u8 = 4;

/// What stops the runner.
#[derive(Debug, Error)]
pub(crate) enum RunnerError {
    /// A suite cannot be used.
    #[error("{0}")]
    Suite(#[from] SuiteError),
    /// Data cannot be used.
    #[error("{0}")]
    Stream(#[from] StreamError),
    /// A backend that this program or machine has not.
    #[error("{0}")]
    Backend(#[from] ChoiceError),
    /// A word that is no device.
    #[error("{0}")]
    Device(#[from] NoDevice),
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
    /// A job that is not what `bench` wrote.
    #[error("{path} is not the job of a run: {message}; the suite's next `bench` writes it anew")]
    Job { path: PathBuf, message: String },
    /// A folder of results that another suite of the same name has.
    #[error(
        "the results in {folder} are those of another suite of this name, {other}: give this one a folder of its own with \
         --results, or call its file otherwise"
    )]
    Another { folder: PathBuf, other: PathBuf },
    /// Results of another version.
    #[error(
        "{path} was written in results format {found}, this program writes {expected}; move the folder away"
    )]
    Format {
        path: PathBuf,
        found: u32,
        expected: u32,
    },
    /// Something that no file can hold.
    #[error("{path} cannot be written: {message}")]
    Unwritable { path: PathBuf, message: String },
    /// Another process is making the run.
    #[error("{run} is being made by {holder}")]
    Elsewhere { run: String, holder: String },
    /// A cluster would not take the runs.
    #[error("{0}")]
    Slurm(#[from] SlurmError),
    /// `--status` found runs that are not there yet.
    #[error("{missing} of {total} runs are not there yet")]
    Incomplete { missing: usize, total: usize },
    /// `--status` found files that are not as they were written.
    #[error("what is damaged is made again by the next `bench` of the suite: {damaged} in all")]
    Mendable { damaged: usize },
    /// Asked to stop.
    #[error("stopped")]
    Stopped,
    /// Asked to stop in the midst of a suite.
    #[error("interrupted; {finished} of {total} runs are finished, and `{command}` goes on")]
    Interrupted {
        finished: usize,
        total: usize,
        command: String,
    },
    /// Nothing of this name is registered.
    #[error(
        "nothing is called `{name}`{suggestion}{} `cargo xtask list` shows all names",
        if suggestion.is_empty() { ":" } else { "" }
    )]
    Unexplained { name: String, suggestion: String },
    /// The doctor found something that has to be mended.
    #[error("what is marked with ✗ above has to be mended first")]
    Unsound,
    /// Some runs failed.
    #[error("{failed} of {total} runs failed; the others are in the report")]
    Runs { failed: usize, total: usize },
    /// A run ended early.
    #[error("{message}")]
    Run { kind: &'static str, message: String },
}

impl RunnerError {
    /// 2 for what the user typed or wrote, and for data that does not fit it; 3 for a suite that is incomplete; 4 for a backend
    /// that is not part of the program; 75 (try again) for what another process is doing; 130 for an interruption; 1 for
    /// everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Elsewhere { .. } => ELSEWHERE,
            Self::Stopped | Self::Interrupted { .. } => stop::INTERRUPTED,
            Self::Backend(ChoiceError::Absent) => NO_LIBTORCH,
            Self::Backend(ChoiceError::Name(_) | ChoiceError::Device(_)) | Self::Device(_) => 2,
            Self::Suite(_) | Self::Method { .. } | Self::Unexplained { .. } | Self::Another { .. } => 2,
            Self::Slurm(error) if error.of_usage() => 2,
            Self::Stream(error) if !error.is_unavailable() => 2,
            Self::Incomplete { .. } => INCOMPLETE,
            Self::Fetch(crate::data::FetchError::Unknown { .. }) => 2,
            _ => 1,
        }
    }

    pub(crate) fn io(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

#[cfg(test)]
mod tests;

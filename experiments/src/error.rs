//! Errors of the runner, and their exit codes.

use crate::slurm::SlurmError;
use crate::stop;
use crate::suite::SuiteError;
use dentate_backends::{ChoiceError, NoDevice};
use dentate_core::metrics::MetricNameError;
use dentate_core::registry::DuplicateName;
use dentate_streams::StreamError;
use std::path::PathBuf;
use thiserror::Error;

/// Exit code if another process executes the run: EX_TEMPFAIL of sysexits.
pub(crate) const ELSEWHERE: u8 = 75;

/// Exit code of `bench --status` if no run has failed and some are missing.
pub(crate) const INCOMPLETE: u8 = 3;

/// Exit code of a program built without the requested backend; xtask then builds another one.
pub(crate) const NO_LIBTORCH: u8 = 4;

/// The exit code of `bench --check-claims` when a claim of a suite is not held or cannot be tested.
pub(crate) const CLAIMS: u8 = 5;

/// An error of the runner.
#[derive(Debug, Error)]
pub(crate) enum RunnerError {
    /// A suite cannot be used.
    #[error("{0}")]
    Suite(#[from] SuiteError),
    /// Data cannot be used.
    #[error("{0}")]
    Stream(#[from] StreamError),
    /// A backend that is not part of this program or not available on this machine.
    #[error("{0}")]
    Backend(#[from] ChoiceError),
    /// A word that names no device.
    #[error("{0}")]
    Device(#[from] NoDevice),
    /// Data could not be fetched.
    #[error("{0}")]
    Fetch(#[from] crate::data::FetchError),
    /// Two plugins register the same name.
    #[error("{0}")]
    Registry(#[from] DuplicateName),
    /// A plugin's metric has the name of another.
    #[error("{0}")]
    Metric(#[from] MetricNameError),
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
    /// A file of the results is damaged.
    #[error("{path} cannot be read: {message}")]
    Damaged { path: PathBuf, message: String },
    /// A job file that `bench` did not write in this form.
    #[error("{path} is not the job of a run: {message}; the suite's next `bench` writes it anew")]
    Job { path: PathBuf, message: String },
    /// The results folder belongs to another suite of the same name.
    #[error(
        "the results in {folder} are those of another suite of this name, {other}: give this one a folder of its own with \
         --results, or call its file otherwise"
    )]
    Another { folder: PathBuf, other: PathBuf },
    /// Results in another format version.
    #[error(
        "{path} was written in results format {found}, this program writes {expected}; move the folder away"
    )]
    Format {
        path: PathBuf,
        found: u32,
        expected: u32,
    },
    /// A value that cannot be serialised.
    #[error("{path} cannot be written: {message}")]
    Unwritable { path: PathBuf, message: String },
    /// Another process executes the run.
    #[error("{run} is being made by {holder}")]
    Elsewhere { run: String, holder: String },
    /// Another process is making a run that this one comes after.
    #[error("it waits for run {run}, which is being made by {holder}")]
    Waiting { run: String, holder: String },
    /// A cluster did not accept the runs.
    #[error("{0}")]
    Slurm(#[from] SlurmError),
    /// `--status` found missing runs.
    #[error("{missing} of {total} runs are not there yet")]
    Incomplete { missing: usize, total: usize },
    /// `--status` found damaged files.
    #[error("what is damaged is made again by the next `bench` of the suite: {damaged} in all")]
    Mendable { damaged: usize },
    /// `--check-claims` without a report to ask.
    #[error(
        "`--check-claims` asks the report, and there is none at {path}: build it with `cargo build -p dentate-report`, or use `cargo xtask bench`"
    )]
    NoReport { path: PathBuf },
    /// The report failed, and has said why.
    #[error("the report could not be made")]
    Report,
    /// Some claim is not held.
    #[error("some claims are not held or cannot be tested")]
    Claims,
    /// Stopped by a signal.
    #[error("stopped")]
    Stopped,
    /// Stopped by a signal within a suite.
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
    /// The doctor found a problem.
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
    /// 2 for a mistake in the command or the suite, and for data that does not fit the suite; 3 for an incomplete suite; 4
    /// for a backend that is not part of the program; 5 for a claim that is not held; 75 (try again) if another process executes the run; 130 for an
    /// interruption; 1 otherwise.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Elsewhere { .. } | Self::Waiting { .. } => ELSEWHERE,
            Self::Stopped | Self::Interrupted { .. } => stop::INTERRUPTED,
            Self::Backend(ChoiceError::Absent) => NO_LIBTORCH,
            Self::Backend(ChoiceError::Name(_) | ChoiceError::Device(_)) | Self::Device(_) => 2,
            Self::Suite(_) | Self::Method { .. } | Self::Unexplained { .. } | Self::Another { .. } => 2,
            Self::Slurm(error) if error.of_usage() => 2,
            Self::Stream(error) if !error.is_unavailable() => 2,
            Self::Incomplete { .. } => INCOMPLETE,
            Self::Claims => CLAIMS,
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

//! Errors of the submission to Slurm.

use thiserror::Error;

/// The reason why runs could not be submitted.
#[derive(Debug, Error)]
pub(crate) enum SlurmError {
    #[error("cannot start `{program}`: {source}; is Slurm installed here, and its folder in PATH?")]
    NotThere {
        program: &'static str,
        source: std::io::Error,
    },
    #[error("`{program}` refused: {message}")]
    Refused { program: &'static str, message: String },
    #[error("there is no partition `{given}`{suggestion}; there is {known}")]
    Partition {
        given: String,
        suggestion: String,
        known: String,
    },
    #[error(
        "`--time {given}` is no time that Slurm knows; it knows minutes, minutes:seconds, hours:minutes:seconds, days-hours, \
         days-hours:minutes and days-hours:minutes:seconds"
    )]
    Time { given: String },
    #[error("`{option}` is about a cluster: it needs `--executor slurm`")]
    NotSlurm { option: &'static str },
}

impl SlurmError {
    /// Returns whether it is a mistake in the command.
    pub(crate) fn of_usage(&self) -> bool {
        matches!(
            self,
            Self::Partition { .. } | Self::Time { .. } | Self::NotSlurm { .. }
        )
    }
}

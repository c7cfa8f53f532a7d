//! Failures of xtask's tasks, and their exit codes: 2 for wrong usage, 130 for an interruption, 1 for the rest.

use crate::{
    build::BuildError, child::ChildError, libtorch::LibtorchError, new::NewError, suite::SuiteArgumentError,
    tidy::TidyError, workspace::WorkspaceError,
};
use std::process::ExitCode;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Suite(#[from] SuiteArgumentError),
    #[error(transparent)]
    New(#[from] NewError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Libtorch(#[from] LibtorchError),
    #[error(transparent)]
    Tidy(#[from] TidyError),
    #[error(transparent)]
    Child(#[from] ChildError),
}

impl Failure {
    /// The message, unless a child has printed it already.
    pub(crate) fn words(&self) -> Option<String> {
        match self {
            Self::Build(BuildError::Interrupted) => None,
            other => Some(other.to_string()),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Suite(error) if error.is_usage() => ExitCode::from(2),
            Self::New(error) if error.is_usage() => ExitCode::from(2),
            Self::Libtorch(error) if error.is_usage() => ExitCode::from(2),
            Self::Build(BuildError::Interrupted) | Self::Libtorch(LibtorchError::Interrupted) => {
                ExitCode::from(130)
            }
            _ => ExitCode::FAILURE,
        }
    }
}

#[cfg(test)]
mod tests;

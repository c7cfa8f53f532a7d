//! `bench --check-claims`: asking the report, which is a program of its own, what became of the claims.

use crate::error::RunnerError;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The exit code of `dentate-report --check-claims` if some claim is not held.
const MISSED: i32 = 5;

/// The report beside this program.
pub(super) fn reporter() -> Result<PathBuf, RunnerError> {
    let own = std::env::current_exe().map_err(RunnerError::io("find", Path::new("dentate")))?;
    let path = own.with_file_name(format!("dentate-report{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() {
        Ok(path)
    } else {
        Err(RunnerError::NoReport { path })
    }
}

/// Report on these results, and hold their claims against them.
pub(super) fn check(reporter: &Path, folders: &[PathBuf]) -> Result<(), RunnerError> {
    let mut command = Command::new(reporter);
    let status = command.arg("--check-claims").args(folders).status();
    let status = status.map_err(RunnerError::io("start", reporter))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(MISSED) => Err(RunnerError::Claims),
        _ => Err(RunnerError::Report),
    }
}

#[cfg(all(test, unix))]
mod tests;

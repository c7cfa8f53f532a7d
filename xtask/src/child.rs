//! Running another program in the foreground.
//!
//! A terminal sends Ctrl-C to the whole process group: the child gets it too and decides what to save before it ends.
//! xtask must outlive it, or the shell would take the terminal back while the child still writes to it. So xtask only records
//! the signal, waits, and then ends as interrupted.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

#[derive(Debug, Error)]
#[error("failed to start {}: {source}", .program.to_string_lossy())]
pub(crate) struct ChildError {
    program: OsString,
    source: std::io::Error,
}

/// The outcome of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Ended by itself, with this code.
    Code(i32),
    /// Ended by a signal other than Ctrl-C: killed, or crashed.
    Killed,
    /// Ended after Ctrl-C.
    Interrupted,
}

impl Ended {
    pub(crate) fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Record Ctrl-C from now on instead of ending. Call it before a child is started.
pub(crate) fn outlive_interrupts() {
    static ONCE: Once = Once::new();
    // Without the handler xtask ends at Ctrl-C: inconvenient, but no reason to refuse the work.
    ONCE.call_once(|| drop(ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))));
}

/// Returns whether Ctrl-C was pressed.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Run a program to its end, with xtask's own input and output.
pub(crate) fn run(command: &mut Command) -> Result<Ended, ChildError> {
    outlive_interrupts();
    let status = command.status().map_err(|source| ChildError {
        program: command.get_program().to_owned(),
        source,
    })?;
    Ok(ended(status, interrupted()))
}

fn ended(status: ExitStatus, interrupted: bool) -> Ended {
    match status.code() {
        // A child that had finished before the signal keeps its success.
        Some(0) => Ended::Code(0),
        _ if interrupted => Ended::Interrupted,
        Some(code) => Ended::Code(code),
        None => Ended::Killed,
    }
}

#[cfg(all(test, unix))]
mod tests;

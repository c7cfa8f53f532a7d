//! Panics of plugins, or of any code that a run executes, as failures of the run.

use crate::error::RunnerError;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Execute `work`; a panic becomes an error with its message and location.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, RunnerError>) -> Result<T, RunnerError> {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let words = info.payload_as_str().unwrap_or("no message").trim();
        let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line()));
        if let Ok(mut last) = LAST.lock() {
            *last = Some(format!("it panicked{}: {words}", place.unwrap_or_default()));
        }
        before(info);
    }));
    // What the panic left half done is not looked at again: the run is over.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let message = LAST.lock().ok().and_then(|mut last| last.take());
        Err(RunnerError::Run {
            kind: "panic",
            message: message.unwrap_or_else(|| "it panicked".into()),
        })
    })
}

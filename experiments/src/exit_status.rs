//! The status of a run whose process ended without writing one, from the last lines of its log and its exit status.

use crate::paths::RunFolder;
use crate::suite::Limits;
use dentate_core::record::Status;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::process::ExitStatus;

/// The beginning of the log line that opens a new attempt at the run.
pub(crate) const ATTEMPT: &str = "── ";

/// Bytes read from the end of a log.
const LAST: u64 = 1 << 14;

/// The status of a run whose process ended with `exit` and wrote none.
pub(crate) fn of(run: &RunFolder, limits: &Limits, exit: ExitStatus) -> Status {
    let words = last_words(run);
    let (kind, message) = classify(&words, limits, &exit);
    let kind = kind.into();
    Status::Failed { kind, message }
}

fn last_words(run: &RunFolder) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(run.log())?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LAST)))?;
        let mut bytes = Vec::new();
        file.take(LAST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

fn classify(words: &str, limits: &Limits, exit: &ExitStatus) -> (&'static str, String) {
    // What earlier attempts said is theirs.
    let lines: Vec<&str> = words.lines().collect();
    let first = lines.iter().rposition(|l| l.starts_with(ATTEMPT)).unwrap_or(0);
    let lines = &lines[first..];
    // Rust's allocator says this and aborts.
    if let Some(line) = lines
        .iter()
        .rev()
        .find(|l| l.starts_with("memory allocation of "))
    {
        let limit = match limits.memory {
            Some(mebibytes) => format!(", at the suite's limit of {mebibytes} MiB"),
            None => String::new(),
        };
        let wanted = line.trim_start_matches("memory allocation of ").split(' ').next();
        let wanted = wanted.unwrap_or("some");
        return (
            "out-of-memory",
            format!("memory ran out when {wanted} bytes more were asked for{limit}"),
        );
    }
    if let Some(at) = lines.iter().rposition(|l| l.contains("panicked at")) {
        let message = lines.get(at + 1).map_or("no message", |l| l.trim());
        return ("panic", format!("it panicked: {message}"));
    }
    if let Some(line) = lines.iter().rev().find_map(|l| l.strip_prefix("error: ")) {
        return ("error", line.into());
    }
    match signal(exit) {
        Some(9) => (
            "killed",
            "it was killed by signal 9: by hand, or by the system because memory ran out".into(),
        ),
        Some(signal) => ("killed", format!("it was ended by signal {signal}")),
        None => (
            "killed",
            format!("its process ended with {exit} and said nothing"),
        ),
    }
}

#[cfg(unix)]
fn signal(exit: &ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(exit)
}

#[cfg(not(unix))]
fn signal(_: &ExitStatus) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests;

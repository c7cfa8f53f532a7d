//! The status of a run on disk, with checks of the files in its folder.

use crate::error::RunnerError;
use crate::paths::{RunFolder, write_whole};
use dentate_core::record::{RECORDS, RunEnd, STATUS, Status, Sum, Summing, sealed, unsealed};
use dentate_session::network::{GRAPH, TENSORS};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Maximum number of bytes of a status file.
const LONGEST: u64 = 1 << 20;

/// The status of a run, from its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunStatus {
    /// No outcome yet: pending or in progress.
    Open,
    /// The outcome. The records of a finished run are those that it finished with.
    Ended(RunEnd),
    /// Files that differ from what was written, described in one sentence: the run has to be repeated.
    Damaged(String),
}

/// Determine the status from a run's folder.
pub(crate) fn look(run: &RunFolder) -> RunStatus {
    let bytes = match bounded(&run.status()) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return RunStatus::Open,
        Err(error) => return RunStatus::Damaged(format!("{STATUS} cannot be read: {error}")),
    };
    match from_bytes(&bytes) {
        Err(message) => RunStatus::Damaged(format!("{STATUS} is damaged: {message}")),
        Ok(end) => match damage(run, &end) {
            None => RunStatus::Ended(end),
            Some(message) => RunStatus::Damaged(message),
        },
    }
}

/// The outcome that a run has written, if it is intact.
pub(crate) fn read(run: &RunFolder) -> Option<Status> {
    match look(run) {
        RunStatus::Ended(end) => Some(end.status),
        RunStatus::Open | RunStatus::Damaged(_) => None,
    }
}

/// Read the bytes of a status.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<RunEnd, String> {
    unsealed(bytes)
}

/// Write the outcome of a run.
pub(crate) fn write(run: &RunFolder, end: &RunEnd) -> Result<(), RunnerError> {
    let path = run.status();
    let text = sealed(end).map_err(|e| RunnerError::Unwritable {
        path: path.clone(),
        message: e.to_string(),
    })?;
    write_whole(&path, &text)
}

/// An outcome without records.
pub(crate) fn without_records(run: &str, status: Status) -> RunEnd {
    RunEnd {
        run: run.into(),
        status,
        log: None,
        timing: None,
        settings: None,
        after: Vec::new(),
    }
}

/// The bytes of a file that belongs to an outcome, if its checksum is right.
pub(crate) fn believed(path: &Path, sum: Option<&Sum>) -> Option<Vec<u8>> {
    let bytes = bounded(path).ok()?;
    sum.is_some_and(|sum| *sum == Sum::of(&bytes)).then_some(bytes)
}

fn damage(run: &RunFolder, end: &RunEnd) -> Option<String> {
    let own = name(run);
    if own.as_deref() != Some(end.run.as_str()) {
        let other = &end.run;
        return Some(format!(
            "{STATUS} is of run {other}: its folder was renamed or copied"
        ));
    }
    if end.status != Status::Finished {
        return None;
    }
    if end.settings.is_some() && believed(&run.settings(), end.settings.as_ref()).is_none() {
        return Some("settings.json is missing or damaged".into());
    }
    let Some(sum) = &end.log else {
        return Some(format!("{STATUS} has no checksum of {RECORDS}"));
    };
    match sum_of(&run.records(), sum.bytes) {
        Ok(found) => Some(format!("{RECORDS} is damaged: {}", sum.mismatch(&found)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!("{RECORDS} is missing")),
        Err(error) => Some(format!("{RECORDS} cannot be read: {error}")),
    }
}

/// The name of a run's folder, which is the run's id, whatever path was used here.
fn name(run: &RunFolder) -> Option<String> {
    let text = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    text(&run.0).or_else(|| text(&run.0.canonicalize().ok()?))
}

/// The checksum of a file with an expected number of bytes; a file of another length is not read.
fn sum_of(path: &Path, bytes: u64) -> io::Result<Sum> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length != bytes {
        return Ok(Sum {
            bytes: length,
            sha256: String::new(),
        });
    }
    let mut summing = Summing::default();
    io::copy(&mut file, &mut summing)?;
    Ok(summing.sum())
}

fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Remove the files of an earlier attempt, including its checkpoint if the run is to start over.
pub(crate) fn clear(run: &RunFolder, fresh: bool) -> Result<(), RunnerError> {
    remove(&run.status())?;
    remove(&run.records())?;
    remove(&run.settings())?;
    remove(&run.0.join(GRAPH))?;
    remove(&run.0.join(TENSORS))?;
    if fresh {
        remove(&run.checkpoint())?;
        remove(&run.unfinished())?;
        let folder = run.experiences();
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(RunnerError::io("remove", &folder)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), RunnerError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RunnerError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

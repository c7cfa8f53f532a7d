//! How a run stands on disk, as far as its folder can be believed.

use crate::error::RunnerError;
use crate::paths::{RunFolder, write_whole};
use dentate_core::record::{Ending, RECORDS, STATUS, Status, Sum, Summing, sealed, unsealed};
use dentate_session::network::{GRAPH, TENSORS};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most bytes of a status.
const LONGEST: u64 = 1 << 20;

/// What a run's folder says of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunStatus {
    /// Nothing: it was not made yet, or is being made.
    Open,
    /// How it ended. If it has finished, its records are those that it finished with.
    Ended(Ending),
    /// Files that are not as they were written, in one sentence: the run has to be made again.
    Damaged(String),
}

/// Look at a run's folder.
pub(crate) fn look(run: &RunFolder) -> RunStatus {
    let bytes = match bounded(&run.status()) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return RunStatus::Open,
        Err(error) => return RunStatus::Damaged(format!("{STATUS} cannot be read: {error}")),
    };
    match from_bytes(&bytes) {
        Err(message) => RunStatus::Damaged(format!("{STATUS} is damaged: {message}")),
        Ok(ending) => match damage(run, &ending) {
            None => RunStatus::Ended(ending),
            Some(message) => RunStatus::Damaged(message),
        },
    }
}

/// The status that a run has written, if it has and can be believed.
pub(crate) fn read(run: &RunFolder) -> Option<Status> {
    match look(run) {
        RunStatus::Ended(ending) => Some(ending.status),
        RunStatus::Open | RunStatus::Damaged(_) => None,
    }
}

/// Read the bytes of a status.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Ending, String> {
    unsealed(bytes)
}

/// Write down how a run ended.
pub(crate) fn write(run: &RunFolder, ending: &Ending) -> Result<(), RunnerError> {
    let path = run.status();
    let text = sealed(ending).map_err(|e| RunnerError::Unwritable {
        path: path.clone(),
        message: e.to_string(),
    })?;
    write_whole(&path, &text)
}

/// An ending without records.
pub(crate) fn without_records(run: &str, status: Status) -> Ending {
    Ending {
        run: run.into(),
        status,
        log: None,
        timing: None,
    }
}

/// A file that belongs to an ending: its bytes, if they are those that were written.
pub(crate) fn believed(path: &Path, sum: Option<&Sum>) -> Option<Vec<u8>> {
    let bytes = bounded(path).ok()?;
    sum.is_some_and(|sum| *sum == Sum::of(&bytes)).then_some(bytes)
}

fn damage(run: &RunFolder, ending: &Ending) -> Option<String> {
    let own = name(run);
    if own.as_deref() != Some(ending.run.as_str()) {
        let other = &ending.run;
        return Some(format!(
            "{STATUS} is of run {other}: its folder was renamed or copied"
        ));
    }
    if ending.status != Status::Finished {
        return None;
    }
    let Some(sum) = &ending.log else {
        return Some(format!("{STATUS} has no checksum of {RECORDS}"));
    };
    match sum_of(&run.records(), sum.bytes) {
        Ok(found) => Some(format!("{RECORDS} is damaged: {}", sum.mismatch(&found)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!("{RECORDS} is missing")),
        Err(error) => Some(format!("{RECORDS} cannot be read: {error}")),
    }
}

/// The name of a run's folder, which is the run's id, however it was called here.
fn name(run: &RunFolder) -> Option<String> {
    let text = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    text(&run.0).or_else(|| text(&run.0.canonicalize().ok()?))
}

/// The sum of a file that should have so many bytes; one of another length is not read.
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

/// Take away what an earlier attempt left; its checkpoint too when the run is to begin anew.
pub(crate) fn clear(run: &RunFolder, fresh: bool) -> Result<(), RunnerError> {
    remove(&run.status())?;
    remove(&run.records())?;
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

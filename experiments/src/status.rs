//! How a run stands on disk.

use crate::error::RunnerError;
use crate::places::RunFolder;
use dentate_core::record::{Status, sentence};
use std::io::ErrorKind;
use std::path::Path;

/// The status a run has written, if it has, and if its records are there when it says that they are whole.
pub(crate) fn read(run: &RunFolder) -> Option<Status> {
    let status = from_bytes(&std::fs::read(run.status()).ok()?).ok()?;
    (status != Status::Finished || run.records().is_file()).then_some(status)
}

/// Read the bytes of a status.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Status, String> {
    serde_json::from_slice(bytes).map_err(|e| sentence(&e.to_string()))
}

/// Take away what an earlier attempt left; its checkpoint too when the run is to begin anew.
pub(crate) fn clear(run: &RunFolder, fresh: bool) -> Result<(), RunnerError> {
    remove(&run.status())?;
    remove(&run.records())?;
    if fresh {
        remove(&run.checkpoint())?;
        remove(&run.unfinished())?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), RunnerError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RunnerError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

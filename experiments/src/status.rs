//! How a run stands on disk.

use crate::error::RunnerError;
use crate::places::RunFolder;
use dentate_core::record::Status;
use std::io::ErrorKind;
use std::path::Path;

/// The status a run has written, if it has, and if its records are there when it says that they are whole.
pub(crate) fn read(run: &RunFolder) -> Option<Status> {
    let status: Status = serde_json::from_slice(&std::fs::read(run.status()).ok()?).ok()?;
    (status != Status::Finished || run.records().is_file()).then_some(status)
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

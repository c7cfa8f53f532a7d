//! Submissions, stored beside the results.

use crate::error::RunnerError;
use crate::paths::{SuiteFolder, json, write_whole};
use dentate_core::record::sentence;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const FILE: &str = "submission.json";

/// A job array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Submission {
    /// Slurm's id of the array.
    pub(super) job: u64,
    /// Its elements.
    pub(super) elements: usize,
    /// The runs; run n is executed by element n modulo `elements`.
    pub(super) runs: Vec<String>,
    /// The time of submission, in RFC 3339.
    pub(super) when: String,
}

impl Submission {
    pub(super) fn write(&self, place: &Path) -> Result<(), RunnerError> {
        let path = place.join(FILE);
        write_whole(&path, &json(&path, self)?)
    }
}

/// A folder for the next submission.
pub(super) fn new_folder(folder: &SuiteFolder) -> Result<PathBuf, RunnerError> {
    let all = folder.submissions();
    std::fs::create_dir_all(&all).map_err(RunnerError::io("create", &all))?;
    let mut number = 1;
    loop {
        let place = all.join(number.to_string());
        match std::fs::create_dir(&place) {
            Ok(()) => return Ok(place),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(RunnerError::io("create", &place)(error)),
        }
    }
}

/// Read the bytes of a submission.
pub(super) fn from_bytes(bytes: &[u8]) -> Result<Submission, String> {
    serde_json::from_slice(bytes).map_err(|e| sentence(&e.to_string()))
}

/// All submissions. An unreadable file was not submitted: it is written after the submission.
pub(super) fn all(folder: &SuiteFolder) -> Vec<Submission> {
    let entries = folder.submissions().read_dir().into_iter().flatten().flatten();
    let read = |place: PathBuf| from_bytes(&std::fs::read(place.join(FILE)).ok()?).ok();
    entries.filter_map(|entry| read(entry.path())).collect()
}

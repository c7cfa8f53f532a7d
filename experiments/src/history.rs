//! What earlier runs of a suite left in its folder, whatever configuration or code made them.

use crate::paths::SuiteFolder;
use crate::run::Timing;
use crate::status::{self, RunStatus};
use dentate_core::record::Status;
use serde::Deserialize;
use std::time::SystemTime;

/// A run that was made once.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) stream: String,
    pub(crate) seed: u64,
    /// What it cost.
    pub(crate) timing: Timing,
    /// When it ended, by the file system's clock: used to tell later from earlier, nothing else.
    pub(crate) ended: SystemTime,
}

/// What is read of a job here. The rest may name plugins that are not linked in any more.
#[derive(Deserialize)]
struct Label {
    id: String,
    method: String,
    stream: String,
    seed: u64,
}

/// All runs in the folder that are whole. What cannot be read is passed over: it is not going to be reported on.
pub(crate) fn finished(folder: &SuiteFolder) -> Vec<Past> {
    let Ok(entries) = folder.runs().read_dir() else {
        return Vec::new();
    };
    let mut all: Vec<Past> = entries
        .flatten()
        .filter_map(|entry| {
            let run = folder.run(entry.file_name().to_str()?);
            let RunStatus::Ended(ending) = status::look(&run) else {
                return None;
            };
            let label: Label = serde_json::from_slice(&std::fs::read(run.job()).ok()?).ok()?;
            if ending.status != Status::Finished || label.id != ending.run {
                return None;
            }
            let timing = status::believed(&run.timing(), ending.timing.as_ref());
            Some(Past {
                id: label.id,
                method: label.method,
                stream: label.stream,
                seed: label.seed,
                timing: timing
                    .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                    .unwrap_or_default(),
                ended: run
                    .status()
                    .metadata()
                    .and_then(|m| m.modified())
                    .unwrap_or(SystemTime::UNIX_EPOCH),
            })
        })
        .collect();
    all.sort_by(|a, b| (a.ended, &a.id).cmp(&(b.ended, &b.id)));
    all
}

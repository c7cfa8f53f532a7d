//! Earlier runs in a suite's folder, whatever configuration or code made them.

use crate::paths::SuiteFolder;
use crate::run::Timing;
use crate::status::{self, RunStatus};
use dentate_core::record::Status;
use serde::Deserialize;
use std::time::SystemTime;

/// An earlier run.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) stream: String,
    pub(crate) seed: u64,
    /// Its costs.
    pub(crate) timing: Timing,
    /// The time of its end by the file system's clock, used only to order runs.
    pub(crate) ended: SystemTime,
}

/// The part of a job that is read here. The rest may name plugins that are no longer linked in.
#[derive(Deserialize)]
struct Label {
    id: String,
    method: String,
    stream: String,
    seed: u64,
}

/// All intact runs in the folder. Unreadable ones are skipped, since they are never reported.
pub(crate) fn finished(folder: &SuiteFolder) -> Vec<Past> {
    let Ok(entries) = folder.runs().read_dir() else {
        return Vec::new();
    };
    let mut all: Vec<Past> = entries
        .flatten()
        .filter_map(|entry| {
            let run = folder.run(entry.file_name().to_str()?);
            let RunStatus::Ended(end) = status::look(&run) else {
                return None;
            };
            let label: Label = serde_json::from_slice(&std::fs::read(run.job()).ok()?).ok()?;
            if end.status != Status::Finished || label.id != end.run {
                return None;
            }
            let timing = status::believed(&run.timing(), end.timing.as_ref());
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

//! Costs of a run, in a separate file: records repeat to the byte, times do not.

use crate::suite::Keep;
use dentate_core::profile::{self, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Costs of a run, over all processes that executed it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Timing {
    /// Total seconds.
    pub(crate) seconds: f64,
    /// Seconds of training.
    pub(crate) training: f64,
    /// Seconds by kind of work; the parts of an update only with `--profile`.
    pub(crate) times: BTreeMap<Kind, f64>,
    /// Seconds from the start to the first update, including loading the data and building the stream.
    pub(crate) first_update: Option<f64>,
    /// Seconds of writing checkpoints.
    pub(crate) checkpoints: f64,
    /// Checkpoints written.
    pub(crate) saves: u64,
    /// Bytes of the largest checkpoint.
    pub(crate) checkpoint_bytes: u64,
    /// Bytes of the records.
    pub(crate) record_bytes: u64,
    /// The networks that were kept, as the suite's word; `None` for older runs.
    pub(crate) kept: Option<Keep>,
    /// Experiences after which a network was kept.
    pub(crate) networks: u64,
    /// Bytes of all networks that were kept.
    pub(crate) network_bytes: u64,
    /// Parameters at the end.
    pub(crate) parameters: u64,
    /// Peak memory in bytes of the last process, where the system reports it.
    pub(crate) peak_bytes: Option<u64>,
    /// Number of resumes from a checkpoint.
    pub(crate) resumed: u64,
    /// True if it was resumed where the numbers may differ in their last bits.
    pub(crate) inexact: bool,
}

/// The peak memory of this process so far, where the system reports it.
pub(super) fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim()
        .strip_suffix(" kB")?
        .parse::<u64>()
        .ok()
        .map(|kib| 1024 * kib)
}

impl Timing {
    /// Add the costs since the last call.
    pub(super) fn gather(&mut self) {
        for (kind, seconds) in profile::take() {
            *self.times.entry(kind).or_default() += seconds;
        }
    }
}

//! What a run cost, in a file of its own: records repeat to the byte, times do not.

use crate::suite::Keep;
use dentate_core::profile::{self, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Costs of a run, over all the processes that made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Timing {
    /// Seconds in all.
    pub(crate) seconds: f64,
    /// Of these, training.
    pub(crate) training: f64,
    /// Of these, by kind of work; the pieces of an update only where that was asked for.
    pub(crate) times: BTreeMap<Kind, f64>,
    /// From its beginning to its first update, data read and stream made.
    pub(crate) first_update: Option<f64>,
    /// Of these, writing checkpoints.
    pub(crate) checkpoints: f64,
    /// Checkpoints written.
    pub(crate) saves: u64,
    /// Bytes of the largest checkpoint.
    pub(crate) checkpoint_bytes: u64,
    /// Bytes of the records.
    pub(crate) record_bytes: u64,
    /// What was kept of its networks, in words of the suite; nothing of a run before that could be said.
    pub(crate) kept: Option<Keep>,
    /// Experiences after which a network was kept.
    pub(crate) networks: u64,
    /// Bytes of all networks that were kept.
    pub(crate) network_bytes: u64,
    /// Parameters at the end.
    pub(crate) parameters: u64,
    /// Bytes of the most memory that the process which ended it has held, where the system tells.
    pub(crate) peak_bytes: Option<u64>,
    /// Times it was taken up again from a checkpoint.
    pub(crate) resumed: u64,
    /// Whether it was taken up where the numbers may differ in their last bits.
    pub(crate) inexact: bool,
}

/// The most memory that this process has held so far, where the system tells.
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
    /// Add what was spent since the last call.
    pub(super) fn gather(&mut self) {
        for (kind, seconds) in profile::take() {
            *self.times.entry(kind).or_default() += seconds;
        }
    }
}

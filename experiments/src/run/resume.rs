//! The checkpoint of an interrupted run, if it exists and this process may resume from it. Otherwise the run starts over,
//! with the same result.

use super::{RunOptions, note};
use crate::checkpoint::Checkpoint;
use crate::job::Job;
use crate::paths::RunFolder;
use crate::suite::Keep;
use dentate_core::record::Sum;
use std::io::ErrorKind;

/// The message for a checkpoint that cannot be used.
pub(super) fn unusable(reason: &str) -> String {
    format!("the checkpoint cannot be used: {reason}; the run begins anew")
}

/// The checkpoint to resume from, if its rows have the digest `data`, with these settings if they follow
/// from other runs, and whether the numbers may differ in their last
/// bits.
pub(super) fn found(
    job: &Job,
    folder: &RunFolder,
    data: &dyn Fn() -> String,
    fingerprint: &str,
    settings: Option<&Sum>,
    options: RunOptions,
) -> Option<(Checkpoint, bool)> {
    let path = folder.checkpoint();
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            note(&unusable(&error.to_string()));
            return None;
        }
    };
    let checkpoint = match Checkpoint::decode(&bytes) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            note(&unusable(&error.to_string()));
            return None;
        }
    };
    let state = &checkpoint.state;
    if state.run != job.id {
        note(&unusable(&format!("it is of run {}", state.run)));
        return None;
    }
    if state.settings.as_ref() != settings {
        note(&unusable("it was begun with other settings"));
        return None;
    }
    // The id says so of data as it lies on the disk; what decodes it may be another now.
    if state.session.data != data() {
        note(&unusable("it was begun on other rows"));
        return None;
    }
    if job.keep == Keep::Experiences && state.timing.kept != Some(Keep::Experiences) {
        note(&unusable(
            "the networks of experiences that are over were not kept",
        ));
        return None;
    }
    let elsewhere = state.fingerprint != fingerprint;
    if elsewhere && !options.allow_inexact {
        let made = &state.fingerprint;
        let reason = format!(
            "it was made elsewhere ({made}; here it is {fingerprint}), where the last bits of numbers may differ, \
             and --allow-inexact was not given"
        );
        note(&unusable(&reason));
        return None;
    }
    Some((checkpoint, elsewhere))
}

#[cfg(test)]
mod tests;

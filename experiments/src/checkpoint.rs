//! Checkpoints: the complete state of a run in one safetensors file ([`dentate_session::container`]), from which an
//! interrupted run continues bit for bit. A checkpoint is written beside the previous one and then renamed.

use crate::paths::write_synced;
use crate::run::{LogOffset, Timing};
use dentate_core::{SavedState, StateError, state};
use dentate_session::container::{self, ContainerError};
use serde::{Deserialize, Serialize};
use std::path::Path;
use thiserror::Error;

/// The state of a run besides its learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunState {
    /// The run's id.
    pub(crate) run: String,
    /// Everything its numbers depend on besides the configuration: program, processor, threads.
    pub(crate) fingerprint: String,
    /// The settings that it was begun with, where they follow from other runs.
    pub(crate) settings: Option<dentate_core::record::Sum>,
    /// The position and statistics of its session.
    pub(crate) session: dentate_session::SessionState,
    /// The part of the record log that belongs to this state.
    pub(crate) log: LogOffset,
    /// Wall times so far.
    pub(crate) timing: Timing,
}

/// The complete state of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Checkpoint {
    pub(crate) state: RunState,
    pub(crate) saved: SavedState,
}

/// The reason why a checkpoint cannot be used; printed after its file's name.
#[derive(Debug, Error)]
pub(crate) enum CheckpointError {
    #[error(transparent)]
    Container(#[from] ContainerError),
    #[error("what it says of the run cannot be read or written: {0}")]
    RunState(#[from] StateError),
}

impl Checkpoint {
    /// Encode it as the bytes of a file.
    ///
    /// # Errors
    /// [`ContainerError::Reserved`] and its like.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, CheckpointError> {
        Ok(container::encode(&state::to_bytes(&self.state)?, &self.saved)?)
    }

    /// Decode the bytes of a file.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let (run, saved) = container::decode(bytes)?;
        Ok(Self {
            state: state::from_bytes(&run)?,
            saved,
        })
    }

    /// Write it to `path` atomically. Returns its size in bytes.
    ///
    /// # Errors
    /// The file's error, or the run's for a state that cannot be serialised.
    pub(crate) fn write(&self, path: &Path) -> Result<u64, crate::error::RunnerError> {
        let bytes = self.encode().map_err(|error| crate::error::RunnerError::Run {
            kind: "state",
            message: format!("the run's state cannot be written down: {error}"),
        })?;
        write_synced(path, &bytes)?;
        Ok(bytes.len() as u64)
    }
}

/// The bytes of a small checkpoint, for tests.
pub(crate) fn example() -> Option<Vec<u8>> {
    let values = |rows, columns| ndarray::Array2::from_shape_fn((rows, columns), |(i, j)| (i * 7 + j) as f32);
    let names = [
        "connection-0/weight",
        "layer-1/bias",
        "second-moment/layer-1/bias",
    ];
    let checkpoint = Checkpoint {
        state: RunState {
            run: "0123456789abcdef".into(),
            fingerprint: "a machine".into(),
            settings: None,
            session: dentate_session::SessionState::at_beginning("89ab"),
            log: LogOffset::default(),
            timing: Timing::default(),
        },
        saved: SavedState {
            state: vec![0x93, 1, 2, 3],
            arrays: names
                .into_iter()
                .map(|name| (name.to_string(), values(3, 5)))
                .collect(),
        },
    };
    checkpoint.encode().ok()
}

#[cfg(test)]
mod tests;

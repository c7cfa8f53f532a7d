//! A saved session, for continuing in another process.

use crate::container;
use crate::error::SessionError;
use crate::position::Position;
use dentate_core::record::Record;
use dentate_core::{MetricLog, SavedState, state};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The position and the log of a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionState {
    /// The digest of the stream's rows in memory.
    pub data: String,
    /// Seed, protocol, evaluation and recipes, as JSON.
    pub(crate) experiment: String,
    /// The log, including the records that were not taken away.
    pub log: MetricLog,
    pub(crate) position: Position,
    /// For the protocol `separate`: the last scores of completed networks.
    pub(crate) earlier: Vec<Record>,
    /// The number of their parameters.
    pub(crate) parameters: u64,
}

impl SessionState {
    /// The state at the beginning, for rows with this digest.
    #[must_use]
    pub fn at_beginning(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            ..Self::default()
        }
    }
}

/// The complete state of a session between two steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedSession {
    /// Its position and log.
    pub state: SessionState,
    /// The learner's complete state.
    pub learner: SavedState,
}

impl SavedSession {
    /// Encodes it as one safetensors file; any reader of these can read the learner's numbers.
    ///
    /// # Errors
    /// [`SessionError::Container`] and [`SessionError::State`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, SessionError> {
        Ok(container::encode(&state::to_bytes(&self.state)?, &self.learner)?)
    }

    /// Decodes a file.
    ///
    /// # Errors
    /// [`SessionError::Container`] and [`SessionError::State`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SessionError> {
        let (state, learner) = container::decode(bytes)?;
        Ok(Self {
            state: state::from_bytes(&state)?,
            learner,
        })
    }

    /// Writes it to a file, first under a temporary name, so that an interrupted write leaves the old file intact.
    ///
    /// # Errors
    /// [`SessionError::Io`], and those of [`SavedSession::to_bytes`].
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), SessionError> {
        let path = path.as_ref();
        let bytes = self.to_bytes()?;
        let io = |source| SessionError::Io {
            doing: "write",
            path: path.into(),
            source,
        };
        let beside = path.with_extension("unfinished");
        std::fs::write(&beside, bytes).map_err(io)?;
        std::fs::rename(&beside, path).map_err(io)
    }

    /// Reads a file written by [`SavedSession::write`].
    ///
    /// # Errors
    /// [`SessionError::Io`], and [`SessionError::Saved`] with an error of [`SavedSession::from_bytes`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| SessionError::Io {
            doing: "read",
            path: path.into(),
            source,
        })?;
        Self::from_bytes(&bytes).map_err(|source| SessionError::Saved {
            path: path.into(),
            source: Box::new(source),
        })
    }
}

//! A session at one moment, to go on from in another process.

use crate::container;
use crate::error::SessionError;
use crate::position::Position;
use dentate_core::record::Record;
use dentate_core::{Ledger, Saved, state};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The position and the books of a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The digest of the stream's rows, as they were in memory.
    pub data: String,
    /// The books; records that were not taken away are in them.
    pub ledger: Ledger,
    pub(crate) position: Position,
    /// The protocol `separate`: the last scores of networks that are done.
    pub(crate) earlier: Vec<Record>,
    /// Their parameters.
    pub(crate) parameters: u64,
}

impl Standing {
    /// The beginning, on rows of this digest.
    #[must_use]
    pub fn at_beginning(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            ..Self::default()
        }
    }
}

/// A session at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedSession {
    /// Its position and books.
    pub standing: Standing,
    /// The learner.
    pub learner: Saved,
}

impl SavedSession {
    /// One file's bytes: safetensors, of which any reader can read the learner's numbers.
    ///
    /// # Errors
    /// [`SessionError::Container`] and [`SessionError::State`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, SessionError> {
        Ok(container::encode(
            &state::to_bytes(&self.standing)?,
            &self.learner,
        )?)
    }

    /// Read a file's bytes.
    ///
    /// # Errors
    /// [`SessionError::Container`] and [`SessionError::State`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SessionError> {
        let (standing, learner) = container::decode(bytes)?;
        Ok(Self {
            standing: state::from_bytes(&standing)?,
            learner,
        })
    }

    /// Write it to a file: beside its place first, so that a broken write leaves what was there.
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

    /// Read a file that [`SavedSession::write`] wrote.
    ///
    /// # Errors
    /// [`SessionError::Io`], and those of [`SavedSession::from_bytes`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| SessionError::Io {
            doing: "read",
            path: path.into(),
            source,
        })?;
        Self::from_bytes(&bytes)
    }
}

//! Serialised state, in one form for everything in a checkpoint: strategies, parts, regularisers, learners.
//!
//! The form is postcard's: fields in the order of their declaration, without names, exact for every number (NaN and infinities
//! included). It is read by the program that wrote it or one with the same sources (a run's id covers them), so it need not be
//! self-describing. Types that serde can only read with names are not supported: fields that are flattened or skipped when
//! empty, and enums that are untagged or internally tagged. Settings are often such types; [`as_json`] stores one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use thiserror::Error;

/// A state that cannot be written, or bytes that are not a valid state.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum StateError {
    /// Part of the state needs field names.
    #[error(
        "a state cannot be written ({0}); fields are stored without names, so one that is flattened needs `#[serde(with = \"dentate_core::state::as_json\")]`"
    )]
    Write(postcard::Error),
    /// The bytes are damaged, or belong to another type.
    #[error("a saved state cannot be read ({0})")]
    Read(postcard::Error),
    /// There are bytes after the state.
    #[error("a saved state is followed by {0} bytes that do not belong to it")]
    Longer(usize),
    /// The state is valid, but does not match the object it is loaded into.
    #[error("a saved state does not fit: {0}")]
    Unfit(&'static str),
}

/// The state kept between calls: any type with a default that can be written and read.
/// [`state!`](crate::state!) derives that.
pub trait State: Default + Clone + Debug + Serialize + DeserializeOwned + Send + 'static {}

impl<T: Default + Clone + Debug + Serialize + DeserializeOwned + Send + 'static> State for T {}

/// A type whose state can be saved and restored, after which it continues exactly as before.
pub trait Stateful {
    /// Saves its state as bytes. Saving changes nothing.
    ///
    /// # Errors
    /// [`StateError::Write`].
    fn save(&self) -> Result<Vec<u8>, StateError>;

    /// Restores a saved state.
    ///
    /// # Errors
    /// [`StateError`], if it belongs to something else.
    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError>;
}

/// A configuration together with its state.
#[derive(Clone, Debug)]
pub struct Running<C, S> {
    /// Its configuration.
    pub config: C,
    /// Its state.
    pub state: S,
}

impl<C, S: State> Running<C, S> {
    /// A configuration with its initial state.
    #[must_use]
    pub fn new(config: C) -> Self {
        Self {
            config,
            state: S::default(),
        }
    }
}

impl<C, S: State> Stateful for Running<C, S> {
    fn save(&self) -> Result<Vec<u8>, StateError> {
        to_bytes(&self.state)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        self.state = from_bytes(bytes)?;
        Ok(())
    }
}

/// Serialises a state.
///
/// # Errors
/// [`StateError::Write`].
pub fn to_bytes<T: Serialize + ?Sized>(state: &T) -> Result<Vec<u8>, StateError> {
    postcard::to_stdvec(state).map_err(StateError::Write)
}

/// Deserialises a state from exactly these bytes.
///
/// # Errors
/// [`StateError::Read`] and [`StateError::Longer`].
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StateError> {
    match postcard::take_from_bytes(bytes) {
        Ok((state, [])) => Ok(state),
        Ok((_, rest)) => Err(StateError::Longer(rest.len())),
        Err(error) => Err(StateError::Read(error)),
    }
}

/// For a field of a state whose type needs names, a setting for instance: `#[serde(with = "dentate_core::state::as_json")]`
/// stores it as JSON text. Finite numbers are preserved to the bit; JSON has no others.
pub mod as_json {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// The function that serde calls to serialise.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<T: Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(value)
            .map_err(S::Error::custom)?
            .serialize(to)
    }

    /// The function that serde calls to deserialise.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;

//! State as bytes, the same way for all that is saved in a checkpoint: strategies, parts, regularisers, learners.
//!
//! The form is postcard's: fields in the order of their declaration, without names, exact for every number (NaN and infinities
//! included). It is read back by the program that wrote it or one with the same sources (a run's id covers them), so nothing in
//! it has to describe itself. What serde can only read from a form with names does not survive: fields that are flattened or left
//! out when they are empty, and enums that are untagged or carry their tag inside. Settings are often such; [`as_json`] stores one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use thiserror::Error;

/// A state that cannot be written, or bytes that are no such state.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum StateError {
    /// Something in it needs names of fields.
    #[error(
        "a state cannot be written ({0}); fields are stored without names, so one that is flattened needs `#[serde(with = \"dentate_core::state::as_json\")]`"
    )]
    Write(postcard::Error),
    /// The bytes are damaged, or another type's.
    #[error("a saved state cannot be read ({0})")]
    Read(postcard::Error),
    /// The bytes go on after the state.
    #[error("a saved state is followed by {0} bytes that do not belong to it")]
    Longer(usize),
    /// It is a state, and not of what it is loaded into.
    #[error("a saved state does not fit: {0}")]
    Unfit(&'static str),
}

/// What is remembered between calls: every type is that starts from nothing and can be written and read.
/// [`state!`](crate::state!) derives that.
pub trait State: Default + Clone + Debug + Serialize + DeserializeOwned + Send + 'static {}

impl<T: Default + Clone + Debug + Serialize + DeserializeOwned + Send + 'static> State for T {}

/// What has a state goes on from a saved one as if nothing had been between.
pub trait Stateful {
    /// Its state as bytes. Saving changes nothing.
    ///
    /// # Errors
    /// [`StateError::Write`].
    fn save(&self) -> Result<Vec<u8>, StateError>;

    /// Take over a saved state.
    ///
    /// # Errors
    /// [`StateError`], when it is of something else.
    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError>;
}

/// A configuration at work: with what it remembers.
#[derive(Clone, Debug)]
pub struct Running<C, S> {
    /// What it is set to.
    pub config: C,
    /// What it remembers.
    pub state: S,
}

impl<C, S: State> Running<C, S> {
    /// A configuration that remembers nothing yet.
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

/// A state's bytes.
///
/// # Errors
/// [`StateError::Write`].
pub fn to_bytes<T: Serialize + ?Sized>(state: &T) -> Result<Vec<u8>, StateError> {
    postcard::to_stdvec(state).map_err(StateError::Write)
}

/// The state that these bytes, all of them, are.
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
/// stores it as JSON text. Finite numbers come back to the bit; JSON has no others.
pub mod as_json {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// As serde asks for it.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<T: Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(value)
            .map_err(S::Error::custom)?
            .serialize(to)
    }

    /// As serde asks for it.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;

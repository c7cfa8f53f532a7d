//! Configurations: plain data that a suite gives in TOML. Their ranges are stated in their schema only, and [`Config::in_range`]
//! checks a value against them. Relations between settings, which a schema cannot express, are in the `check` of each registered kind.

use crate::config_error::ConfigError;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

mod bounds;
mod ranges;
mod value;
mod writing;

pub use bounds::Bounds;

/// A configuration: a type that can be copied, written, read and described. [`config!`](crate::config!) derives the requirements.
pub trait Config: Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Checks every setting, nested ones too, against the range in its schema; a float has to be finite in any case. Tables
    /// that name something registered are checked there.
    ///
    /// # Errors
    /// [`ConfigError`] for the first setting that is out of range.
    fn in_range(&self) -> Result<(), ConfigError> {
        let value = value::of(self)
            .map_err(|error| ConfigError::new("it", "not to be written", format!("plain data ({error})")))?;
        ranges::check(&schema_of::<Self>(), &value)
    }
}

impl<T> Config for T where T: Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static
{}

/// The schema of a type, computed once: configurations are checked at each start.
pub(crate) fn schema_of<T: JsonSchema + 'static>() -> Arc<Json> {
    static KNOWN: Mutex<BTreeMap<TypeId, Arc<Json>>> = Mutex::new(BTreeMap::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = known().get(&TypeId::of::<T>()) {
        return Arc::clone(schema);
    }
    let schema = Arc::new(Json::from(schemars::schema_for!(T)));
    known().insert(TypeId::of::<T>(), Arc::clone(&schema));
    schema
}

#[cfg(test)]
mod tests;

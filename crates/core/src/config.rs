//! Configurations: plain data that a suite says in TOML. Their ranges stand in their schema alone, and [`Config::in_range`]
//! holds a value to them. What a schema cannot say, relations between settings, is the `check` of each registered kind.

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

/// A configuration: every type is one that can be copied, written, read and described. [`config!`](crate::config!) derives that.
pub trait Config: Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Hold every setting, nested ones too, to the range that its schema states; a float has to be finite in any case. Tables
    /// that name something registered are left to that.
    ///
    /// # Errors
    /// [`ConfigError`] for the first that is out of range.
    fn in_range(&self) -> Result<(), ConfigError> {
        let value = value::of(self)
            .map_err(|error| ConfigError::new("it", "not to be written", format!("plain data ({error})")))?;
        ranges::check(&schema_of::<Self>(), &value)
    }
}

impl<T> Config for T where T: Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static
{}

/// The schema of a type, made once: configurations are checked at each start.
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

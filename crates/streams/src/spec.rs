//! Streams as a suite names them: `{ kind = "split", data = { kind = "mnist" }, scenario = "class-incremental" }`.
//!
//! A stream implements [`StreamRecipe`]; [`register_stream!`](crate::register_stream) makes a [`StreamSpec`] of it, which is
//! what suites deserialise, and lists it in the registry.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::stream::Stream;
use dentate_core::{Seed, StreamFacts};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::fmt::Debug;

/// How a stream is had. Implement this, then [`register_stream!`](crate::register_stream).
pub trait StreamRecipe:
    Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static
{
    /// Check the parameters, those of the data included. Once is enough: a stream is built from what passed.
    ///
    /// # Errors
    /// [`StreamError::Range`] and its like, naming the key.
    fn validate(&self) -> Result<(), StreamError>;
    /// The data sets that it is cut from, each once; none where it is drawn.
    fn data(&self) -> Vec<&dyn DataSpec>;
    /// What can be known of it without loading the data, so that a learner that does not go with it is refused before a run.
    /// `None`: that is asked once it is built.
    fn facts(&self) -> Option<StreamFacts> {
        None
    }
    /// Load the data and cut the stream; `seed` is the run's.
    ///
    /// # Errors
    /// As [`StreamRecipe::validate`], and when the data cannot be loaded.
    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError>;

    /// The share of training rows that is kept back for validation, 0 where none are; `None` where only building tells.
    fn validation(&self) -> Option<f64> {
        None
    }

    /// Whether the tasks' names or number, or the accuracy of guessing, may be others for another seed. Where they may, the stream of
    /// every seed is built before runs start, so that a report says of all seeds only what holds for all.
    fn tasks_by_seed(&self) -> bool {
        true
    }
}

/// A stream as a suite names it: [`StreamRecipe`] behind an object, tagged by `kind`.
#[typetag::serde(tag = "kind")]
pub trait StreamSpec: CloneStream + Debug + Send + Sync {
    /// See [`StreamRecipe::validate`].
    ///
    /// # Errors
    /// As there.
    fn validate(&self) -> Result<(), StreamError>;
    /// See [`StreamRecipe::data`].
    fn data(&self) -> Vec<&dyn DataSpec>;
    /// See [`StreamRecipe::facts`].
    fn facts(&self) -> Option<StreamFacts>;
    /// See [`StreamRecipe::build`].
    ///
    /// # Errors
    /// As there.
    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError>;
    /// See [`StreamRecipe::validation`].
    fn validation(&self) -> Option<f64>;
    /// See [`StreamRecipe::tasks_by_seed`].
    fn tasks_by_seed(&self) -> bool;

    /// Put its data into the cache, so that runs only read it.
    ///
    /// # Errors
    /// As [`DataSpec::prepare`].
    fn prepare(&self, env: &DataEnv) -> Result<(), StreamError> {
        self.data()
            .into_iter()
            .try_for_each(|data| data.prepare(env).map(|_| ()))
    }

    /// What identifies its data in a run's id: empty for a stream that is not cut from a data set, and a JSON list for one that is cut
    /// from several.
    ///
    /// # Errors
    /// As [`DataSpec::fingerprint`].
    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError> {
        match &self.data()[..] {
            [] => Ok(String::new()),
            [data] => data.fingerprint(env),
            several => {
                let each = several.iter().map(|data| data.fingerprint(env));
                Ok(json!(each.collect::<Result<Vec<String>, _>>()?).to_string())
            }
        }
    }
}

/// Cloning behind an object.
pub trait CloneStream {
    /// A copy on the heap.
    fn boxed(&self) -> Box<dyn StreamSpec>;
}

impl<T: StreamSpec + Clone + 'static> CloneStream for T {
    fn boxed(&self) -> Box<dyn StreamSpec> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn StreamSpec> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// Make a [`StreamRecipe`] nameable in a suite: `register_stream!(Type, "name", "what it is", "where it comes from")`.
#[macro_export]
macro_rules! register_stream {
    ($type:ty, $name:literal, $summary:literal, $citation:literal $(,)?) => {
        const _: () = {
            use $crate::register::StreamFacts;
            use $crate::register::{Seed, inventory, schema, typetag};
            use $crate::{DataEnv, DataSpec, Stream, StreamError, StreamRecipe, StreamSpec};

            #[typetag::serde(name = $name)]
            impl StreamSpec for $type {
                fn validate(&self) -> Result<(), StreamError> {
                    StreamRecipe::validate(self)
                }
                fn data(&self) -> Vec<&dyn DataSpec> {
                    StreamRecipe::data(self)
                }
                fn facts(&self) -> Option<StreamFacts> {
                    StreamRecipe::facts(self)
                }
                fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
                    StreamRecipe::build(self, env, seed)
                }
                fn validation(&self) -> Option<f64> {
                    StreamRecipe::validation(self)
                }
                fn tasks_by_seed(&self) -> bool {
                    StreamRecipe::tasks_by_seed(self)
                }
            }

            inventory::submit!($crate::register::Entry {
                kind: $crate::register::Kind::Stream,
                name: $name,
                summary: $summary,
                citation: $citation,
                package: env!("CARGO_PKG_NAME"),
                schema: schema::<$type>,
                source: "",
            });
        };
    };
}

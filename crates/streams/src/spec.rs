//! Streams as named in a suite: `{ kind = "split", data = { kind = "mnist" }, scenario = "class-incremental" }`.
//!
//! A stream implements [`StreamRecipe`]; [`register!`](crate::register) makes it a [`StreamSpec`], which suites
//! deserialise, and lists it in the registry.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::stream::Stream;
use dentate_core::{Config, Seed, StreamFacts};
use serde_json::json;
use std::fmt::Debug;

/// The recipe of a stream. Implement this, then [`register!`](crate::register).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "it does not implement `StreamRecipe`",
    note = "implement `dentate_streams::StreamRecipe` for `{Self}`; `cargo xtask new stream NAME` makes one that works"
)]
pub trait StreamRecipe: Config {
    /// Checks the data, and relations that the ranges of single settings cannot express. Ranges are checked before, from the schema.
    /// Once is enough: a stream is built from what passed.
    ///
    /// # Errors
    /// [`StreamError`], naming the key.
    fn check(&self) -> Result<(), StreamError> {
        Ok(())
    }
    /// The data sets that it is cut from, each once; empty for a generated stream.
    fn data(&self) -> Vec<&dyn DataSpec>;
    /// The facts that are known without loading the data, so that an unsuitable learner is refused before a run.
    /// `None`: this is checked once it is built.
    fn facts(&self) -> Option<StreamFacts> {
        None
    }
    /// Loads the data and cuts the stream; `seed` is the run's.
    ///
    /// # Errors
    /// If it is out of range, or the data cannot be loaded.
    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError>;

    /// The share of training rows held out for validation, 0 for none; `None` if it is known only after building.
    fn validation(&self) -> Option<f64> {
        None
    }

    /// Returns whether the tasks' names or number, or the accuracy of guessing, may differ between seeds. If so, the stream of
    /// every seed is built before runs start, so that a report states for all seeds only what holds for all.
    fn tasks_by_seed(&self) -> bool {
        true
    }
}

/// The object-safe interface of all stream configurations. It is implemented for every [`StreamRecipe`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "it does not implement `StreamRecipe`",
    note = "implement `dentate_streams::StreamRecipe` for `{Self}`; `cargo xtask new stream NAME` makes one that works"
)]
pub trait AnyStream {
    /// Checks ranges, and the relations that they cannot express.
    ///
    /// # Errors
    /// [`StreamError`].
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
    /// A copy.
    fn boxed(&self) -> Box<dyn StreamSpec>;

    /// Prepares its data in the cache, so that runs only read it.
    ///
    /// # Errors
    /// As [`DataSpec`]'s `prepare`.
    fn prepare(&self, env: &DataEnv) -> Result<(), StreamError> {
        self.data()
            .into_iter()
            .try_for_each(|data| data.prepare(env).map(|_| ()))
    }

    /// The identity of its data in a run's id: empty for a stream without a data set, and a JSON list for one with
    /// several.
    ///
    /// # Errors
    /// As [`DataSpec`]'s `fingerprint`.
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

impl<S: StreamRecipe + StreamSpec> AnyStream for S {
    fn validate(&self) -> Result<(), StreamError> {
        self.in_range()?;
        self.check()
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

    fn boxed(&self) -> Box<dyn StreamSpec> {
        Box::new(self.clone())
    }
}

/// A stream as named in a suite: a [`StreamRecipe`] as a trait object, tagged by `kind`.
#[typetag::serde(tag = "kind")]
pub trait StreamSpec: AnyStream + Debug + Send + Sync {}

dentate_core::__named!(StreamSpec, Stream, "kind");

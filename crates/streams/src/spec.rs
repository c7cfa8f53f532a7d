//! Streams as a suite names them: `{ kind = "split", data = { kind = "mnist" }, scenario = "class-incremental" }`.
//!
//! A stream implements [`StreamRecipe`]; [`register!`](crate::register) puts it behind a [`StreamSpec`], which is what suites
//! deserialise, and lists it in the registry.

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::stream::Stream;
use dentate_core::{Config, Seed, StreamFacts};
use serde_json::json;
use std::fmt::Debug;

/// How a stream is had. Implement this, then [`register!`](crate::register).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "it does not implement `StreamRecipe`",
    note = "implement `dentate_streams::StreamRecipe` for `{Self}`; `cargo xtask new stream NAME` makes one that works"
)]
pub trait StreamRecipe: Config {
    /// Check what ranges of single settings cannot say, and the data. Ranges are checked before, from the schema. Once is enough:
    /// a stream is built from what passed.
    ///
    /// # Errors
    /// [`StreamError`], naming the key.
    fn check(&self) -> Result<(), StreamError> {
        Ok(())
    }
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
    /// When it is out of range, and when the data cannot be loaded.
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

/// What the configurations of all streams offer, whatever their type. A [`StreamRecipe`] offers it by itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "it does not implement `StreamRecipe`",
    note = "implement `dentate_streams::StreamRecipe` for `{Self}`; `cargo xtask new stream NAME` makes one that works"
)]
pub trait AnyStream {
    /// Check it: ranges, and what they cannot say.
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

    /// Put its data into the cache, so that runs only read it.
    ///
    /// # Errors
    /// As [`DataSpec`]'s `prepare`.
    fn prepare(&self, env: &DataEnv) -> Result<(), StreamError> {
        self.data()
            .into_iter()
            .try_for_each(|data| data.prepare(env).map(|_| ()))
    }

    /// What identifies its data in a run's id: empty for a stream that is not cut from a data set, and a JSON list for one that is cut
    /// from several.
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

/// A stream as a suite names it: a [`StreamRecipe`] behind an object, tagged by `kind`.
#[typetag::serde(tag = "kind")]
pub trait StreamSpec: AnyStream + Debug + Send + Sync {}

dentate_core::__named!(StreamSpec, Stream, "kind");

//! Data sets that a suite can name: `{ kind = "mnist" }`, `{ kind = "digits", train = 6000 }`.
//!
//! A data set implements [`DataRecipe`]; [`register!`](crate::register) makes it a [`DataSpec`], which suites
//! deserialise, and lists it in the registry.

mod cifar;
mod coloured_shapes;
mod digits;
mod first_of;
mod image_folder;
mod mnist;
mod npy;
mod own;

pub use cifar::{Cifar10, Cifar100, CifarLabels};
pub use coloured_shapes::ColouredShapes;
pub use digits::Digits;
pub use first_of::FirstOf;
pub use image_folder::ImageFolder;
pub use mnist::Mnist;
pub use npy::{Channels, Npy};

pub use crate::env::DataEnv;

use crate::cache::{Half, Images};
use crate::contents;
use crate::error::StreamError;
use dentate_core::registry::{self, Kind};
use dentate_core::{Config, ConfigError, DataId, Dataset, Samples, Targets};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::fmt::Debug;
use std::path::PathBuf;

/// The facts about a data set that are known before it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFacts {
    /// Its name in a title, after a word such as "Split".
    pub title: String,
    /// The number of classes; labels are below it.
    pub classes: u32,
    /// The shape of a row, for instance `[28, 28]`, or `[3, 32, 32]` channel by channel; `None` if only the files contain it.
    pub shape: Option<Vec<usize>>,
    /// Its size in the cache, in bytes; `None` if only the files determine it.
    pub cached: Option<u64>,
}

/// A loaded data set: labelled training and test rows. Its ids are 0 (training) and 1 (test), which a stream may change.
#[derive(Clone, Debug)]
pub struct LabelledData {
    /// Training rows.
    pub train: Dataset,
    /// Test rows.
    pub test: Dataset,
    /// The number of classes.
    pub classes: u32,
    /// The value of [`DataRecipe::fingerprint`] for this data, computed from what was read rather than from the files again.
    pub fingerprint: String,
}

impl LabelledData {
    /// Returns itself if it is what `env` expects; `title` is its name in the error.
    fn held_to(self, env: &DataEnv, title: impl FnOnce() -> String) -> Result<Self, StreamError> {
        match &env.expected {
            Some(expected) if *expected != self.fingerprint => Err(StreamError::Changed {
                title: title(),
                expected: contents::short(expected),
                found: contents::short(&self.fingerprint),
            }),
            _ => Ok(self),
        }
    }

    /// Makes a data set of images; bytes are scaled to `[0, 1]`.
    pub(crate) fn from_images(images: Images, fingerprint: String) -> Result<Self, StreamError> {
        let Images {
            shape,
            classes,
            train,
            test,
        } = images;
        let dataset = |id, half: Half, shape| {
            let samples = Samples::Bytes {
                values: half.pixels,
                scale: 1.0 / 255.0,
                offset: 0.0,
            };
            let labels = half.labels.iter().map(|&l| u32::from(l)).collect();
            Dataset::new(DataId(id), samples, shape, Targets::Classes { labels, classes })
        };
        Ok(Self {
            train: dataset(0, train, shape.clone())?,
            test: dataset(1, test, shape)?,
            classes,
            fingerprint,
        })
    }
}

/// The recipe of a data set. Implement this, then [`register!`](crate::register).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no data set",
    label = "it does not implement `DataRecipe`",
    note = "implement `dentate_streams::DataRecipe` for `{Self}`; `cargo xtask new data NAME` makes one that works"
)]
pub trait DataRecipe: Config {
    /// Checks relations that the ranges of single settings cannot express. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
    /// The facts that are known without loading it.
    fn facts(&self) -> DataFacts;
    /// The number of training and test rows of each class, if known without loading it.
    fn rows_by_class(&self) -> Option<[Vec<u64>; 2]> {
        None
    }
    /// The identity of the data in a run's id: checksums of files, or a generator's version and parameters.
    ///
    /// # Errors
    /// If it cannot be determined.
    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError>;
    /// Decodes or generates it into the cache, unless it is there intact. Returns the path, or `None` without a cache.
    ///
    /// # Errors
    /// If files are missing or wrong, or the cache cannot be written.
    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError>;
    /// Loads it: from the cache if it is prepared, else as `prepare` would. Its fingerprint is of the very
    /// bytes that were read: files may change between [`DataRecipe::fingerprint`] and this.
    ///
    /// # Errors
    /// As [`DataRecipe::prepare`].
    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError>;
}

/// The object-safe interface of all data set configurations. It is implemented for every [`DataRecipe`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no data set",
    label = "it does not implement `DataRecipe`",
    note = "implement `dentate_streams::DataRecipe` for `{Self}`; `cargo xtask new data NAME` makes one that works"
)]
pub trait AnyData {
    /// Checks ranges, and the relations that they cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// See [`DataRecipe::facts`].
    fn facts(&self) -> DataFacts;
    /// See [`DataRecipe::rows_by_class`].
    fn rows_by_class(&self) -> Option<[Vec<u64>; 2]>;
    /// See [`DataRecipe::fingerprint`].
    ///
    /// # Errors
    /// As there.
    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError>;
    /// See [`DataRecipe::prepare`].
    ///
    /// # Errors
    /// As there.
    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError>;
    /// See [`DataRecipe::load`]. Data that differs from what `env` expects is refused.
    ///
    /// # Errors
    /// As there, and [`StreamError::Changed`].
    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError>;
    /// A copy.
    fn boxed(&self) -> Box<dyn DataSpec>;
}

impl<D: DataRecipe + DataSpec> AnyData for D {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.check()
    }

    fn facts(&self) -> DataFacts {
        DataRecipe::facts(self)
    }

    fn rows_by_class(&self) -> Option<[Vec<u64>; 2]> {
        DataRecipe::rows_by_class(self)
    }

    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError> {
        DataRecipe::fingerprint(self, env)
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        DataRecipe::prepare(self, env)
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        DataRecipe::load(self, env)?.held_to(env, || DataRecipe::facts(self).title)
    }

    fn boxed(&self) -> Box<dyn DataSpec> {
        Box::new(self.clone())
    }
}

/// A data set as named in a suite: a [`DataRecipe`] as a trait object, tagged by `kind`.
#[typetag::serde(tag = "kind")]
pub trait DataSpec: AnyData + Debug + Send + Sync {}

impl Clone for Box<dyn DataSpec> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// A table whose `kind` is a registered data set; `x-registry` refers to the schema of the rest.
impl JsonSchema for dyn DataSpec {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DataSpec".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = registry::entries()
            .iter()
            .filter(|e| e.kind == Kind::Data)
            .map(|e| e.name)
            .collect();
        json_schema!({
            "type": "object",
            "description": "the data set",
            "x-registry": "data",
            "required": ["kind"],
            // A data set that needs no files.
            "properties": { "kind": { "type": "string", "enum": names, "examples": ["digits"] } },
        })
    }
}

#[cfg(test)]
mod tests;

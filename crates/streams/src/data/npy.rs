//! A user's own arrays, as saved by NumPy: four `.npy` files in a folder, or one `.npz` archive of them.
//!
//! Inputs are `[rows, …]` of unsigned bytes, scaled to `[0, 1]`, or of half, single or double precision, used as they are.
//! Labels are `[rows]` or `[rows, 1]` of integers from 0. Arrays are read again by each run, since nothing is to be decoded.

use crate::contents::{self, Contents, Named, Tapped};
use crate::data::own::Own;
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::error::{StreamError, unreadable};
use crate::npy::{self, Array, Entries, NpyErrorKind};
use crate::npz;
use crate::register;
use crate::unpack;
use dentate_core::{ConfigError, DataId, Dataset, Samples, Targets};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// The allowed types of inputs.
const INPUTS: &str = "inputs of uint8, float16, float32 and float64";
const LABELS: &str = "labels of integers of 1, 2, 4 and 8 bytes";

/// The axis of the channels of pictures in an array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channels {
    /// Rows × channels × height × width, or no channels.
    #[default]
    First,
    /// Rows × height × width × channels.
    Last,
}

/// Arrays saved by NumPy: inputs and labels of training and test rows. The shape of a row is that of the arrays. Bytes are
/// scaled to `[0, 1]`; floats are used as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Npy {
    /// The `.npz` archive, or the folder with a `.npy` file for each array: a path relative to the data folder, or an absolute one.
    #[schemars(example = "mine.npz")]
    pub path: String,
    /// The number of classes (2 to 65536); labels are below it.
    #[schemars(range(min = 2, max = 65536), example = 10)]
    pub classes: u32,
    /// The array of training inputs, with or without `.npy`.
    #[serde(default = "x_train")]
    pub train_inputs: String,
    /// The array of training labels.
    #[serde(default = "y_train")]
    pub train_labels: String,
    /// The array of test inputs.
    #[serde(default = "x_test")]
    pub test_inputs: String,
    /// The array of test labels.
    #[serde(default = "y_test")]
    pub test_labels: String,
    /// The position of the channels in the arrays of inputs: `first` (or no channels) or `last`. Rows have them first.
    #[serde(default)]
    pub channels: Channels,
    /// Number of training rows to keep, from the first (1 or more); all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub train: Option<u32>,
    /// Number of test rows to keep, from the first (1 or more); all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub test: Option<u32>,
    /// Its name in titles; by default the name of its file or folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Npy {
    /// The arrays `x_train`, `y_train`, `x_test` and `y_test` of an archive or a folder: a path relative to the data folder, or an
    /// absolute one.
    pub fn new(path: impl Into<String>, classes: u32) -> Self {
        Self {
            path: path.into(),
            classes,
            train_inputs: x_train(),
            train_labels: y_train(),
            test_inputs: x_test(),
            test_labels: y_test(),
            channels: Channels::default(),
            train: None,
            test: None,
            title: None,
        }
    }
}

fn x_train() -> String {
    "x_train".into()
}

fn y_train() -> String {
    "y_train".into()
}

fn x_test() -> String {
    "x_test".into()
}

fn y_test() -> String {
    "y_test".into()
}

/// The file or folder that arrays are read from, and what has been read.
struct Source<'a> {
    place: &'a Path,
    /// The archive, if it is one: it is read once, so that its digest is of the same bytes as the arrays.
    packed: Option<Vec<u8>>,
    contents: Contents,
}

impl<'a> Source<'a> {
    fn open(place: &'a Path) -> Result<Self, StreamError> {
        let mut contents = Contents::default();
        let packed = match place.is_file() {
            true => Some(fs::read(place).map_err(unreadable(place))?),
            false => None,
        };
        if let Some(bytes) = &packed {
            contents.add("", &contents::digest(bytes));
        }
        Ok(Self {
            place,
            packed,
            contents,
        })
    }
}

impl Npy {
    fn own(&self) -> Own<'_> {
        Own {
            path: &self.path,
            title: self.title.as_deref(),
            keep: [self.train, self.test],
        }
    }

    /// The files of the arrays: four, or one archive.
    fn files(&self, env: &DataEnv) -> Result<Vec<Named>, StreamError> {
        let place = self.own().place(env)?;
        if place.is_file() {
            return Ok(vec![(String::new(), place)]);
        }
        let names = [
            &self.train_inputs,
            &self.train_labels,
            &self.test_inputs,
            &self.test_labels,
        ];
        Ok(names
            .into_iter()
            .map(|name| (String::new(), place.join(with_ending(name))))
            .collect())
    }

    /// Reads the array `name`; `valid` lists the allowed types.
    fn read(&self, source: &mut Source<'_>, name: &str, valid: &'static str) -> Result<Array, StreamError> {
        let name = with_ending(name);
        let file = source.place.join(&name);
        let array = match &source.packed {
            Some(bytes) => npz::read(source.place, bytes, &name)?,
            None => {
                let failed = unreadable(&file);
                let raw = Tapped::open(&file).map_err(&failed)?;
                let array = npy::read(unpack::unpacked(raw.clone()).map_err(&failed)?);
                source.contents.add("", &raw.rest().map_err(&failed)?);
                array
            }
        };
        array.map_err(|kind| {
            let kind = match kind {
                NpyErrorKind::Type { found, .. } => NpyErrorKind::Type { found, valid },
                other => other,
            };
            StreamError::Npy { file, kind }
        })
    }

    /// The kept training (0) or test (1) rows, as the data set with that id.
    fn half(&self, source: &mut Source<'_>, which: usize) -> Result<Dataset, StreamError> {
        let [inputs, labels] = match which {
            0 => [&self.train_inputs, &self.train_labels],
            _ => [&self.test_inputs, &self.test_labels],
        };
        let about = |name: &str| {
            let file = source.place.join(with_ending(name));
            move |kind| StreamError::Npy { file, kind }
        };
        let (wrong_inputs, wrong_labels) = (about(inputs), about(labels));
        let array = self.read(source, inputs, INPUTS)?;
        let (rows, shape, mut samples) = self.inputs(array).map_err(wrong_inputs)?;
        let array = self.read(source, labels, LABELS)?;
        let mut labels = self.labels(array, rows).map_err(wrong_labels)?;
        let kept = self.own().kept(which, rows)?;
        labels.truncate(kept);
        let kept = kept * shape.iter().product::<usize>();
        match &mut samples {
            Samples::Bytes { values, .. } => values.truncate(kept),
            Samples::Floats(values) => values.truncate(kept),
        }
        let targets = Targets::Classes {
            labels,
            classes: self.classes,
        };
        Ok(Dataset::new(DataId(which as u64), samples, shape, targets)?)
    }

    /// The number of rows, the shape of one, and the rows with channels first.
    fn inputs(&self, array: Array) -> Result<(usize, Vec<usize>, Samples), NpyErrorKind> {
        let Array {
            shape,
            entries,
            descr,
        } = array;
        let wrong = |expected: &str| NpyErrorKind::Shape {
            expected: expected.into(),
            found: shape.clone(),
        };
        let (rows, row) = match (self.channels, &shape[..]) {
            (Channels::First, [rows, row @ ..]) if !row.is_empty() => (*rows, row.to_vec()),
            (Channels::First, _) => return Err(wrong("inputs are [rows, …]")),
            (Channels::Last, &[rows, height, width, channels]) => (rows, vec![channels, height, width]),
            (Channels::Last, _) => {
                return Err(wrong(
                    "with `channels = \"last\"` inputs are [rows, height, width, channels]",
                ));
            }
        };
        if shape.contains(&0) {
            return Err(wrong("no axis may be empty"));
        }
        let samples = match entries {
            Entries::Bytes(values) => Samples::Bytes {
                values: self.channels_first(values, &row),
                scale: 1.0 / 255.0,
                offset: 0.0,
            },
            Entries::Floats(values) => {
                if let Some(entry) = values.iter().position(|v| !v.is_finite()) {
                    return Err(NpyErrorKind::Entry {
                        entry,
                        value: values[entry].to_string(),
                        reason: "which is no number, or one that single precision does not hold",
                    });
                }
                Samples::Floats(self.channels_first(values, &row))
            }
            Entries::Integers(_) => {
                return Err(NpyErrorKind::Type {
                    found: descr,
                    valid: INPUTS,
                });
            }
        };
        Ok((rows, row, samples))
    }

    fn channels_first<T: Copy>(&self, values: Vec<T>, row: &[usize]) -> Vec<T> {
        let (Channels::Last, &[channels, height, width]) = (self.channels, row) else {
            return values;
        };
        let rows = values.chunks(channels * height * width);
        rows.flat_map(|row| (0..channels).flat_map(move |c| row[c..].iter().step_by(channels).copied()))
            .collect()
    }

    fn labels(&self, array: Array, rows: usize) -> Result<Vec<u32>, NpyErrorKind> {
        let Array {
            shape,
            entries,
            descr,
        } = array;
        if !matches!(shape[..], [n] | [n, 1] if n == rows) {
            return Err(NpyErrorKind::Shape {
                expected: format!("there are inputs of {rows} rows, and a label belongs to each"),
                found: shape,
            });
        }
        let values = match entries {
            Entries::Bytes(values) => values.into_iter().map(i128::from).collect(),
            Entries::Integers(values) => values,
            Entries::Floats(_) => {
                return Err(NpyErrorKind::Type {
                    found: descr,
                    valid: LABELS,
                });
            }
        };
        let label = |(entry, value): (usize, i128)| match u32::try_from(value) {
            Ok(label) if label < self.classes => Ok(label),
            _ => Err(NpyErrorKind::Entry {
                entry,
                value: value.to_string(),
                reason: "which is no label from 0 to below `classes`",
            }),
        };
        values.into_iter().enumerate().map(label).collect()
    }
}

fn with_ending(name: &str) -> String {
    format!("{}.npy", npz::without_ending(name))
}

impl DataRecipe for Npy {
    fn check(&self) -> Result<(), ConfigError> {
        self.own().check()
    }

    fn facts(&self) -> DataFacts {
        DataFacts {
            title: self.own().title(),
            classes: self.classes,
            shape: None,
            cached: Some(0),
        }
    }

    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError> {
        let contents = contents::identity(env, &self.files(env)?)?;
        Ok(self.fingerprint_of(&contents))
    }

    /// There is nothing to cache, but it is read once, so that errors are reported before runs start.
    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        DataRecipe::load(self, env)?;
        Ok(None)
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        super::AnyData::validate(self)?;
        let place = self.own().place(env)?;
        let mut source = Source::open(&place)?;
        let (train, test) = (self.half(&mut source, 0)?, self.half(&mut source, 1)?);
        if train.shape() != test.shape() {
            return Err(StreamError::Npy {
                file: place.join(with_ending(&self.test_inputs)),
                kind: NpyErrorKind::Shape {
                    expected: format!("training rows are of {:?}", train.shape()),
                    found: test.shape().to_vec(),
                },
            });
        }
        let contents = source.contents.digest();
        contents::correct(env, &self.files(env)?, &contents);
        Ok(LabelledData {
            train,
            test,
            classes: self.classes,
            fingerprint: self.fingerprint_of(&contents),
        })
    }
}

impl Npy {
    fn fingerprint_of(&self, contents: &str) -> String {
        let arrays = [
            &self.train_inputs,
            &self.train_labels,
            &self.test_inputs,
            &self.test_labels,
        ];
        let identity = format!(
            "npy {arrays:?} {:?} classes={} {contents}",
            self.channels, self.classes
        );
        self.own().fingerprint(&identity)
    }
}

register!(
    data,
    Npy,
    "npy",
    summary = "NumPy arrays in .npy files or an .npz archive",
    citation = "NumPy enhancement proposal 1, A simple file format for NumPy arrays",
);

#[cfg(test)]
mod tests;

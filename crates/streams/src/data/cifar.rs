//! CIFAR-10 and CIFAR-100, from their binary versions (Krizhevsky 2009, Learning multiple layers of features from tiny images).
//!
//! A row of a file is its label (CIFAR-100: the group's, then the class's), a byte each, and 3072 bytes of pixels: all of the
//! red, then green, then blue, each row by row. A row here has the same order and shape `[3, 32, 32]`.

use crate::cache::{self, Half, Images};
use crate::catalogue::{CIFAR_10, CIFAR_100, PublicSet};
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::error::StreamError;
use crate::register;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const TRAIN: u32 = 50_000;
const TEST: u32 = 10_000;
const SHAPE: [usize; 3] = [3, 32, 32];
const PIXELS: usize = 3072;

/// CIFAR-10: 50,000 training and 10,000 test photographs in ten classes, 32 × 32 in colour, in `[0, 1]`, channel by
/// channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cifar10 {
    /// Number of training images to keep, from the first (1 to 50000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50_000))]
    pub train: Option<u32>,
    /// Number of test images to keep, from the first (1 to 10000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub test: Option<u32>,
}

/// The labels of CIFAR-100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CifarLabels {
    /// The hundred classes.
    #[default]
    Fine,
    /// The twenty groups of five classes each.
    Coarse,
}

/// CIFAR-100: 50,000 training and 10,000 test photographs in a hundred classes, 32 × 32 in colour, in `[0, 1]`,
/// channel by channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cifar100 {
    /// Number of training images to keep, from the first (1 to 50000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50_000))]
    pub train: Option<u32>,
    /// Number of test images to keep, from the first (1 to 10000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub test: Option<u32>,
    /// The labels: `fine` (a hundred classes) or `coarse` (twenty groups of five).
    pub labels: CifarLabels,
}

/// One of the two data sets, with its settings.
struct Reader {
    set: &'static PublicSet,
    title: &'static str,
    classes: u32,
    /// The number of label bytes before the pixels of a row, and the index of the one that is used.
    labels: (usize, usize),
    keep: [Option<u32>; 2],
}

impl Cifar10 {
    fn reader(&self) -> Reader {
        Reader {
            set: &CIFAR_10,
            title: "CIFAR-10",
            classes: 10,
            labels: (1, 0),
            keep: [self.train, self.test],
        }
    }
}

impl Cifar100 {
    fn reader(&self) -> Reader {
        let (classes, told) = match self.labels {
            CifarLabels::Coarse => (20, 0),
            CifarLabels::Fine => (100, 1),
        };
        Reader {
            set: &CIFAR_100,
            title: "CIFAR-100",
            classes,
            labels: (2, told),
            keep: [self.train, self.test],
        }
    }
}

impl Reader {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: self.title.into(),
            classes: self.classes,
            shape: Some(SHAPE.into()),
            // The whole data set is cached, whatever part is used.
            cached: Some(cache::size(&SHAPE, u64::from(TRAIN + TEST))),
        }
    }

    /// The identity of the decoded images. The checksums are the published ones: files with others are refused when they
    /// are decoded.
    fn identity(&self) -> String {
        let sums: Vec<_> = self.set.files.iter().map(|f| f.sha256).collect();
        format!("label={} {}", self.labels.1, sums.join(" "))
    }

    fn fingerprint(&self) -> String {
        let [train, test] = [self.keep[0].unwrap_or(TRAIN), self.keep[1].unwrap_or(TEST)];
        format!("{} train={train} test={test} {}", self.set.name, self.identity())
    }

    /// The whole data set, so that one cache file serves every limit.
    fn obtain(&self, env: &DataEnv) -> Result<Images, StreamError> {
        cache::obtain(env, self.set.name, &self.identity(), || self.decode(env))
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        self.obtain(env)?;
        Ok(cache::place(env, self.set.name, &self.identity()))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        let mut images = self.obtain(env)?;
        let [train, test] = self.keep;
        images.train.truncate(train.unwrap_or(TRAIN) as usize, PIXELS);
        images.test.truncate(test.unwrap_or(TEST) as usize, PIXELS);
        LabelledData::from_images(images, self.fingerprint())
    }

    fn decode(&self, env: &DataEnv) -> Result<Images, StreamError> {
        let name = self.set.name;
        let root = env.root.as_deref().ok_or(StreamError::NoRoot { set: name })?;
        let mut halves = [Half::default(), Half::default()];
        let last = self.set.files.len() - 1;
        let files = self.set.files.iter().zip(self.set.read(root)?);
        for (i, (file, bytes)) in files.enumerate() {
            // The last file contains the test images.
            let half = &mut halves[usize::from(i == last)];
            self.rows(&bytes, half).map_err(|reason| StreamError::Mismatch {
                set: name,
                file: file.name,
                reason,
            })?;
        }
        let [train, test] = halves;
        Ok(Images {
            shape: SHAPE.into(),
            classes: self.classes,
            train,
            test,
        })
    }

    /// Appends the rows of a file.
    fn rows(&self, bytes: &[u8], half: &mut Half) -> Result<(), String> {
        let (before, told) = self.labels;
        let rows = bytes.chunks_exact(before + PIXELS);
        if !rows.remainder().is_empty() {
            return Err(format!(
                "{} bytes are no whole number of rows of {} each",
                bytes.len(),
                before + PIXELS
            ));
        }
        for (n, row) in rows.enumerate() {
            let (labels, pixels) = row.split_at(before);
            let label = labels[told];
            if u32::from(label) >= self.classes {
                return Err(format!(
                    "row {n} has label {label}, but there are {} classes",
                    self.classes
                ));
            }
            half.labels.push(label);
            half.pixels.extend_from_slice(pixels);
        }
        Ok(())
    }
}

impl DataRecipe for Cifar10 {
    fn facts(&self) -> DataFacts {
        self.reader().facts()
    }
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok(self.reader().fingerprint())
    }
    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        super::AnyData::validate(self)?;
        self.reader().prepare(env)
    }
    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        super::AnyData::validate(self)?;
        self.reader().load(env)
    }
}

impl DataRecipe for Cifar100 {
    fn facts(&self) -> DataFacts {
        self.reader().facts()
    }
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok(self.reader().fingerprint())
    }
    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        super::AnyData::validate(self)?;
        self.reader().prepare(env)
    }
    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        super::AnyData::validate(self)?;
        self.reader().load(env)
    }
}

register!(
    data,
    Cifar10,
    "cifar-10",
    summary = "60,000 photographs of ten kinds of objects, 32 × 32 in colour",
    citation = "Krizhevsky 2009, Learning multiple layers of features from tiny images",
);

register!(
    data,
    Cifar100,
    "cifar-100",
    summary = "60,000 photographs of a hundred kinds of objects, 32 × 32 in colour",
    citation = "Krizhevsky 2009, Learning multiple layers of features from tiny images",
);

#[cfg(test)]
mod tests;

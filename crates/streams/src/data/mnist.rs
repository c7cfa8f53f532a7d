//! MNIST, from its four published files.

use crate::cache::{self, Half, Images};
use crate::catalogue::MNIST;
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::error::StreamError;
use crate::idx;
use crate::register;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const TRAIN: u32 = 60_000;
const TEST: u32 = 10_000;
const SIDE: usize = 28;

/// MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28, grey in `[0, 1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mnist {
    /// Number of training images to keep, from the first (1 to 60000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = TRAIN))]
    pub train: Option<u32>,
    /// Number of test images to keep, from the first (1 to 10000); all by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = TEST))]
    pub test: Option<u32>,
}

impl Mnist {
    /// The whole data set, so that one cache file serves every limit.
    fn obtain(env: &DataEnv) -> Result<Images, StreamError> {
        cache::obtain(env, MNIST.name, &identity(), || decode(env))
    }
}

impl DataRecipe for Mnist {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "MNIST".into(),
            classes: 10,
            shape: Some(vec![SIDE; 2]),
            // The whole data set is cached, whatever part is used.
            cached: Some(cache::size(&[SIDE; 2], u64::from(TRAIN + TEST))),
        }
    }

    /// The checksums are the published ones: files with others are refused when they are decoded.
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        let (train, test) = (self.train.unwrap_or(TRAIN), self.test.unwrap_or(TEST));
        Ok(format!("mnist train={train} test={test} {}", identity()))
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        super::AnyData::validate(self)?;
        Self::obtain(env)?;
        Ok(cache::place(env, MNIST.name, &identity()))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        super::AnyData::validate(self)?;
        let mut images = Self::obtain(env)?;
        images
            .train
            .truncate(self.train.unwrap_or(TRAIN) as usize, SIDE * SIDE);
        images
            .test
            .truncate(self.test.unwrap_or(TEST) as usize, SIDE * SIDE);
        LabelledData::from_images(images, DataRecipe::fingerprint(self, env)?)
    }
}

/// The identity of the decoded images.
fn identity() -> String {
    MNIST.files.iter().map(|f| f.sha256).collect::<Vec<_>>().join(" ")
}

fn decode(env: &DataEnv) -> Result<Images, StreamError> {
    let root = env
        .root
        .as_deref()
        .ok_or(StreamError::NoRoot { set: MNIST.name })?;
    let mut parts = Vec::with_capacity(MNIST.files.len());
    for (file, bytes) in MNIST.files.iter().zip(MNIST.read(root)?) {
        parts.push(idx::read(&bytes[..], file.name, file.bytes)?);
    }
    let half = |images: usize, labels: usize| {
        let (pixels, labels, file) = (&parts[images], &parts[labels], MNIST.files[images].name);
        let mismatch = |reason| StreamError::Mismatch {
            set: MNIST.name,
            file,
            reason,
        };
        match pixels.dims[..] {
            [n, SIDE, SIDE] if n == labels.values.len() => Ok(Half {
                labels: labels.values.clone(),
                pixels: pixels.values.clone(),
            }),
            [n, SIDE, SIDE] => Err(mismatch(format!("{n} images for {} labels", labels.values.len()))),
            _ => Err(mismatch(format!(
                "dimensions {:?} instead of [n, {SIDE}, {SIDE}]",
                pixels.dims
            ))),
        }
    };
    Ok(Images {
        shape: vec![SIDE; 2],
        classes: 10,
        train: half(0, 1)?,
        test: half(2, 3)?,
    })
}

register!(
    data,
    Mnist,
    "mnist",
    summary = "70,000 handwritten digits, 28 × 28 grey",
    citation =
        "LeCun, Bottou, Bengio & Haffner 1998, Gradient-based learning applied to document recognition",
);

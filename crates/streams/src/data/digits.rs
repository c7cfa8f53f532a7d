//! Generated digits, which need no data files.

use crate::cache::{self, Half, Images};
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::digits::{self, CLASSES, PIXELS, SIDE};
use crate::error::StreamError;
use crate::facts::in_turns;
use crate::register;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Digits drawn by a seeded generator: 28 × 28, grey in `[0, 1]`, ten classes in equal parts. The images depend on
/// `generator_seed` and never on a run's seed, so that every run uses the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Digits {
    /// Training images (10 to 1000000).
    #[schemars(range(min = 10, max = 1_000_000))]
    pub train: u32,
    /// Test images (10 to 1000000).
    #[schemars(range(min = 10, max = 1_000_000))]
    pub test: u32,
    /// Seed of the drawn digits, independent of a run's seed.
    pub generator_seed: u64,
}

impl Default for Digits {
    fn default() -> Self {
        Self {
            train: 6000,
            test: 1500,
            generator_seed: 1,
        }
    }
}

impl Digits {
    fn identity(&self) -> String {
        let Self {
            train,
            test,
            generator_seed,
        } = self;
        format!(
            "digits generator={} seed={generator_seed} train={train} test={test}",
            digits::VERSION
        )
    }

    fn draw(&self) -> Images {
        let half = |name: &str, n: u32| {
            let generator = digits::Digits::new(self.generator_seed, name);
            let mut pixels = vec![0; n as usize * PIXELS];
            for (i, image) in (0..).zip(pixels.chunks_mut(PIXELS)) {
                generator.draw(i, image);
            }
            Half {
                labels: (0..n).map(digits::Digits::label).collect(),
                pixels,
            }
        };
        let (train, test) = (half("train", self.train), half("test", self.test));
        Images {
            shape: vec![SIDE; 2],
            classes: CLASSES,
            train,
            test,
        }
    }

    fn obtain(&self, env: &DataEnv) -> Result<Images, StreamError> {
        super::AnyData::validate(self)?;
        cache::obtain(env, "digits", &self.identity(), || Ok(self.draw()))
    }
}

impl DataRecipe for Digits {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "digits".into(),
            classes: CLASSES,
            shape: Some(vec![SIDE; 2]),
            cached: Some(cache::size(
                &[SIDE; 2],
                u64::from(self.train) + u64::from(self.test),
            )),
        }
    }

    fn rows_by_class(&self) -> Option<[Vec<u64>; 2]> {
        Some([in_turns(self.train, CLASSES), in_turns(self.test, CLASSES)])
    }

    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok(self.identity())
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        // Without a cache there is nothing to prepare.
        if env.cache.is_some() {
            self.obtain(env)?;
        }
        Ok(cache::place(env, "digits", &self.identity()))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        LabelledData::from_images(self.obtain(env)?, self.identity())
    }
}

register!(
    data,
    Digits,
    "digits",
    summary = "digits drawn by a seeded generator, no files needed",
    citation = "this project",
);

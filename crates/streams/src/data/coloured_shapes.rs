//! Generated colour pictures, which need no data files.

use crate::cache::{self, Half, Images};
use crate::coloured::{self, CLASSES, Shapes};
use crate::data::{DataEnv, DataFacts, DataRecipe, LabelledData};
use crate::error::StreamError;
use crate::facts::in_turns;
use crate::register;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Colour pictures drawn by a seeded generator, in `[0, 1]`, channel by channel: ten classes of figures in equal parts, which differ
/// in outline and texture, at any position, size, angle and colour. The pictures depend on `generator_seed` and never on a run's
/// seed, so that every run uses the same ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ColouredShapes {
    /// Training pictures (10 to 1000000).
    #[schemars(range(min = 10, max = 1_000_000))]
    pub train: u32,
    /// Test pictures (10 to 1000000).
    #[schemars(range(min = 10, max = 1_000_000))]
    pub test: u32,
    /// Height and width in pixels (16 to 64).
    #[schemars(range(min = 16, max = 64))]
    pub size: u32,
    /// The maximum noise on a value, in either direction (0 to 0.5).
    #[schemars(range(min = 0.0, max = 0.5))]
    pub noise: f64,
    /// Seed of the drawn pictures, independent of a run's seed.
    pub generator_seed: u64,
}

impl Default for ColouredShapes {
    fn default() -> Self {
        Self {
            train: 6000,
            test: 1500,
            size: 32,
            noise: 0.1,
            generator_seed: 1,
        }
    }
}

const NAME: &str = "coloured-shapes";

impl ColouredShapes {
    fn identity(&self) -> String {
        let Self {
            train,
            test,
            size,
            noise,
            generator_seed,
        } = self;
        format!(
            "{NAME} generator={} seed={generator_seed} train={train} test={test} size={size} noise={noise}",
            coloured::VERSION
        )
    }

    fn shape(&self) -> Vec<usize> {
        vec![3, self.size as usize, self.size as usize]
    }

    fn draw(&self) -> Images {
        let half = |name: &str, n: u32| {
            let shapes = Shapes::new(self.generator_seed, name, self.size as usize, self.noise as f32);
            let mut pixels = vec![0; n as usize * shapes.bytes()];
            for (i, picture) in (0..).zip(pixels.chunks_mut(shapes.bytes())) {
                shapes.draw(i, picture);
            }
            Half {
                labels: (0..n).map(Shapes::label).collect(),
                pixels,
            }
        };
        let (train, test) = (half("train", self.train), half("test", self.test));
        Images {
            shape: self.shape(),
            classes: CLASSES,
            train,
            test,
        }
    }

    fn obtain(&self, env: &DataEnv) -> Result<Images, StreamError> {
        super::AnyData::validate(self)?;
        cache::obtain(env, NAME, &self.identity(), || Ok(self.draw()))
    }
}

impl DataRecipe for ColouredShapes {
    fn facts(&self) -> DataFacts {
        let pictures = u64::from(self.train) + u64::from(self.test);
        DataFacts {
            title: "coloured shapes".into(),
            classes: CLASSES,
            cached: Some(cache::size(&self.shape(), pictures)),
            shape: Some(self.shape()),
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
        Ok(cache::place(env, NAME, &self.identity()))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        LabelledData::from_images(self.obtain(env)?, self.identity())
    }
}

register!(
    data,
    ColouredShapes,
    "coloured-shapes",
    summary = "colour pictures of figures drawn by a seeded generator, no files needed",
    citation = "this project",
);

//! Data of one's own in memory, as a data set that any stream can be cut from.
//!
//! `cargo run -p dentate --example own_data`

use dentate::core::{DataId, Dataset, Samples, Targets};
use dentate::ndarray::Array2;
use dentate::prelude::*;
use dentate::streams::{DataFacts, DataRecipe, LabelledData, StreamError};
use std::path::PathBuf;

/// Classes of the data set, and features of a row.
const CLASSES: u32 = 4;
const FEATURES: usize = 2;

config! {
    /// Four blobs in a plane, a class each.
    pub struct Blobs {
        /// Rows of each class, to train on and to test on.
        #[schemars(range(min = 1))]
        pub rows: u32 = 200,
    }
}

impl Blobs {
    /// Inputs `[rows, features]` and their labels: here drawn, and anything that you have elsewhere.
    fn arrays(&self, seed: Seed) -> (Array2<f32>, Vec<u32>) {
        use dentate::rand::Rng;
        let mut random = seed.random();
        let labels: Vec<u32> = (0..self.rows * CLASSES).map(|row| row % CLASSES).collect();
        let inputs = Array2::from_shape_fn((labels.len(), FEATURES), |(row, feature)| {
            let corner = (labels[row] >> feature) & 1;
            4.0 * corner as f32 + random.random_range(-1.5..1.5)
        });
        (inputs, labels)
    }

    fn half(&self, id: u64, seed: Seed) -> Result<Dataset, StreamError> {
        let (inputs, labels) = self.arrays(seed);
        let samples = Samples::Floats(inputs.into_iter().collect());
        let targets = Targets::Classes {
            labels,
            classes: CLASSES,
        };
        Ok(Dataset::new(DataId(id), samples, vec![FEATURES], targets)?)
    }
}

impl DataRecipe for Blobs {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "Blobs".into(),
            classes: CLASSES,
            shape: Some(vec![FEATURES]),
            cached: None,
        }
    }

    /// Tells these rows from others: whatever they follow from, here the settings. Of files it is a digest of their bytes.
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok(format!("blobs, version 1, {} rows", self.rows))
    }

    fn prepare(&self, _: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        Ok(None)
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        Ok(LabelledData {
            train: self.half(0, Seed(1))?,
            test: self.half(1, Seed(2))?,
            classes: CLASSES,
            fingerprint: self.fingerprint(env)?,
        })
    }
}

register!(
    data,
    Blobs,
    "blobs",
    summary = "Four blobs in a plane.",
    citation = "this page",
);

fn main() -> dentate::Result<()> {
    let stream = || Split::new(Blobs::default()).class_incremental();
    let learner = || Gradient::mlp([32]).epochs(20);
    let plain = Experiment::new(stream(), learner()).run()?;
    println!("fine-tuning\n{}\n", plain.accuracy());
    let replay = Experiment::new(stream(), learner().mechanism(ExperienceReplay::default())).run()?;
    println!("experience replay\n{}", replay.accuracy());
    Ok(())
}

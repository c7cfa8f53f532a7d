//! Images: real ones where there are, and such as look like them in what matters here, the share of zeros.

use dentate_core::{DataId, Dataset, Samples, Targets};
use dentate_streams::data::Mnist;
use dentate_streams::{DataEnv, DataRecipe};

/// The data set of every benchmark.
pub const IMAGES: DataId = DataId(0);

/// Rows in it.
pub const COUNT: u32 = 10_000;

/// Rows of `features` bytes of which one in `one_in` is not 0 (in handwritten digits about one in five), with ten labels.
///
/// # Panics
/// Never: the lengths agree.
#[must_use]
pub fn grey(features: usize, one_in: u32) -> (Vec<u8>, Vec<u8>) {
    let mut state = 1u32;
    let mut draw = || {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        state >> 8
    };
    let mut pixel = || {
        if draw() % one_in == 0 {
            (draw() % 255) as u8 + 1
        } else {
            0
        }
    };
    let values = (0..COUNT as usize * features).map(|_| pixel()).collect();
    (values, (0..COUNT).map(|i| (i % 10) as u8).collect())
}

/// The first images of MNIST, if `DENTATE_DATA` names a folder that has it; else such as look like them. With a name.
///
/// # Panics
/// When the files are there and broken.
#[must_use]
pub fn handwritten() -> (&'static str, Vec<u8>, Vec<u8>) {
    let Some(root) = std::env::var_os("DENTATE_DATA") else {
        let (pixels, labels) = grey(784, 5);
        return ("drawn by chance, four of five pixels 0", pixels, labels);
    };
    let env = DataEnv {
        root: Some(root.into()),
        cache: None,
        ..DataEnv::default()
    };
    let spec = Mnist {
        train: Some(COUNT),
        test: Some(1),
    };
    let train = spec.load(&env).expect("readable files of MNIST").train;
    let mut row = vec![0.0; 784];
    let mut pixels = Vec::with_capacity(784 * COUNT as usize);
    let mut labels = Vec::with_capacity(COUNT as usize);
    for i in 0..COUNT {
        train.read(i, &mut row).expect("as many rows as were asked for");
        pixels.extend(row.iter().map(|x| (x * 255.0).round() as u8));
        labels.push(train.label(i).unwrap_or(0) as u8);
    }
    ("the first 10,000 of MNIST", pixels, labels)
}

/// Bytes as a data set of grey values in [0, 1].
///
/// # Panics
/// When the lengths do not agree.
#[must_use]
pub fn shown(pixels: &[u8], labels: &[u8]) -> Dataset {
    let samples = Samples::Bytes {
        values: pixels.to_vec(),
        scale: 1.0 / 255.0,
        offset: 0.0,
    };
    let targets = Targets::Classes {
        labels: labels.iter().map(|&l| u32::from(l)).collect(),
        classes: 10,
    };
    let features = pixels.len() / labels.len();
    Dataset::new(IMAGES, samples, vec![features], targets).expect("as many labels as rows")
}

//! Data sets, normal and degenerate.

use dentate_core::{DataId, Dataset, Samples, Seed, Targets};
use ndarray::Array2;
use proptest::prelude::*;
use rand::Rng;

/// The kind of inputs of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Uniform in ±1.
    Plain,
    /// Bytes with a scale and an offset.
    Bytes,
    /// The same value in all rows of a feature; some features all 0.
    Constant,
    /// Values around 1e-20.
    Tiny,
    /// Values around 1e4.
    Huge,
    /// One row, repeated.
    Repeated,
}

/// The description of a data set.
#[derive(Clone, Copy, Debug)]
pub struct Rowset {
    /// The kind of its inputs.
    pub temper: Temper,
    /// Number of rows.
    pub rows: usize,
    /// The seed of its values.
    pub seed: u64,
}

/// Any data set of up to six rows.
pub fn rowset() -> impl Strategy<Value = Rowset> {
    let tempers = prop_oneof![
        4 => Just(Temper::Plain),
        2 => Just(Temper::Bytes),
        1 => Just(Temper::Constant),
        1 => Just(Temper::Tiny),
        1 => Just(Temper::Huge),
        1 => Just(Temper::Repeated),
    ];
    (tempers, 1usize..7, any::<u64>()).prop_map(|(temper, rows, seed)| Rowset { temper, rows, seed })
}

impl Rowset {
    /// The same inputs with class labels.
    #[must_use]
    pub fn classes(&self, id: u64, features: usize, classes: usize) -> Dataset {
        let mut random = Seed(self.seed).derive("labels").random();
        let classes = classes as u32;
        let labels = (0..self.rows).map(|_| random.random_range(0..classes)).collect();
        self.with(id, features, Targets::Classes { labels, classes })
    }

    /// The same inputs with real targets.
    #[must_use]
    pub fn values(&self, id: u64, features: usize, outputs: usize) -> Dataset {
        let targets = super::block((self.rows, outputs), Seed(self.seed).derive("targets"));
        self.with(id, features, Targets::Values(targets))
    }

    fn with(&self, id: u64, features: usize, targets: Targets) -> Dataset {
        let mut random = Seed(self.seed).derive("inputs").random();
        let shape = (self.rows, features);
        let mut plain = Array2::from_shape_simple_fn(shape, || random.random::<f32>() * 2.0 - 1.0);
        let first = plain.row(0).to_owned();
        let samples = match self.temper {
            Temper::Bytes => {
                let byte = |v: &f32| ((v + 1.0) * 127.0) as u8;
                Samples::Bytes {
                    values: plain.iter().map(byte).collect(),
                    scale: 1.0 / 255.0,
                    offset: -0.5,
                }
            }
            temper => {
                match temper {
                    Temper::Constant => {
                        let value = |j: usize| if j.is_multiple_of(2) { 0.0 } else { first[j] };
                        plain = Array2::from_shape_fn(shape, |(_, j)| value(j));
                    }
                    Temper::Repeated => plain = Array2::from_shape_fn(shape, |(_, j)| first[j]),
                    Temper::Tiny => plain *= 1e-20,
                    Temper::Huge => plain *= 1e4,
                    Temper::Plain | Temper::Bytes => {}
                }
                Samples::Floats(plain.iter().copied().collect())
            }
        };
        Dataset::new(DataId(id), samples, vec![features], targets).expect("lengths agree")
    }
}

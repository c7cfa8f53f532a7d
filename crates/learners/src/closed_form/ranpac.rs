//! RanPAC: ridge regression on a fixed random projection of the features.
//!
//! McDonnell, M. D., Gong, D., Parvaneh, A., Abbasnejad, E. & van den Hengel, A. (2023). RanPAC: random projections and pre-trained
//! models for continual learning. *NeurIPS*, arXiv:2307.02251. With P `[features, width]` of standard normal numbers, drawn once,
//! and y a 1 for the class of a row and 0 for all others,
//!
//! ```text
//! φ(x) = max(xᵀP, 0)
//! G = Σ φ(x) φ(x)ᵀ,   C = Σ φ(x) yᵀ            over all rows so far
//! W = (G + λ I)⁻¹ C
//! the class of x is argmax_c (φ(x)ᵀ W)_c.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `width` | random features | 2000 |
//! | `ridge` | λ, > 0, beside the sums of squares of random features, which grow with the number of rows | 100 |
//! | `batch` | rows taken in per call; changes results by rounding only | 256 |
//!
//! **Preserves** the sums over earlier rows, and depends on the order of rows by rounding only.
//!
//! **Departures.** λ is fixed. The paper chooses it after each task from the powers of ten from 10⁻⁸ to 10⁸, by the squared error on a
//! fifth of that task's rows of a fit to its others; in a suite that is a method for each value, evaluated on validation rows. The
//! default `width` is smaller than the paper's 10,000, of which G alone takes 800 MB. Features are given: the adaptation of the
//! pretrained network in the first task, which the paper makes optional, is no part of this. Where rounding leaves G + λI no Cholesky
//! factor (λ some 10⁻¹² of the largest sum of squares), more is added to its diagonal.

use super::gram::Gram;
use super::readout::ReadOut;
use super::recipe::recipe;
use super::rule::Rule;
use crate::linear_algebra::solve;
use dentate_core::{MAX_WIDTH, Seed};
use ndarray::{Array1, Array2};
use rand_distr::{Distribution, StandardNormal};
use std::collections::BTreeMap;

dentate_core::config! {
    /// Configuration; see [the module](self).
    #[derive(PartialEq)]
    pub struct RanPac {
        /// Random features.
        #[schemars(range(min = 1, max = MAX_WIDTH))]
        pub width: usize = 2000,
        /// λ, added to the sums of squares of random features (above 0).
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub ridge: f64 = 100.0,
        /// Rows taken in per call.
        #[schemars(range(min = 1))]
        pub batch: usize = 256,
    }
}

dentate_core::state! {
    /// The statistics.
    pub(crate) struct Sums {
        /// G.
        gram: Gram,
        /// C, a column for each class by its label.
        classes: BTreeMap<u32, Array1<f64>>,
    }
}

impl Rule for RanPac {
    type Statistics = Sums;

    fn batch(&self) -> usize {
        self.batch
    }

    fn bias(&self) -> bool {
        false
    }

    fn projection(&self, inputs: usize, seed: Seed) -> Option<Array2<f64>> {
        let mut random = seed.derive("projection").random();
        let shape = (inputs, self.width);
        Some(Array2::from_shape_simple_fn(shape, || {
            StandardNormal.sample(&mut random)
        }))
    }

    fn cost(&self, features: usize) -> usize {
        features * features
    }

    fn learn(&self, sums: &mut Sums, rows: &Array2<f64>, labels: &[u32]) {
        sums.gram.add(rows);
        for (row, label) in rows.rows().into_iter().zip(labels) {
            let class = sums.classes.entry(*label);
            *class.or_insert_with(|| Array1::zeros(rows.ncols())) += &row;
        }
    }

    fn numbers(sums: &Sums) -> usize {
        sums.gram.numbers() + sums.classes.values().map(Array1::len).sum::<usize>()
    }

    fn fits(sums: &Sums, features: usize) -> bool {
        sums.gram.fits(features) && sums.classes.values().all(|sum| sum.len() == features)
    }

    fn readout(&self, sums: &Sums, features: usize) -> Option<ReadOut> {
        let factor = sums.gram.factor(1.0, self.ridge)?;
        let mut columns = Array2::zeros((features, sums.classes.len()));
        for (sum, mut place) in sums.classes.values().zip(columns.columns_mut()) {
            place.assign(sum);
        }
        Some(ReadOut {
            labels: sums.classes.keys().copied().collect(),
            origin: Array1::zeros(features),
            weights: solve(&factor, features, columns.view()),
            bias: Array1::zeros(sums.classes.len()),
        })
    }
}

recipe!(RanPac, "ranpac");

dentate_core::register!(
    learner,
    RanPac,
    "ranpac",
    summary = "Ridge regression on a fixed random projection of the features.",
    citation = "McDonnell et al. 2023, arXiv:2307.02251",
    source = include_str!("ranpac.rs"),
);

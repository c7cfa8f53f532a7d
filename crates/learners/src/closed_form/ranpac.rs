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
//! | `ridge` | λ, > 0, beside the sums of squares of random features, which grow with the number of rows | chosen as below |
//! | `batch` | rows taken in per call; changes results by rounding only | 256 |
//!
//! Without `ridge`, λ is chosen after each experience, as in the paper: every fifth of its rows is held out, and that power of ten from 10⁻⁸
//! to 10⁸ is taken whose fit to its other rows has the smallest squared error on these, the smaller one of two that are equal. W is
//! then that of all rows so far, held out or not. Asked within an experience, it chooses by the rows that have come; an experience of fewer than
//! five rows keeps the last λ, 1 at first. It takes 17 factors of G for each choice, and three times the memory.
//!
//! **Preserves** the sums over earlier rows. With a given λ it depends on the order of rows by rounding only; otherwise also by which
//! rows are held out.
//!
//! **Departures.** The authors' code holds out the last fifth of an experience's rows, whose number is not known here. The
//! default `width` is smaller than the paper's 10,000, of which G alone takes 800 MB. Features are given: the adaptation of the
//! pretrained network in the first task, which the paper makes optional, is no part of this. Where rounding leaves G + λI no Cholesky
//! factor (λ some 10⁻¹² of the largest sum of squares), more is added to its diagonal.

use super::moments::Moments;
use super::readout::ReadOut;
use super::recipe::recipe;
use super::rule::Rule;
use dentate_core::{MAX_WIDTH, Seed};
use ndarray::{Array1, Array2, Axis};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// One in so many rows is held out.
const FOLD: u64 = 5;

/// The exponents of λ that are tried.
const EXPONENTS: std::ops::RangeInclusive<i32> = -8..=8;

/// λ before anything was held out.
const FIRST: f64 = 1.0;

dentate_core::config! {
    /// Configuration; see [the module](self).
    #[derive(PartialEq)]
    pub struct RanPac {
        /// Random features.
        #[schemars(range(min = 1, max = MAX_WIDTH))]
        pub width: usize = 2000,
        /// λ, added to the sums of squares of random features (above 0); chosen among powers of ten on held-out rows when absent.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub ridge: Option<f64> = None,
        /// Rows taken in per call.
        #[schemars(range(min = 1))]
        pub batch: usize = 256,
    }
}

/// The statistics.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sums {
    /// Of earlier experiences; of all rows where λ is given.
    earlier: Moments,
    /// Of this experience's rows that are fitted, and of those that are held out.
    fitted: Moments,
    held_out: Moments,
    /// Rows of this experience.
    rows: u64,
    /// λ of the last experience that chose one.
    last: Option<f64>,
    /// λ that was chosen after so many rows.
    #[serde(skip)]
    chosen: Option<(u64, f64)>,
}

impl Sums {
    /// The λ of this experience so far.
    fn choose(&mut self, features: usize) -> f64 {
        if self.fitted.is_empty() || self.held_out.is_empty() {
            return self.last.unwrap_or(FIRST);
        }
        if let Some((_, ridge)) = self.chosen.filter(|(rows, _)| *rows == self.rows) {
            return ridge;
        }
        let labels = self.fitted.labels();
        let mut best = (f64::INFINITY, self.last.unwrap_or(FIRST));
        for ridge in EXPONENTS.map(|exponent| 10f64.powi(exponent)) {
            let Some(weights) = self.fitted.ridge(ridge, &labels, features) else {
                continue;
            };
            let error = self.held_out.error(&weights, &labels);
            if error < best.0 {
                best = (error, ridge);
            }
        }
        self.chosen = Some((self.rows, best.1));
        best.1
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

    fn begin(&self, sums: &mut Sums, features: usize) {
        if self.ridge.is_some() || sums.rows == 0 {
            return;
        }
        sums.last = Some(sums.choose(features));
        let [fitted, held_out] = [&mut sums.fitted, &mut sums.held_out].map(std::mem::take);
        sums.earlier.merge(&fitted);
        sums.earlier.merge(&held_out);
        (sums.rows, sums.chosen) = (0, None);
    }

    fn learn(&self, sums: &mut Sums, rows: &Array2<f64>, labels: &[u32]) {
        if self.ridge.is_some() {
            return sums.earlier.add(rows, labels);
        }
        let is_held = |place: &usize| (sums.rows + *place as u64) % FOLD == FOLD - 1;
        let (held_out, fitted): (Vec<usize>, Vec<usize>) = (0..labels.len()).partition(is_held);
        for (places, into) in [(fitted, &mut sums.fitted), (held_out, &mut sums.held_out)] {
            let labels: Vec<u32> = places.iter().map(|&place| labels[place]).collect();
            into.add(&rows.select(Axis(0), &places), &labels);
        }
        sums.rows += labels.len() as u64;
    }

    fn numbers(sums: &Sums) -> usize {
        let all = [&sums.earlier, &sums.fitted, &sums.held_out];
        all.into_iter().map(Moments::numbers).sum()
    }

    fn fits(sums: &Sums, features: usize) -> bool {
        let all = [&sums.earlier, &sums.fitted, &sums.held_out];
        all.into_iter().all(|moments| moments.fits(features))
    }

    fn readout(&self, sums: &mut Sums, features: usize) -> Option<ReadOut> {
        let (whole, ridge) = match self.ridge {
            Some(ridge) => (None, ridge),
            None => {
                let mut whole = sums.earlier.clone();
                whole.merge(&sums.fitted);
                whole.merge(&sums.held_out);
                (Some(whole), sums.choose(features))
            }
        };
        let whole = whole.as_ref().unwrap_or(&sums.earlier);
        let labels = whole.labels();
        let weights = whole.ridge(ridge, &labels, features)?;
        Some(ReadOut {
            bias: Array1::zeros(labels.len()),
            labels,
            origin: Array1::zeros(features),
            weights,
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

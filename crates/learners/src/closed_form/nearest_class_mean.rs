//! Nearest class mean: a row is of the class whose mean is nearest.
//!
//! Mensink, T., Verbeek, J., Perronnin, F. & Csurka, G. (2013). Distance-based image classification: generalizing to new classes
//! at near-zero cost. *IEEE Transactions on Pattern Analysis and Machine Intelligence* 35(11), 2624–2637. With μ_c the mean of
//! all rows of class c so far,
//!
//! ```text
//! euclidean:  argmin_c ‖x − μ_c‖
//! cosine:     argmax_c xᵀμ_c / (‖x‖ ‖μ_c‖).
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `distance` | `euclidean` or `cosine` | `euclidean` |
//! | `batch` | rows taken in per call; changes results by rounding only | 256 |
//!
//! **Preserves** the mean of a class whatever rows of other classes follow, and depends on the order of rows by rounding only.
//!
//! **Departures.** Distances are in the space of the features that are given: no metric is learned. With `cosine` the means are
//! those of the rows as they are, and not of rows of unit length.

use super::class_means::ClassMeans;
use super::readout::ReadOut;
use super::recipe::recipe;
use super::rule::Rule;
use ndarray::{Array1, Array2, Axis};

dentate_core::config! {
    /// The measure of nearness.
    #[derive(Copy, PartialEq, Eq)]
    pub enum Distance {
        /// The smallest Euclidean distance.
        Euclidean,
        /// The largest cosine.
        Cosine,
    }
}

dentate_core::config! {
    /// Configuration; see [the module](self).
    #[derive(PartialEq)]
    pub struct NearestClassMean {
        /// The measure of nearness: `euclidean` distance or `cosine`.
        pub distance: Distance = Distance::Euclidean,
        /// Rows taken in per call.
        #[schemars(range(min = 1))]
        pub batch: usize = 256,
    }
}

impl Rule for NearestClassMean {
    type Statistics = ClassMeans;

    fn batch(&self) -> usize {
        self.batch
    }

    fn bias(&self) -> bool {
        false
    }

    fn cost(&self, features: usize) -> usize {
        features
    }

    fn learn(&self, means: &mut ClassMeans, rows: &Array2<f64>, labels: &[u32]) {
        means.add(rows, labels);
    }

    fn numbers(means: &ClassMeans) -> usize {
        means.numbers()
    }

    fn fits(means: &ClassMeans, features: usize) -> bool {
        means.fits(features)
    }

    fn readout(&self, means: &mut ClassMeans, features: usize) -> Option<ReadOut> {
        let mut means = means.columns(features);
        let (origin, bias) = match self.distance {
            Distance::Euclidean => {
                let origin = means.centre();
                // −½‖x − μ‖² without what all classes share.
                let squares = means.columns.mapv(|v| v * v).sum_axis(Axis(0));
                (origin, squares * -0.5)
            }
            Distance::Cosine => {
                for mut mean in means.columns.columns_mut() {
                    let length = mean.dot(&mean).sqrt();
                    if length > 0.0 {
                        mean /= length;
                    }
                }
                (Array1::zeros(features), Array1::zeros(means.labels.len()))
            }
        };
        Some(ReadOut {
            labels: means.labels,
            origin,
            weights: means.columns,
            bias,
        })
    }
}

recipe!(NearestClassMean, "nearest-class-mean");

dentate_core::register!(
    learner,
    NearestClassMean,
    "nearest-class-mean",
    summary = "Predicts the class with the nearest mean, by Euclidean distance or cosine.",
    citation = "Mensink, Verbeek, Perronnin & Csurka 2013, Distance-based image classification",
    source = include_str!("nearest_class_mean.rs"),
);

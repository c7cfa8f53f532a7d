//! Streaming linear discriminant analysis (SLDA): running class means and one covariance for all classes, shrunk.
//!
//! Hayes, T. L. & Kanan, C. (2020). Lifelong machine learning with deep streaming linear discriminant analysis. *CVPR workshops*,
//! arXiv:1909.01520. With μ_c the mean of all rows of class c so far, and Σ the covariance within classes of all n rows,
//!
//! ```text
//! Σ = (1/n) Σ_c Σ_{x of c} (x − μ_c)(x − μ_c)ᵀ
//! Λ = [(1 − ε) Σ + ε I]⁻¹
//! w_c = Λ μ_c,   b_c = −½ μ_cᵀ Λ μ_c
//! the class of x is argmax_c w_cᵀ x + b_c.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `shrinkage` | ε, in (0, 1]; at 1 it is the nearest class mean | 1e-4 |
//! | `batch` | rows taken in per call; changes results by rounding only | 256 |
//!
//! **Preserves** the means and the scatter of earlier rows, and depends on the order of rows by rounding only.
//!
//! **Departures.** The paper's update adds `t (x − μ)(x − μ)ᵀ / (t + 1)`, t being the rows of *all* classes so far and μ the mean of
//! the row's class *before* it (0 for a class without rows, in the authors' code). So its covariance depends on the order of
//! rows, and a new class adds its distance from the origin. Here Σ is what the rows have at the end: t is the class's own (Welford, a
//! batch at a time). Nor is there a base initialisation, whose covariance they estimate apart: statistics are empty before the first
//! row. ε is absolute, as in the paper, and to be seen beside the variances of the features. Where rounding leaves the matrix no
//! Cholesky factor (variances some 10¹² times ε), more is added to its diagonal.

use super::class_means::ClassMeans;
use super::gram::Gram;
use super::readout::ReadOut;
use super::recipe::recipe;
use super::rule::Rule;
use dentate_core::linear_algebra::solve;
use ndarray::{Array2, Axis};

dentate_core::config! {
    /// Configuration; see [the module](self).
    #[derive(PartialEq)]
    pub struct StreamingLinearDiscriminantAnalysis {
        /// ε: share of the identity in the covariance (above 0 to 1).
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
        pub shrinkage: f64 = 1e-4,
        /// Rows taken in per call.
        #[schemars(range(min = 1))]
        pub batch: usize = 256,
    }
}

dentate_core::state! {
    /// The statistics.
    pub(crate) struct Scatter {
        means: ClassMeans,
        /// Scatter of the rows about the means of their classes.
        within: Gram,
    }
}

impl Rule for StreamingLinearDiscriminantAnalysis {
    type Statistics = Scatter;

    fn batch(&self) -> usize {
        self.batch
    }

    fn bias(&self) -> bool {
        true
    }

    fn cost(&self, features: usize) -> usize {
        features * features
    }

    fn learn(&self, scatter: &mut Scatter, rows: &Array2<f64>, labels: &[u32]) {
        let apart = scatter.means.add(rows, labels);
        scatter.within.add(&apart);
    }

    fn numbers(scatter: &Scatter) -> usize {
        scatter.means.numbers() + scatter.within.numbers()
    }

    fn fits(scatter: &Scatter, features: usize) -> bool {
        scatter.means.fits(features) && scatter.within.fits(features)
    }

    fn readout(&self, scatter: &mut Scatter, features: usize) -> Option<ReadOut> {
        let mut means = scatter.means.columns(features);
        let origin = means.centre();
        let rows = scatter.means.rows().max(1) as f64;
        let factor = scatter
            .within
            .factor((1.0 - self.shrinkage) / rows, self.shrinkage)?;
        let weights = solve(&factor, features, means.columns.view());
        Some(ReadOut {
            labels: means.labels,
            origin,
            bias: (&means.columns * &weights).sum_axis(Axis(0)) * -0.5,
            weights,
        })
    }
}

recipe!(
    StreamingLinearDiscriminantAnalysis,
    "streaming-linear-discriminant-analysis"
);

dentate_core::register!(
    learner,
    StreamingLinearDiscriminantAnalysis,
    "streaming-linear-discriminant-analysis",
    summary = "Linear discriminants from running class means and one shared covariance.",
    citation = "Hayes & Kanan 2020, arXiv:1909.01520",
    source = include_str!("streaming_linear_discriminant_analysis.rs"),
);

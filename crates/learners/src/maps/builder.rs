//! Builder for maps on arrays.

use super::engine::Engine;
use super::fitted::{FitError, Fitted};
use super::rule::Rule;
use dentate_core::Seed;
use ndarray::ArrayView2;

/// The builder of a map: `GrowingNeuralGas::builder().max_units(50).seed(1).fit(points.view())`.
#[derive(Clone, Debug, Default)]
pub struct Builder<R: Rule> {
    pub(crate) rule: R,
    seed: u64,
}

impl<R: Rule> Builder<R> {
    /// Sets the seed of the order of rows in each pass.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Returns an untrained map, for [`Fitted::partial_fit`].
    ///
    /// # Errors
    /// [`FitError::BuildContext`].
    pub fn begin(self) -> Result<Fitted<R>, FitError> {
        self.rule.in_range()?;
        Ok(Fitted::new(Engine::new(self.rule)))
    }

    /// Fits the map to rows, in an order drawn anew for each pass.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fit(self, rows: ArrayView2<'_, f32>) -> Result<Fitted<R>, FitError> {
        let (seed, epochs) = (Seed(self.seed), self.rule.epochs());
        let mut fitted = self.begin()?;
        fitted.passes(rows, None, epochs, seed)?;
        Ok(fitted)
    }

    /// Fits the map to rows with a class each, for [`Fitted::classify`].
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fit_labelled(self, rows: ArrayView2<'_, f32>, labels: &[u32]) -> Result<Fitted<R>, FitError> {
        let (seed, epochs) = (Seed(self.seed), self.rule.epochs());
        let mut fitted = self.begin()?;
        fitted.passes(rows, Some(labels), epochs, seed)?;
        Ok(fitted)
    }
}

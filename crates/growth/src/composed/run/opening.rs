//! Start of a check: the factors of the modulation, and whether the survival rule evaluates units.

use super::ComposedRun;
use super::phase::CheckPhase;
use crate::strategy::{StrategyError, View};

impl ComposedRun {
    /// Computes the factors, and calls the survival rule for whether it evaluates units at this check.
    pub(super) fn open(&mut self, view: &View<'_>) -> Result<(), StrategyError> {
        let mut view = *view;
        view.loss = self.state.loss;
        if let (Some(loss), Some(last)) = (view.loss, self.state.history.last_mut()) {
            last.after.get_or_insert(loss);
        }
        let factors = self.modulation.factors(&view, &self.state.history)?;
        let fine = |factor: f64| factor.is_finite() && factor >= 0.0;
        if !fine(factors.growth) || !fine(factors.survival) {
            let sentence =
                format!("its modulation says {factors:?}, but factors are finite and not negative");
            return Err(StrategyError::Unsuited(sentence));
        }
        self.state.factors = factors;
        self.state.phase = if self.survival.evaluates(&view, self.threshold_scale()) {
            CheckPhase::Evaluating
        } else {
            CheckPhase::Pruning
        };
        Ok(())
    }

    /// The factor that the survival rule divides its threshold by.
    pub(super) fn threshold_scale(&self) -> f64 {
        self.state.factors.survival.max(f64::MIN_POSITIVE)
    }

    /// Returns whether the meters have to be read for the survival rule alone.
    pub(super) fn survival_reads(&self) -> bool {
        self.state.phase == CheckPhase::Evaluating && !self.meters.is_empty()
    }
}

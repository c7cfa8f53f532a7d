//! A new look: what scales growth and survival, and whether survival judges.

use super::ComposedRun;
use super::stage::Stage;
use crate::strategy::{StrategyError, View};

impl ComposedRun {
    /// Factors are worked out, and survival says whether it judges.
    pub(super) fn open(&mut self, view: &View<'_>) -> Result<(), StrategyError> {
        let mut view = *view;
        view.loss = self.standing.loss;
        if let (Some(loss), Some(last)) = (view.loss, self.standing.history.last_mut()) {
            last.after.get_or_insert(loss);
        }
        let factors = self.modulation.factors(&view, &self.standing.history)?;
        let fine = |factor: f64| factor.is_finite() && factor >= 0.0;
        if !fine(factors.growth) || !fine(factors.survival) {
            let sentence =
                format!("its modulation says {factors:?}, but factors are finite and not negative");
            return Err(StrategyError::Unsuited(sentence));
        }
        self.standing.factors = factors;
        self.standing.stage = if self.survival.judges(&view, self.leniency()) {
            Stage::Judging
        } else {
            Stage::Pruning
        };
        Ok(())
    }

    /// What survival is scaled by; it divides by that.
    pub(super) fn leniency(&self) -> f64 {
        self.standing.factors.survival.max(f64::MIN_POSITIVE)
    }

    /// Whether the meters have to be read for the survival rule alone.
    pub(super) fn survival_reads(&self) -> bool {
        self.standing.stage == Stage::Judging && !self.meters.is_empty()
    }
}

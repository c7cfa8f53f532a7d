//! Why a loss is no number any more, where that can be told: a quadratic penalty `strength / 2 · F (w − w*)²` is a spring, and
//! plain gradient descent follows it only while `learning rate · strength · F < 2 (1 + momentum)`.

use crate::learner::GradientLearner;
use dentate_core::{LearnError, Optimizer, Slot, Snapshot};

impl GradientLearner {
    /// The loss is no number any more: say so, and what the pull of the penalties was if that explains it.
    pub(crate) fn diverged(&mut self) -> LearnError {
        let step = self.progress.total;
        let plain = LearnError::Diverged { step };
        let (
            Some(regulariser),
            Some(spec),
            Optimizer::Sgd {
                learning_rate,
                momentum,
                ..
            },
        ) = (
            &self.regulariser,
            &self.config.regulariser,
            &self.config.optimizer,
        )
        else {
            return plain;
        };
        let penalties = regulariser.penalties();
        if penalties.is_empty() {
            return plain;
        }
        let snapshot = self.backend.snapshot();
        let pull = penalties
            .iter()
            .map(|p| f64::from(*learning_rate) * f64::from(p.strength) * largest(&snapshot, p.importance));
        let pull = pull.fold(0.0, f64::max);
        let limit = 2.0 * (1.0 + f64::from(*momentum));
        if pull <= limit {
            return plain;
        }
        let penalty = spec.typetag_name().to_string();
        LearnError::Unstable {
            step,
            penalty,
            pull: rounded(pull),
            limit: rounded(limit),
        }
    }
}

/// To three digits, as a sentence says it.
fn rounded(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// The largest number in a slot.
fn largest(snapshot: &Snapshot, slot: Slot) -> f64 {
    let blocks = snapshot
        .slots
        .get(&slot)
        .into_iter()
        .flat_map(|blocks| blocks.values());
    let values = blocks.flatten().copied().map(f64::from);
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

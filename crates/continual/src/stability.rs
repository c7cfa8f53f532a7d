//! Explanation of a loss that is not finite, where possible: a quadratic penalty `strength / 2 · F (w − w*)²` acts like a
//! spring, and plain gradient descent is stable only while `learning rate · strength · F < 2 (1 + momentum)`.

use dentate_core::{GrowingNetwork, LearnError, Optimizer, Penalty, Slot, Snapshot};

/// The error for a loss that is not finite, with the penalty that explains it, if any; each penalty comes with the name of
/// its mechanism.
pub(crate) fn explain(
    network: &mut GrowingNetwork,
    penalties: &[(&'static str, Penalty)],
    optimizer: &Optimizer,
) -> LearnError {
    let step = network.clock().step;
    let plain = LearnError::Diverged { step };
    let Optimizer::Sgd {
        learning_rate,
        momentum,
        ..
    } = optimizer
    else {
        return plain;
    };
    if penalties.is_empty() {
        return plain;
    }
    let snapshot = network.snapshot();
    let pulls = penalties.iter().map(|(name, p)| {
        let pull = f64::from(*learning_rate) * f64::from(p.strength) * most(&snapshot, p.importance);
        (*name, pull)
    });
    let strongest = pulls.max_by(|a, b| a.1.total_cmp(&b.1));
    let limit = 2.0 * (1.0 + f64::from(*momentum));
    match strongest.filter(|(_, pull)| *pull > limit) {
        None => plain,
        Some((name, pull)) => LearnError::Unstable {
            step,
            penalty: name.to_string(),
            pull: rounded(pull),
            limit: rounded(limit),
        },
    }
}

/// Rounds to three digits, for messages.
fn rounded(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// The largest importance of a weight in a penalty: 1 without importances.
fn most(snapshot: &Snapshot, importance: Option<Slot>) -> f64 {
    importance.map_or(1.0, |slot| largest(snapshot, slot))
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

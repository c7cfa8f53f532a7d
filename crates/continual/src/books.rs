//! What the learner writes down: losses on the way, sizes after every change.

use dentate_core::record::metric;
use dentate_core::{Architecture, Backend, Ledger, StepStats};
use dentate_growth::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Updates between two records of the training loss.
const NOTE_EVERY: u64 = 100;

/// Sums since the last record, and since the strategy was last asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Books {
    noted: StepStats,
    asked: StepStats,
    /// Units replaced since the last record.
    pub(crate) replaced: u64,
    /// How often the strategy declined since the last record, by reason.
    held: BTreeMap<Reason, u64>,
}

impl Books {
    /// Take the backend's sums over into both accounts and the ledger.
    pub(crate) fn drain(&mut self, backend: &mut dyn Backend, ledger: &mut Ledger) -> StepStats {
        let stats = backend.drain();
        for account in [&mut self.noted, &mut self.asked] {
            account.updates += stats.updates;
            account.rows += stats.rows;
            account.loss += stats.loss;
        }
        ledger.updates += stats.updates;
        ledger.rows += stats.rows;
        ledger.multiply_adds += stats.multiply_adds;
        stats
    }

    /// Whether enough updates have gone by to record the loss.
    pub(crate) fn due(updates: u64) -> bool {
        updates.is_multiple_of(NOTE_EVERY)
    }

    /// Record the mean loss since the last record, and how many units were replaced.
    pub(crate) fn note_loss(&mut self, ledger: &mut Ledger) {
        if let Some(loss) = self.noted.mean_loss() {
            ledger.note(metric::LOSS, None, loss);
        }
        self.noted = StepStats::default();
        if self.replaced > 0 {
            ledger.note(metric::REPLACED, None, self.replaced as f64);
            self.replaced = 0;
        }
    }

    /// The strategy declines.
    pub(crate) fn hold(&mut self, reason: Reason) {
        *self.held.entry(reason).or_default() += 1;
    }

    /// Record how often the strategy declined, by reason.
    pub(crate) fn note_held(&mut self, ledger: &mut Ledger) {
        for (reason, times) in std::mem::take(&mut self.held) {
            ledger.note(metric::HELD, Some(reason.name()), times as f64);
        }
    }

    /// The mean loss since the strategy was last asked.
    pub(crate) fn answer(&mut self) -> Option<f64> {
        let loss = self.asked.mean_loss();
        self.asked = StepStats::default();
        loss
    }
}

/// Record how large the network is.
pub(crate) fn note_size(architecture: &Architecture, ledger: &mut Ledger) {
    let graph = architecture.graph();
    ledger.note(metric::PARAMETERS, None, graph.parameter_count() as f64);
    ledger.note(metric::MULTIPLY_ADDS, None, graph.multiply_adds() as f64);
    for layer in graph.hidden() {
        ledger.note(metric::UNITS, Some(&layer.name), layer.width() as f64);
    }
}

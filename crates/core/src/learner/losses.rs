//! The books of a learner that trains on a backend: what its updates cost, and the loss on the way.

use super::Ledger;
use crate::backend::StepStats;
use crate::record::metric;
use serde::{Deserialize, Serialize};

/// Updates between two records of the training loss.
const NOTE_EVERY: u64 = 100;

/// The losses since the last record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    since: StepStats,
}

impl Losses {
    /// Take a backend's sums ([`Backend::drain`](crate::Backend::drain)) over into the ledger, and keep its losses for the next
    /// record.
    pub fn book(&mut self, stats: &StepStats, ledger: &mut Ledger) {
        self.since.add(stats);
        ledger.updates += stats.updates;
        ledger.rows += stats.rows;
        ledger.multiply_adds += stats.multiply_adds;
    }

    /// Whether a learner that has made so many updates records its loss now.
    #[must_use]
    pub fn due(updates: u64) -> bool {
        updates.is_multiple_of(NOTE_EVERY)
    }

    /// Record the mean loss since the last record.
    pub fn note(&mut self, ledger: &mut Ledger) {
        if let Some(loss) = self.since.mean_loss() {
            ledger.note(metric::LOSS, None, loss);
        }
        self.since = StepStats::default();
    }
}

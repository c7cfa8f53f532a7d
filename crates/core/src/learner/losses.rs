//! Logging of the training loss and the cost of updates for learners that train on a backend.

use super::MetricLog;
use crate::backend::StepStats;
use crate::record::metric;
use serde::{Deserialize, Serialize};

/// Updates between two records of the training loss.
const NOTE_EVERY: u64 = 100;

/// The accumulated losses since the last record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    since: StepStats,
}

impl Losses {
    /// Adds a backend's statistics ([`Backend::drain`](crate::Backend::drain)) to the log, and keeps the losses for the next
    /// record.
    pub fn book(&mut self, stats: &StepStats, log: &mut MetricLog) {
        self.since.add(stats);
        log.updates += stats.updates;
        log.rows += stats.rows;
        log.multiply_adds += stats.multiply_adds;
    }

    /// Returns whether the loss is recorded after this many updates.
    #[must_use]
    pub fn due(updates: u64) -> bool {
        updates.is_multiple_of(NOTE_EVERY)
    }

    /// Records the mean loss since the last record.
    pub fn record(&mut self, log: &mut MetricLog) {
        if let Some(loss) = self.since.mean_loss() {
            log.record(metric::LOSS, None, loss);
        }
        self.since = StepStats::default();
    }
}

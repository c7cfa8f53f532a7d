//! The checkpoint schedule: at the end of an experience and every so many updates, while writing them takes at most their
//! share of the run's time.

use crate::suite::Checkpoints;

#[derive(Clone, Debug)]
pub(super) struct CheckpointSchedule {
    settings: Checkpoints,
    /// Updates at the last checkpoint.
    updates: u64,
    /// Seconds that the last checkpoint took.
    cost: f64,
}

impl CheckpointSchedule {
    /// The schedule of a run that has made `updates` updates.
    pub(super) fn new(settings: &Checkpoints, updates: u64) -> Self {
        Self {
            settings: settings.clone(),
            updates,
            cost: 0.0,
        }
    }

    /// Returns whether a checkpoint is due after `updates` updates and `seconds` of run time, of which `spent` went into
    /// checkpoints.
    pub(super) fn due(&self, boundary: bool, updates: u64, seconds: f64, spent: f64) -> bool {
        let far = updates.saturating_sub(self.updates);
        let moment = if boundary {
            far > 0
        } else {
            far >= self.settings.updates
        };
        // The next one is expected to cost as much as the last.
        moment && spent + self.cost <= self.settings.share * seconds
    }

    /// Record that a checkpoint was written in `seconds`.
    pub(super) fn written(&mut self, updates: u64, seconds: f64) {
        self.updates = updates;
        self.cost = seconds;
    }
}

#[cfg(test)]
mod tests;

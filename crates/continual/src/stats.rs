//! The learner's records during training: losses, replacements, and how often its strategy held.

use crate::budget::Spent;
use dentate_core::record::metric;
use dentate_core::{GrowingNetwork, Losses, MetricLog, StepStats, Tallies};
use dentate_growth::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sums since the last record, and since the last call of the strategy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainStats {
    losses: Losses,
    asked: StepStats,
    /// Of the whole run.
    pub(crate) spent: Spent,
    /// Units replaced since the last record, by the name of their layer.
    replaced: BTreeMap<String, u64>,
    /// Number of times that the strategy held since the last record, by reason.
    held: BTreeMap<Reason, u64>,
    /// Rows of this experience that were classified correctly before training on them.
    hits: Tallies,
}

impl TrainStats {
    /// Moves the network's sums into both accumulators and the metric log.
    pub(crate) fn drain(&mut self, network: &mut GrowingNetwork, log: &mut MetricLog) -> StepStats {
        let stats = network.drain();
        self.losses.book(&stats, log);
        self.spent.updates += stats.updates;
        self.spent.multiply_adds += stats.multiply_adds;
        self.hits.add(&stats.hits);
        self.asked.add(&stats);
        stats
    }

    /// Logs the mean loss since the last record, and the number of units replaced.
    pub(crate) fn record_loss(&mut self, log: &mut MetricLog) {
        self.losses.record(log);
        let replaced = std::mem::take(&mut self.replaced);
        if !replaced.is_empty() {
            log.record(metric::REPLACED, None, replaced.values().sum::<u64>() as f64);
        }
        for (layer, count) in replaced {
            log.record(metric::UNITS_REPLACED, Some(&layer), count as f64);
        }
    }

    /// Counts the replacement of a unit of this layer.
    pub(crate) fn replace(&mut self, layer: &str) {
        match self.replaced.get_mut(layer) {
            Some(count) => *count += 1,
            None => {
                self.replaced.insert(layer.into(), 1);
            }
        }
    }

    /// Logs prequential accuracy by task, at the end of training on an experience.
    pub(crate) fn record_hits(&mut self, log: &mut MetricLog) {
        for of in self.hits.iter() {
            let found = [
                (metric::PREQUENTIAL, of.current),
                (metric::REPLAYED_ACCURACY, of.replayed),
            ];
            for (metric, hits) in found {
                if let Some(value) = hits.accuracy() {
                    log.record_task(metric, of.task, value);
                }
            }
        }
        self.hits.clear();
    }

    /// Counts that the strategy held.
    pub(crate) fn hold(&mut self, reason: Reason) {
        *self.held.entry(reason).or_default() += 1;
    }

    /// Logs how often the strategy held, by reason.
    pub(crate) fn record_held(&mut self, log: &mut MetricLog) {
        for (reason, times) in std::mem::take(&mut self.held) {
            log.record(metric::HELD, Some(reason.name()), times as f64);
        }
    }

    /// Returns and resets the mean loss since the last call of the strategy.
    pub(crate) fn answer(&mut self) -> Option<f64> {
        let loss = self.asked.mean_loss();
        self.asked = StepStats::default();
        loss
    }
}

//! The records that the learner makes on the way: losses, replacements, and how often its strategy declined.

use dentate_core::record::metric;
use dentate_core::{GrowingNetwork, Ledger, Losses, StepStats, Tallies};
use dentate_growth::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sums since the last record, and since the strategy was last asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Books {
    losses: Losses,
    asked: StepStats,
    /// Units replaced since the last record.
    pub(crate) replaced: u64,
    /// How often the strategy declined since the last record, by reason.
    held: BTreeMap<Reason, u64>,
    /// Rows of this experience that were classified rightly before anything was learned from them.
    hits: Tallies,
}

impl Books {
    /// Take the network's sums over into both accounts and the ledger.
    pub(crate) fn drain(&mut self, network: &mut GrowingNetwork, ledger: &mut Ledger) -> StepStats {
        let stats = network.drain();
        self.losses.book(&stats, ledger);
        self.hits.add(&stats.hits);
        self.asked.add(&stats);
        stats
    }

    /// Record the mean loss since the last record, and how many units were replaced.
    pub(crate) fn note_loss(&mut self, ledger: &mut Ledger) {
        self.losses.note(ledger);
        if self.replaced > 0 {
            ledger.note(metric::REPLACED, None, self.replaced as f64);
            self.replaced = 0;
        }
    }

    /// Record prequential accuracy, task by task: training on an experience is over.
    pub(crate) fn note_hits(&mut self, ledger: &mut Ledger) {
        for of in self.hits.iter() {
            let found = [
                (metric::PREQUENTIAL, of.current),
                (metric::REPLAYED_ACCURACY, of.replayed),
            ];
            for (metric, hits) in found {
                if let Some(value) = hits.accuracy() {
                    ledger.note_task(metric, of.task, value);
                }
            }
        }
        self.hits.clear();
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

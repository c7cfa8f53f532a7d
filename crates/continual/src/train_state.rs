//! The network in training, with everything that follows its growth and counts its updates: mechanisms, the survival of its
//! units, its statistics.

use crate::mechanism::{At, Mechanisms};
use crate::newborn_gradients::NewbornGradients;
use crate::reset_changes::ResetChanges;
use crate::stability;
use crate::stats::TrainStats;
use crate::survival_tracker::SurvivalTracker;
use dentate_core::{
    Cause, Graph, GrowingNetwork, GrowthLog, LearnError, Meter, MetricLog, Network, Optimizer, Plan, Receipt,
    Replacement,
};

/// The author of a plan, and its meters.
#[derive(Clone, Copy)]
pub(crate) struct Grower<'a> {
    pub(crate) name: &'a str,
    pub(crate) meters: &'a dyn Fn(&Graph) -> Vec<Meter>,
}

/// The network in training, with its mechanisms and statistics.
pub(crate) struct TrainState {
    pub(crate) network: GrowingNetwork,
    pub(crate) mechanisms: Mechanisms,
    pub(crate) survival: SurvivalTracker,
    pub(crate) newborns: NewbornGradients,
    pub(crate) resets: ResetChanges,
    pub(crate) stats: TrainStats,
}

impl TrainState {
    /// Starts from a previously trained network.
    pub(crate) fn start(
        &mut self,
        network: &Network,
        meters: &dyn Fn(&Graph) -> Vec<Meter>,
        log: &mut MetricLog,
    ) -> Result<(), LearnError> {
        self.network.start(network)?;
        self.watch(meters)?;
        log.edits += 1;
        log.record_size(self.network.architecture());
        Ok(())
    }

    /// Sets up the meters of the strategy and of the survival tracker for the current network.
    fn watch(&mut self, meters: &dyn Fn(&Graph) -> Vec<Meter>) -> Result<(), LearnError> {
        let meters = self
            .survival
            .meters(self.network.graph(), meters(self.network.graph()));
        if !meters.is_empty() {
            self.network.watch(&meters)?;
        }
        Ok(())
    }

    /// Applies a plan.
    pub(crate) fn apply(
        &mut self,
        plan: &Plan,
        by: Grower<'_>,
        at: At<'_>,
        log: &mut MetricLog,
    ) -> Result<(), LearnError> {
        let before = self.resets.before(plan, &mut self.network)?;
        let own = matches!(plan.cause, Cause::Own(_));
        let growth = own.then(|| GrowthLog::before(self.network.graph()));
        let receipt = self.network.apply(plan).map_err(|e| e.of(by.name))?;
        self.resets.after(before, by.name, &mut self.network)?;
        self.watch(by.meters)?;
        log.edits += 1;
        if let Some(growth) = growth {
            self.survival.follow(self.network.graph(), &receipt, log);
            growth.record(plan, &receipt, self.network.graph(), log);
        }
        if plan.cause != Cause::Ageing {
            log.record_size(self.network.architecture());
        }
        self.grown(at, &receipt)
    }

    /// Replaces units in place.
    pub(crate) fn replace(
        &mut self,
        request: &Replacement,
        by: &str,
        at: At<'_>,
        log: &mut MetricLog,
    ) -> Result<(), LearnError> {
        let before = self.resets.before_replacing(&mut self.network)?;
        let receipt = self.network.replace(request).map_err(|e| e.of(by))?;
        self.resets.after(before, by, &mut self.network)?;
        for birth in &receipt.born {
            if let Some(layer) = self.network.graph().layer(birth.layer) {
                self.stats.replace(&layer.name);
            }
        }
        self.survival.follow(self.network.graph(), &receipt, log);
        log.edits += 1;
        self.grown(at, &receipt)
    }

    fn grown(&mut self, at: At<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        self.mechanisms.grown(&mut self.network, at, receipt)
    }

    /// Logs an update that has been counted, and ends the run if the loss is not finite.
    pub(crate) fn book(&mut self, optimizer: &Optimizer, log: &mut MetricLog) -> Result<(), LearnError> {
        let stats = self.stats.drain(&mut self.network, log);
        if stats.diverged {
            Err(self.diverged(optimizer))
        } else {
            self.survival.look(&mut self.network, log)
        }
    }

    /// The error for a loss that is not finite, with the penalty that explains it, if any.
    pub(crate) fn diverged(&mut self, optimizer: &Optimizer) -> LearnError {
        let penalties = self.mechanisms.held();
        stability::explain(&mut self.network, penalties, optimizer)
    }
}

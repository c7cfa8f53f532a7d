//! The network in training, with all that follows its growth and counts its updates: mechanisms, the lives of its units, the books.

use crate::books::Books;
use crate::lives::Lives;
use crate::mechanism::{At, Mechanisms};
use crate::stability;
use dentate_core::record::metric;
use dentate_core::{
    Cause, Graph, GrowingNetwork, LearnError, Ledger, Meter, Network, Optimizer, Plan, Receipt, Replacement,
};

/// Whose plan is carried out, and what it meters.
#[derive(Clone, Copy)]
pub(crate) struct Grower<'a> {
    pub(crate) name: &'a str,
    pub(crate) meters: &'a dyn Fn(&Graph) -> Vec<Meter>,
}

/// The network in training.
pub(crate) struct Trainee {
    pub(crate) network: GrowingNetwork,
    pub(crate) mechanisms: Mechanisms,
    pub(crate) lives: Lives,
    pub(crate) books: Books,
}

impl Trainee {
    /// Start from a network that was trained before.
    pub(crate) fn start(
        &mut self,
        network: &Network,
        meters: &dyn Fn(&Graph) -> Vec<Meter>,
        ledger: &mut Ledger,
    ) -> Result<(), LearnError> {
        self.network.start(network)?;
        self.watch(meters)?;
        ledger.edits += 1;
        ledger.note_size(self.network.architecture());
        Ok(())
    }

    /// Meter what a strategy and the lives of units want of the network as it is now.
    fn watch(&mut self, meters: &dyn Fn(&Graph) -> Vec<Meter>) -> Result<(), LearnError> {
        let meters = self
            .lives
            .meters(self.network.graph(), meters(self.network.graph()));
        if !meters.is_empty() {
            self.network.watch(&meters)?;
        }
        Ok(())
    }

    /// Carry out a plan.
    pub(crate) fn apply(
        &mut self,
        plan: &Plan,
        by: Grower<'_>,
        at: At<'_>,
        ledger: &mut Ledger,
    ) -> Result<(), LearnError> {
        let receipt = self.network.apply(plan).map_err(|e| e.of(by.name))?;
        self.watch(by.meters)?;
        ledger.edits += 1;
        match &plan.cause {
            Cause::Ageing => {} // neither growth nor another size
            Cause::Own(word) => {
                self.lives.follow(self.network.graph(), &receipt, ledger);
                ledger.note(metric::GROWTH, Some(word), receipt.born.len() as f64);
                ledger.note_size(self.network.architecture());
            }
            Cause::Initial | Cause::Head | Cause::Phase => ledger.note_size(self.network.architecture()),
        }
        self.grown(at, &receipt)
    }

    /// Replace units in place.
    pub(crate) fn replace(
        &mut self,
        request: &Replacement,
        by: &str,
        at: At<'_>,
        ledger: &mut Ledger,
    ) -> Result<(), LearnError> {
        let receipt = self.network.replace(request).map_err(|e| e.of(by))?;
        self.books.replaced += receipt.born.len() as u64;
        self.lives.follow(self.network.graph(), &receipt, ledger);
        ledger.edits += 1;
        self.grown(at, &receipt)
    }

    fn grown(&mut self, at: At<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        self.mechanisms.grown(&mut self.network, at, receipt)
    }

    /// Book an update that has been counted, and refuse to go on with a network whose loss is no number any more.
    pub(crate) fn book(&mut self, optimizer: &Optimizer, ledger: &mut Ledger) -> Result<(), LearnError> {
        let stats = self.books.drain(&mut self.network, ledger);
        if stats.diverged {
            Err(self.diverged(optimizer))
        } else {
            self.lives.look(&mut self.network, ledger)
        }
    }

    /// The loss is no number any more: say so, with the pull of the penalties if that explains it.
    pub(crate) fn diverged(&mut self, optimizer: &Optimizer) -> LearnError {
        let penalties = self.mechanisms.held();
        stability::explain(&mut self.network, penalties, optimizer)
    }
}

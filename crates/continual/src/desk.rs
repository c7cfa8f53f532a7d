//! The desk that a call works at: the network in training, the experience with its rows, and the books of the run.

use crate::config::Gradient;
use crate::course::{Stage, Within};
use crate::heads;
use crate::mechanism::{At, Pass, Sight};
use crate::trainee::{Grower, Trainee};
use dentate_core::{ExperienceInfo, LearnError, Ledger, Plan, Replacement, Route, Seed, Slot, Source};

/// Everything that a call of the learner works with.
pub(crate) struct Desk<'a> {
    pub(crate) config: &'a Gradient,
    pub(crate) seed: Seed,
    pub(crate) trainee: &'a mut Trainee,
    pub(crate) experience: &'a ExperienceInfo,
    pub(crate) stage: &'a mut Stage,
    pub(crate) within: &'a mut Within,
    pub(crate) source: &'a mut dyn Source,
    pub(crate) ledger: &'a mut Ledger,
}

impl Desk<'_> {
    /// The place of this call for mechanisms, the network in training, and the ledger.
    pub(crate) fn parts(&mut self) -> (At<'_>, &mut Trainee, &mut Ledger) {
        let at = At {
            experience: self.experience,
            pass: self.within.pass,
            source: Some(&*self.source),
            optimizer: &self.config.optimizer,
            init: self.config.init,
        };
        (at, &mut *self.trainee, &mut *self.ledger)
    }

    /// Carry out a plan.
    pub(crate) fn apply(&mut self, plan: &Plan, by: Grower<'_>) -> Result<(), LearnError> {
        let (at, trainee, ledger) = self.parts();
        trainee.apply(plan, by, at, ledger)
    }

    /// Replace units in place.
    pub(crate) fn replace(&mut self, request: &Replacement, by: &str) -> Result<(), LearnError> {
        let (at, trainee, ledger) = self.parts();
        trainee.replace(request, by, at, ledger)
    }

    /// The plan for heads that the experience needs and the network has not.
    pub(crate) fn missing_heads(&self) -> Option<Plan> {
        let seed = self.seed.derive(&format!("head/{}", self.experience.index));
        let (output, init) = (self.config.output, self.config.init);
        heads::missing(self.trainee.network.graph(), self.experience, output, init, seed)
    }

    /// See a route of the learner's as its mechanisms see it. Returns what keeps updates back.
    pub(crate) fn seen(&mut self, pass: Pass, route: &mut Route) -> Result<Option<Slot>, LearnError> {
        let task = match &self.experience.tasks[..] {
            [one] => Some(one.id),
            _ => None,
        };
        let (at, trainee, _) = self.parts();
        let Trainee {
            network, mechanisms, ..
        } = trainee;
        Ok(mechanisms.view(network, at, Sight { pass, task })?.over(route))
    }

    /// Book a measurement.
    pub(crate) fn measured(&mut self) {
        let Trainee { network, books, .. } = &mut *self.trainee;
        books.drain(network, self.ledger);
        self.ledger.measurements += 1;
    }

    /// Count an update and book it.
    pub(crate) fn count_update(&mut self) -> Result<(), LearnError> {
        self.trainee.network.tick();
        self.trainee.book(&self.config.optimizer, self.ledger)
    }
}

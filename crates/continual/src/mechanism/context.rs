//! A mechanism's sight of the run: the network, the experience, and its own slots and seeds.

use super::seeds;
use crate::batch::assemble;
use crate::selecting;
use dentate_core::{
    ExperienceInfo, GrowingNetwork, Init, LearnError, Objective, Optimizer, Rows, Seed, Slot, Source,
};

/// The place of a call in the run.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) experience: &'a ExperienceInfo,
    /// Pass over the experience's rows.
    pub(crate) pass: u64,
    /// The experience's rows; none where something is predicted.
    pub(crate) source: Option<&'a dyn Source>,
    pub(crate) optimizer: &'a Optimizer,
    pub(crate) init: Init,
}

/// What belongs to one mechanism of a list, under names of its own.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(super) name: &'static str,
    pub(super) slots: Vec<(&'static str, Slot)>,
    /// The learner's seed.
    pub(super) learner: Seed,
    /// How many of this name come before in the list.
    pub(super) earlier: usize,
}

/// A mechanism's sight of the run.
pub struct Context<'a> {
    /// The network, with its clock: updates, measurements, slots.
    pub network: &'a mut GrowingNetwork,
    pub(super) at: At<'a>,
    pub(super) seat: &'a Seat,
}

impl<'a> Context<'a> {
    /// The experience that is running.
    #[must_use]
    pub fn experience(&self) -> &'a ExperienceInfo {
        self.at.experience
    }

    /// The pass over the experience's rows, from 0.
    #[must_use]
    pub fn pass(&self) -> u64 {
        self.at.pass
    }

    /// The rule of the learner's own updates.
    #[must_use]
    pub fn optimizer(&self) -> &'a Optimizer {
        self.at.optimizer
    }

    /// How the learner's new weights start.
    #[must_use]
    pub fn init(&self) -> Init {
        self.at.init
    }

    /// The slot that [`Needs`](super::Needs) calls so. No other mechanism has the same, not even another of this kind.
    ///
    /// # Errors
    /// [`LearnError::Mechanism`] for one that is not declared.
    pub fn slot(&self, name: &str) -> Result<Slot, LearnError> {
        let found = self.seat.slots.iter().find(|(own, _)| *own == name);
        found.map(|(_, slot)| *slot).ok_or_else(|| {
            let own: Vec<&str> = self.seat.slots.iter().map(|(own, _)| *own).collect();
            let message = if own.is_empty() {
                format!("it asks for the slot `{name}`, and declares none in `needs`")
            } else {
                format!("it asks for the slot `{name}`, and declares {own:?} in `needs`")
            };
            self.failed(message)
        })
    }

    /// A seed by name, the same in every repetition of the run and no other mechanism's.
    #[must_use]
    pub fn seed(&self, name: &str) -> Seed {
        seeds::seed(self.seat.learner, self.seat.name, self.seat.earlier, name)
    }

    /// At most `most` rows of the experience, drawn without replacement.
    ///
    /// # Errors
    /// [`LearnError::Source`] where rows go by only once.
    pub fn sample(&self, most: usize, seed: Seed) -> Result<Rows, LearnError> {
        match self.at.source {
            Some(source) => selecting::sample(source, most, seed),
            None => Err(self.failed("it asks for rows of the experience while it predicts".into())),
        }
    }

    /// All rows of the experience.
    ///
    /// # Errors
    /// [`LearnError::Source`] where rows go by only once.
    pub fn rows(&self) -> Result<Rows, LearnError> {
        match self.at.source {
            Some(source) => selecting::all(source),
            None => Err(self.failed("it asks for rows of the experience while it predicts".into())),
        }
    }

    /// Rows in the order of their heads, and what the learner trains for on them: the mean loss over all.
    ///
    /// # Errors
    /// [`LearnError`] for a row that no head answers for.
    pub fn objective(&self, rows: &Rows) -> Result<(Rows, Objective), LearnError> {
        assemble(self.network.graph(), self.network.data(), rows)
    }

    /// The end of a run for a reason of the mechanism's.
    #[must_use]
    pub fn failed(&self, message: String) -> LearnError {
        LearnError::Mechanism {
            mechanism: self.seat.name.to_string(),
            message,
        }
    }
}

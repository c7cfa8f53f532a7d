//! A mechanism's access to the run: the network, the experience, and its own slots and seeds.

use super::seeds;
use crate::batch::assemble;
use crate::selecting;
use dentate_core::{
    ExperienceInfo, GrowingNetwork, Init, LearnError, Notes, Objective, Optimizer, Rows, Seed, Slot, Source,
};

/// The position of a call in the run.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) experience: &'a ExperienceInfo,
    /// Pass over the experience's rows.
    pub(crate) pass: u64,
    /// The experience's rows; `None` during prediction.
    pub(crate) source: Option<&'a dyn Source>,
    pub(crate) optimizer: &'a Optimizer,
    pub(crate) init: Init,
    /// Takes recorded values; `None` during prediction.
    pub(crate) notes: Option<&'a Notes>,
}

/// The resources of one mechanism of a list: its slots by name, and its seeds.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(super) name: &'static str,
    pub(super) slots: Vec<(&'static str, Slot)>,
    /// The learner's seed.
    pub(super) learner: Seed,
    /// Number of mechanisms of the same name earlier in the list.
    pub(super) earlier: usize,
}

/// A mechanism's access to the run.
pub struct Context<'a> {
    /// The network, with its clock: updates, measurements, slots.
    pub network: &'a mut GrowingNetwork,
    pub(super) at: At<'a>,
    pub(super) seat: &'a Seat,
}

impl<'a> Context<'a> {
    /// The current experience.
    #[must_use]
    pub fn experience(&self) -> &'a ExperienceInfo {
        self.at.experience
    }

    /// The pass over the experience's rows, from 0.
    #[must_use]
    pub fn pass(&self) -> u64 {
        self.at.pass
    }

    /// The optimizer of the learner's own updates, without its schedule.
    #[must_use]
    pub fn optimizer(&self) -> &'a Optimizer {
        self.at.optimizer
    }

    /// Initialisation of the learner's new weights.
    #[must_use]
    pub fn init(&self) -> Init {
        self.at.init
    }

    /// The slot declared under this name in [`Needs`](super::Needs). Slots are not shared, not even between mechanisms of
    /// the same kind.
    ///
    /// # Errors
    /// [`LearnError::Mechanism`] for an undeclared slot.
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

    /// A seed by name, the same in every repetition of the run and different from those of other mechanisms.
    #[must_use]
    pub fn seed(&self, name: &str) -> Seed {
        seeds::seed(self.seat.learner, self.seat.name, self.seat.earlier, name)
    }

    /// A random sample of at most `most` rows of the experience, without replacement.
    ///
    /// # Errors
    /// [`LearnError::Source`] on a single-pass stream.
    pub fn sample(&self, most: usize, seed: Seed) -> Result<Rows, LearnError> {
        match self.at.source {
            Some(source) => selecting::sample(source, most, seed),
            None => Err(self.failed("it asks for rows of the experience while it predicts".into())),
        }
    }

    /// All rows of the experience.
    ///
    /// # Errors
    /// [`LearnError::Source`] on a single-pass stream.
    pub fn rows(&self) -> Result<Rows, LearnError> {
        match self.at.source {
            Some(source) => selecting::all(source),
            None => Err(self.failed("it asks for rows of the experience while it predicts".into())),
        }
    }

    /// Returns rows in the order of their heads, and the learner's objective on them: the mean loss over all.
    ///
    /// # Errors
    /// [`LearnError`] for a row without a head.
    pub fn objective(&self, rows: &Rows) -> Result<(Rows, Objective), LearnError> {
        assemble(self.network.graph(), self.network.data(), rows)
    }

    /// Records a value of a metric that `register!(metric, …)` declares, when the learner's step is over. The report sums the values of a
    /// run up as the declaration says. During prediction nothing is recorded.
    pub fn record(&self, metric: &'static str, value: f64) {
        if let Some(notes) = self.at.notes {
            notes.record(metric, value);
        }
    }

    /// Records a value of the layer or whatever else `item` names.
    pub fn record_item(&self, metric: &'static str, item: &str, value: f64) {
        if let Some(notes) = self.at.notes {
            notes.record_item(metric, item, value);
        }
    }

    /// An error that ends the run, in the name of the mechanism.
    #[must_use]
    pub fn failed(&self, message: String) -> LearnError {
        LearnError::Mechanism {
            mechanism: self.seat.name.to_string(),
            message,
        }
    }
}

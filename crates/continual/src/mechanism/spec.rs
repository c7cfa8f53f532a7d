//! The contract of a mechanism: its author's trait.

use super::batch::Batch;
use super::context::Context;
use super::lens::{Lens, Sight};
use super::needs::Needs;
use dentate_core::registry::Kind;
use dentate_core::{
    Config, ConfigError, LayerId, LearnError, Objective, Plan, Receipt, Route, Rows, Slot, State,
    StreamFacts, Unsuited,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// An update that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    /// Its rows.
    pub rows: &'a Rows,
    /// Their way through the graph.
    pub route: &'a Route,
    /// What is learned, before it with penalties left out. Terms by labels say which of their rows are the stream's
    /// ([`Tally`](dentate_core::Tally)).
    pub objective: &'a Objective,
    /// Outputs `[rows, units]` of the layers that are judged, in the update's own pass and by the weights before it. There once it
    /// has been made, and where [`Needs::outputs`] says so; nobody else's look takes them away.
    pub outputs: &'a BTreeMap<LayerId, Array2<f32>>,
}

/// How far a mechanism is with work at a boundary, or on a turn of its own.
#[derive(Clone, Debug)]
pub enum Work {
    /// It is done.
    Done,
    /// One batch, update or look of it is done; it is called again.
    Again,
    /// This plan is to be carried out; it is called again afterwards.
    Apply(Plan),
}

/// What comes after an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The next one.
    #[default]
    On,
    /// A turn of the mechanism's own ([`Mechanism::turn`]).
    Turn,
}

/// A mechanism: a configuration that can be written in TOML, and what it adds to training. Every call but `needs` has a default
/// that does nothing.
///
/// A network is written by slots: `cx.network.map` and its like. What is frozen keeps every bit whatever is written. One call is
/// short: longer work at a boundary is cut by [`Work::Again`], so that a run can stop, be saved and go on between any two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mechanism",
    label = "it does not implement `Mechanism`",
    note = "implement `dentate_continual::Mechanism` for `{Self}`; `cargo xtask new mechanism NAME` makes one that works"
)]
pub trait Mechanism: Config {
    /// What it remembers beside its slots.
    type State: State;

    /// Check what ranges of single settings cannot say. Ranges are checked before, from the schema.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Whether it goes with a stream, as far as that can be known before a run.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and what would do.
    fn suits(&self, _stream: &StreamFacts) -> Result<(), Unsuited> {
        Ok(())
    }

    /// The slots and calls that it needs.
    fn needs(&self) -> Needs;

    /// The registered things that it is made of, such as a buffer: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }

    /// An experience begins: the network has what heads it needs, and nothing of it has been learned.
    ///
    /// # Errors
    /// [`LearnError`].
    fn begin(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }

    /// How a pass sees the network. Called where [`Needs::views`] says so, before every pass of the learner's. It may write slots that
    /// it works out anew each time, such as a mask for a task.
    ///
    /// # Errors
    /// [`LearnError`].
    fn view(&self, _state: &Self::State, _cx: &mut Context<'_>, _sight: Sight) -> Result<Lens, LearnError> {
        Ok(Lens::default())
    }

    /// Rows of the stream are to be learned: add rows, terms and penalties to them.
    ///
    /// # Errors
    /// [`LearnError`].
    fn compose(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        Ok(())
    }

    /// An update is about to be made. A gradient that is taken here is a look
    /// ([`Purpose::Look`](dentate_core::Purpose::Look)): the update makes a pass of its own.
    ///
    /// # Errors
    /// [`LearnError`].
    fn before(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _update: &Update<'_>,
    ) -> Result<(), LearnError> {
        Ok(())
    }

    /// The update's gradient, penalties included, is in `gradient` and may be changed there. Called where [`Needs::gradient`] says so.
    ///
    /// # Errors
    /// [`LearnError`].
    fn gradient(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _gradient: Slot,
    ) -> Result<(), LearnError> {
        Ok(())
    }

    /// The update has been made.
    ///
    /// # Errors
    /// [`LearnError`].
    fn updated(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        Ok(Then::On)
    }

    /// A turn between two updates, for which [`Mechanism::updated`] has asked.
    ///
    /// # Errors
    /// [`LearnError`].
    fn turn(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }

    /// The network has changed. Slots have followed; what else is remembered of layers and units has to.
    ///
    /// # Errors
    /// [`LearnError`].
    fn grown(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _receipt: &Receipt,
    ) -> Result<(), LearnError> {
        Ok(())
    }

    /// Training on an experience is over. It may look back at its rows, train, and plan.
    ///
    /// # Errors
    /// [`LearnError`].
    fn end(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }
}

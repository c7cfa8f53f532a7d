//! The interface of a mechanism: the trait that authors implement.

use super::batch::Batch;
use super::context::Context;
use super::lens::{Lens, Sight};
use super::needs::Needs;
use crate::buffer::Memory;
use dentate_core::registry::Kind;
use dentate_core::{
    Config, ConfigError, Graph, LayerId, LearnError, Objective, Plan, Receipt, Route, Rows, Slot, State,
    StreamFacts, TaskId, Unsuited,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// An update about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    /// Its rows.
    pub rows: &'a Rows,
    /// The route through the graph.
    pub route: &'a Route,
    /// The objective, without penalties before the update. Terms with labels mark which of their rows are the stream's
    /// ([`Tally`](dentate_core::Tally)).
    pub objective: &'a Objective,
    /// Outputs `[rows, units]` of the layers in the objective, from the update's own pass, with the weights before it.
    /// Available after the update if [`Needs::outputs`] is set; passes of other mechanisms do not affect them.
    pub outputs: &'a BTreeMap<LayerId, Array2<f32>>,
}

/// Rows to classify.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The rows, whose data is available to the network.
    pub rows: &'a Rows,
    /// The route through the graph, with the views of all mechanisms.
    pub route: &'a Route,
    /// Their task, where it is given: in the task-incremental scenario.
    pub task: Option<TaskId>,
    /// The heads that answer, each with the classes of its units.
    pub heads: &'a [(LayerId, Vec<u32>)],
}

/// The progress of a mechanism's work at a boundary, or on a turn of its own.
#[derive(Clone, Debug)]
pub enum Work {
    /// It is done.
    Done,
    /// One batch, update or measurement is done; it is called again.
    Again,
    /// Applies this plan; it is called again afterwards.
    Apply(Plan),
}

/// The continuation after an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The next update.
    #[default]
    On,
    /// A turn of the mechanism ([`Mechanism::turn`]).
    Turn,
}

/// The data that a mechanism holds for learning beside its slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Rows of the stream: those of a buffer, which keeps their numbers.
    pub rows: usize,
    /// Numbers beside them, such as stored logits.
    pub payload: usize,
}

impl Holds {
    /// The rows of a buffer, with `beside` numbers for each.
    #[must_use]
    pub fn of<B>(memory: &Memory<B>, payload: impl Fn(&B) -> usize) -> Self {
        let kept = memory.stored();
        Self {
            rows: kept.len(),
            payload: kept.iter().map(|kept| payload(&kept.payload)).sum(),
        }
    }
}

/// A mechanism: a configuration that can be written in TOML, and hooks that extend training. Every hook but `needs` has a
/// default that does nothing.
///
/// The network is written through slots: `cx.network.map` and similar methods. Frozen parameters keep every bit whatever is
/// written. A call should be short: longer work at a boundary is split by [`Work::Again`], so that a run can stop, be saved
/// and be resumed between any two calls.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mechanism",
    label = "it does not implement `Mechanism`",
    note = "implement `dentate_continual::Mechanism` for `{Self}`; `cargo xtask new mechanism NAME` makes one that works"
)]
pub trait Mechanism: Config {
    /// State kept besides its slots.
    type State: State;

    /// Checks what the schema's ranges of single settings, which are checked before, cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Checks that the mechanism suits a stream, as far as that is known before a run.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and a remedy.
    fn suits(&self, _stream: &StreamFacts) -> Result<(), Unsuited> {
        Ok(())
    }

    /// Checks that the mechanism suits the network that a run begins with, which has the heads of the first experience, where it is known
    /// before a run.
    ///
    /// # Errors
    /// [`Unsuited`], naming the key and a remedy.
    fn suits_network(&self, _graph: &Graph) -> Result<(), Unsuited> {
        Ok(())
    }

    /// The slots and hooks that it needs.
    fn needs(&self) -> Needs;

    /// The registered components that it contains, such as a buffer: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }

    /// The data that it holds for learning beside its slots, which are counted without it.
    fn holds(&self, _state: &Self::State) -> Holds {
        Holds::default()
    }

    /// Called when an experience begins: the network has the heads it needs, and no update has been made.
    ///
    /// # Errors
    /// [`LearnError`].
    fn begin(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }

    /// The view of the network for a pass. Called before every pass of the learner if [`Needs::views`] declares one. It may
    /// write slots that it recomputes each time, such as a mask for a task.
    ///
    /// # Errors
    /// [`LearnError`].
    fn view(&self, _state: &Self::State, _cx: &mut Context<'_>, _sight: Sight) -> Result<Lens, LearnError> {
        Ok(Lens::default())
    }

    /// Called with the stream's rows before an update; adds rows, terms and penalties.
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

    /// Called before an update. A gradient computed here is a look ([`Purpose::ReadOnly`](dentate_core::Purpose::ReadOnly)): the
    /// update runs a pass of its own.
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

    /// Called with the update's gradient, penalties included, in the slot `gradient`, where it may be changed. Only if
    /// [`Needs::gradient`] is set.
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

    /// Called after an update.
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

    /// Called between two updates if [`Mechanism::updated`] has requested a turn.
    ///
    /// # Errors
    /// [`LearnError`].
    fn turn(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }

    /// Called after a change of the network. Slots have been adapted already; other state about layers and units must be
    /// adapted here.
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

    /// Called for predictions, with the scores `[rows, classes]` of the heads, which it may change; −∞ is the score of a
    /// class that is no answer. Only if [`Needs::answers`] is set. What it computes once for many calls it may keep in its state,
    /// unsaved (`#[serde(skip)]`), for as long as [`GrowingNetwork::version`](dentate_core::GrowingNetwork::version) is the same:
    /// an answer must not change what is learned later.
    ///
    /// # Errors
    /// [`LearnError`].
    fn scores(
        &self,
        _state: &mut Self::State,
        _cx: &mut Context<'_>,
        _query: &Query<'_>,
        _scores: &mut Array2<f32>,
    ) -> Result<(), LearnError> {
        Ok(())
    }

    /// Called when training on an experience is over. It may revisit rows, train, and return a plan.
    ///
    /// # Errors
    /// [`LearnError`].
    fn end(&self, _state: &mut Self::State, _cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(Work::Done)
    }
}

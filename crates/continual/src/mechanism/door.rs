//! Mechanisms as trait objects: a configuration read from TOML by its name, and that configuration running with its state.

use super::batch::Batch;
use super::context::Context;
use super::lens::{Lens, Sight};
use super::needs::Needs;
use super::spec::{Holds, Mechanism, Query, Then, Update, Work};
use dentate_core::registry::Kind;
use dentate_core::{ConfigError, Graph, LearnError, Receipt, Running, Slot, Stateful, StreamFacts, Unsuited};
use ndarray::Array2;
use std::fmt::Debug;

/// The interface of the configurations of all mechanisms; implemented for every [`Mechanism`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mechanism",
    label = "it does not implement `Mechanism`",
    note = "implement `dentate_continual::Mechanism` for `{Self}`; `cargo xtask new mechanism NAME` makes one that works"
)]
pub trait AnyMechanism {
    /// Checks the ranges of settings, and what ranges cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Checks that the mechanism suits a stream.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with(&self, stream: &StreamFacts) -> Result<(), Unsuited>;
    /// Checks that the mechanism suits the network that a run begins with.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with_network(&self, graph: &Graph) -> Result<(), Unsuited>;
    /// See [`Mechanism::parts`].
    fn made_of(&self) -> Vec<(Kind, String)>;
    /// Starts it with a fresh state.
    fn start(&self) -> Box<dyn MechanismRun>;
    /// A copy.
    fn boxed(&self) -> Box<dyn MechanismSpec>;
}

impl<M: Mechanism + MechanismSpec> AnyMechanism for M {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.check()
    }

    fn goes_with(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        self.suits(stream)
    }

    fn goes_with_network(&self, graph: &Graph) -> Result<(), Unsuited> {
        self.suits_network(graph)
    }

    fn made_of(&self) -> Vec<(Kind, String)> {
        self.parts()
    }

    fn start(&self) -> Box<dyn MechanismRun> {
        Box::new(Running::<M, M::State>::new(self.clone()))
    }

    fn boxed(&self) -> Box<dyn MechanismSpec> {
        Box::new(self.clone())
    }
}

/// The configuration of a mechanism as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait MechanismSpec: AnyMechanism + Debug + Send + Sync {}

dentate_core::__named!(MechanismSpec, Mechanism, "name");

/// A running mechanism: the hooks of [`Mechanism`] with its state.
pub trait MechanismRun: Stateful + Send {
    /// See [`Mechanism::needs`].
    fn needs(&self) -> Needs;
    /// See [`Mechanism::holds`].
    fn holds(&self) -> Holds;
    /// See [`Mechanism::begin`].
    ///
    /// # Errors
    /// As there.
    fn begin(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError>;
    /// See [`Mechanism::view`].
    ///
    /// # Errors
    /// As there.
    fn view(&mut self, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError>;
    /// See [`Mechanism::compose`].
    ///
    /// # Errors
    /// As there.
    fn compose(&mut self, cx: &mut Context<'_>, batch: &mut Batch<'_>) -> Result<(), LearnError>;
    /// See [`Mechanism::before`].
    ///
    /// # Errors
    /// As there.
    fn before(&mut self, cx: &mut Context<'_>, update: &Update<'_>) -> Result<(), LearnError>;
    /// See [`Mechanism::gradient`].
    ///
    /// # Errors
    /// As there.
    fn gradient(&mut self, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError>;
    /// See [`Mechanism::updated`].
    ///
    /// # Errors
    /// As there.
    fn updated(&mut self, cx: &mut Context<'_>, update: &Update<'_>) -> Result<Then, LearnError>;
    /// See [`Mechanism::turn`].
    ///
    /// # Errors
    /// As there.
    fn turn(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError>;
    /// See [`Mechanism::grown`].
    ///
    /// # Errors
    /// As there.
    fn grown(&mut self, cx: &mut Context<'_>, receipt: &Receipt) -> Result<(), LearnError>;
    /// See [`Mechanism::scores`].
    ///
    /// # Errors
    /// As there.
    fn scores(
        &mut self,
        cx: &mut Context<'_>,
        query: &Query<'_>,
        scores: &mut Array2<f32>,
    ) -> Result<(), LearnError>;
    /// See [`Mechanism::end`].
    ///
    /// # Errors
    /// As there.
    fn end(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError>;
}

impl<M: Mechanism> MechanismRun for Running<M, M::State> {
    fn needs(&self) -> Needs {
        self.config.needs()
    }

    fn holds(&self) -> Holds {
        self.config.holds(&self.state)
    }

    fn begin(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.config.begin(&mut self.state, cx)
    }

    fn view(&mut self, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        self.config.view(&self.state, cx, sight)
    }

    fn compose(&mut self, cx: &mut Context<'_>, batch: &mut Batch<'_>) -> Result<(), LearnError> {
        self.config.compose(&mut self.state, cx, batch)
    }

    fn before(&mut self, cx: &mut Context<'_>, update: &Update<'_>) -> Result<(), LearnError> {
        self.config.before(&mut self.state, cx, update)
    }

    fn gradient(&mut self, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        self.config.gradient(&mut self.state, cx, gradient)
    }

    fn updated(&mut self, cx: &mut Context<'_>, update: &Update<'_>) -> Result<Then, LearnError> {
        self.config.updated(&mut self.state, cx, update)
    }

    fn turn(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.config.turn(&mut self.state, cx)
    }

    fn grown(&mut self, cx: &mut Context<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        self.config.grown(&mut self.state, cx, receipt)
    }

    fn scores(
        &mut self,
        cx: &mut Context<'_>,
        query: &Query<'_>,
        scores: &mut Array2<f32>,
    ) -> Result<(), LearnError> {
        self.config.scores(&mut self.state, cx, query, scores)
    }

    fn end(&mut self, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.config.end(&mut self.state, cx)
    }
}

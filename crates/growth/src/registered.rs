//! Strategies as trait objects: a configuration read from TOML by its name ([`Growth`]), and that configuration running
//! with its state ([`GrowthRun`]).

use crate::change::Change;
use crate::law::Law;
use crate::prospect::Prospect;
use crate::strategy::{Action, GrowthStrategy, StrategyError, View};
use dentate_core::registry::Kind;
use dentate_core::{ConfigError, Graph, Meter, Running, Stateful, Unsuited};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// The interface of the configurations of all strategies; implemented for every [`GrowthStrategy`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no growth strategy",
    label = "it does not implement `GrowthStrategy`",
    note = "implement `dentate_growth::GrowthStrategy` for `{Self}`; `cargo xtask new strategy NAME` makes one that works"
)]
pub trait AnyGrowth {
    /// Checks the ranges of settings, and what ranges cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Checks that the strategy suits a run, as far as that is known beforehand.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }
    /// Returns whether it ever changes the architecture.
    fn grows(&self) -> bool;
    /// The kinds of change that it may make to the network.
    fn changes(&self) -> BTreeSet<Change>;
    /// The number of levels of a network that started with `start` hidden layers and has `end`.
    fn levels(&self, start: usize, end: usize) -> usize {
        start.max(end)
    }
    /// The laws that it claims beyond those that every strategy must keep.
    fn laws(&self) -> Vec<Law>;
    /// The registered parts it is composed of: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }
    /// Starts it with a fresh state.
    fn start(&self) -> Box<dyn GrowthRun>;
    /// A copy.
    fn boxed(&self) -> Box<dyn Growth>;
}

impl<S: GrowthStrategy + Growth> AnyGrowth for S {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.check()
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        GrowthStrategy::suits(self, run)
    }

    fn grows(&self) -> bool {
        GrowthStrategy::grows(self)
    }

    fn changes(&self) -> BTreeSet<Change> {
        GrowthStrategy::changes(self)
    }

    fn levels(&self, start: usize, end: usize) -> usize {
        GrowthStrategy::levels(self, start, end)
    }

    fn laws(&self) -> Vec<Law> {
        GrowthStrategy::laws(self)
    }

    fn start(&self) -> Box<dyn GrowthRun> {
        Box::new(Running::<S, S::State>::new(self.clone()))
    }

    fn boxed(&self) -> Box<dyn Growth> {
        Box::new(self.clone())
    }
}

/// The configuration of a strategy as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait Growth: AnyGrowth + Debug + Send + Sync {}

impl dyn Growth + '_ {
    /// Its registered name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.typetag_name()
    }
}

dentate_core::__named!(Growth, Strategy, "name");

/// A running strategy.
pub trait GrowthRun: Stateful + Send {
    /// The number of updates between two calls; `None` for calls at boundaries only.
    fn cadence(&self) -> Option<u64>;
    /// The meters to run during training, for the network as it is.
    fn meters(&self, graph: &Graph) -> Vec<Meter>;
    /// Decides on the next action.
    ///
    /// # Errors
    /// [`StrategyError`].
    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError>;
}

impl<S: GrowthStrategy> GrowthRun for Running<S, S::State> {
    fn cadence(&self) -> Option<u64> {
        self.config.cadence()
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        self.config.meters(graph)
    }

    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError> {
        self.config.propose(&mut self.state, view)
    }
}

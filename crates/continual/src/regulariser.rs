//! Regularisers: what pulls weights back to where they were when something was learned.
//!
//! A regulariser adds penalties to what is minimised, `strength / 2 · Σ importance · (weight − anchor)²`, and works out
//! importances and anchors when an experience is over, batch by batch, so that a run may stop between any two. Both are slots
//! of the backend, so they follow growth as the weights do: what is newborn has importance 0. One that has to see every update
//! (synaptic intelligence) is called before and after each, with what is learned there and without the penalties.

use dentate_core::{
    Backend, BackendError, Config, ConfigError, Graph, Layer, Objective, Penalty, Route, Rows, Running,
    State, Stateful, StreamFacts, Term, Unsuited,
};
use std::fmt::Debug;

mod consolidating;
mod elastic;
mod synaptic;

pub(crate) use consolidating::Consolidating;
pub use elastic::{ElasticWeightConsolidation, Fisher};
pub use synaptic::SynapticIntelligence;

/// Rows of an experience that is over, all of one head.
pub struct Lesson<'a> {
    /// The rows.
    pub rows: &'a Rows,
    /// The head that they were trained at.
    pub head: &'a Layer,
    /// How they were judged there. It is about all rows, with weight 1.
    pub term: &'a Term,
    /// Rows of all lessons of the experience together.
    pub total: usize,
}

/// An update that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    /// Its rows.
    pub rows: &'a Rows,
    /// Their way through the graph.
    pub route: &'a Route,
    /// What is learned, without penalties.
    pub objective: &'a Objective,
}

/// A regulariser: a configuration that can be written in TOML, and what it does when an experience is over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no regulariser",
    label = "it does not implement `Regulariser`",
    note = "implement `dentate_continual::Regulariser` for `{Self}`; `cargo xtask new regulariser NAME` makes one that works"
)]
pub trait Regulariser: Config {
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
    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.once() && self.samples() > 0 {
            let reason = "it looks at rows again when an experience is over, and rows of this stream go by only once: take \
                          `synaptic-intelligence`, which looks at updates alone";
            return Err(Unsuited::new("samples", self.samples(), reason));
        }
        Ok(())
    }

    /// The penalties that are in force now.
    fn penalties(&self, state: &Self::State) -> Vec<Penalty>;

    /// An update is about to be made. It may read the network and write slots, but not the parameters. A gradient that it takes is
    /// a look ([`Purpose::Look`](dentate_core::Purpose::Look)): the step that comes makes the update's own pass.
    ///
    /// # Errors
    /// [`BackendError`].
    fn before_update(
        &self,
        _state: &mut Self::State,
        _network: &mut dyn Backend,
        _update: &Update<'_>,
    ) -> Result<(), BackendError> {
        Ok(())
    }

    /// The update has been made.
    ///
    /// # Errors
    /// [`BackendError`].
    fn after_update(&self, _state: &mut Self::State, _network: &mut dyn Backend) -> Result<(), BackendError> {
        Ok(())
    }

    /// How many rows of an experience it looks at when that is over, drawn without replacement.
    fn samples(&self) -> usize;

    /// Look at some rows. It may read the network and write slots, but not the parameters.
    ///
    /// # Errors
    /// [`BackendError`].
    fn study(
        &self,
        state: &mut Self::State,
        network: &mut dyn Backend,
        lesson: &Lesson<'_>,
    ) -> Result<(), BackendError>;

    /// All rows have been looked at. It may write slots of the network, which is that of `graph`, but not the parameters.
    ///
    /// # Errors
    /// [`BackendError`].
    fn consolidate(
        &self,
        state: &mut Self::State,
        network: &mut dyn Backend,
        graph: &Graph,
    ) -> Result<(), BackendError>;
}

/// What the configurations of all regularisers offer, whatever their type. A [`Regulariser`] offers it by itself.
pub trait AnyRegulariser {
    /// Check it: ranges, and what they cannot say.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Whether it goes with a stream.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with(&self, stream: &StreamFacts) -> Result<(), Unsuited>;
    /// Start it with a fresh state.
    fn start(&self) -> Box<dyn RegulariserRun>;
    /// A copy.
    fn boxed(&self) -> Box<dyn RegulariserSpec>;
}

impl<R: Regulariser + RegulariserSpec> AnyRegulariser for R {
    fn validate(&self) -> Result<(), ConfigError> {
        self.in_range()?;
        self.check()
    }

    fn goes_with(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        self.suits(stream)
    }

    fn start(&self) -> Box<dyn RegulariserRun> {
        Box::new(Running::<R, R::State>::new(self.clone()))
    }

    fn boxed(&self) -> Box<dyn RegulariserSpec> {
        Box::new(self.clone())
    }
}

/// A regulariser's configuration, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait RegulariserSpec: AnyRegulariser + Debug + Send + Sync {}

dentate_core::__named!(RegulariserSpec, Regulariser, "name");

/// A regulariser that is running.
pub trait RegulariserRun: Stateful + Send {
    /// The penalties that are in force now.
    fn penalties(&self) -> Vec<Penalty>;
    /// An update is about to be made.
    ///
    /// # Errors
    /// [`BackendError`].
    fn before_update(&mut self, network: &mut dyn Backend, update: &Update<'_>) -> Result<(), BackendError>;
    /// The update has been made.
    ///
    /// # Errors
    /// [`BackendError`].
    fn after_update(&mut self, network: &mut dyn Backend) -> Result<(), BackendError>;
    /// How many rows it looks at.
    fn samples(&self) -> usize;
    /// Look at some rows.
    ///
    /// # Errors
    /// [`BackendError`].
    fn study(&mut self, network: &mut dyn Backend, lesson: &Lesson<'_>) -> Result<(), BackendError>;
    /// All rows have been looked at.
    ///
    /// # Errors
    /// [`BackendError`].
    fn consolidate(&mut self, network: &mut dyn Backend, graph: &Graph) -> Result<(), BackendError>;
}

impl<R: Regulariser> RegulariserRun for Running<R, R::State> {
    fn penalties(&self) -> Vec<Penalty> {
        self.config.penalties(&self.state)
    }

    fn before_update(&mut self, network: &mut dyn Backend, update: &Update<'_>) -> Result<(), BackendError> {
        self.config.before_update(&mut self.state, network, update)
    }

    fn after_update(&mut self, network: &mut dyn Backend) -> Result<(), BackendError> {
        self.config.after_update(&mut self.state, network)
    }

    fn samples(&self) -> usize {
        self.config.samples()
    }

    fn study(&mut self, network: &mut dyn Backend, lesson: &Lesson<'_>) -> Result<(), BackendError> {
        self.config.study(&mut self.state, network, lesson)
    }

    fn consolidate(&mut self, network: &mut dyn Backend, graph: &Graph) -> Result<(), BackendError> {
        self.config.consolidate(&mut self.state, network, graph)
    }
}

/// Register a regulariser ([`Regulariser`]): its TOML name and its entry in the registry. With
/// `source = include_str!("this_file.rs")` `dentate explain` shows the `//!` lines that the file opens with.
///
/// ```ignore
/// register!(regulariser, Pull, "pull", summary = "Pulls weights back.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (regulariser, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::RegulariserSpec] Regulariser, $($rest)*);
    };
}

//! Regularisers: what pulls weights back to where they were when something was learned.
//!
//! A regulariser adds penalties to what is minimised, `strength / 2 · Σ importance · (weight − anchor)²`, and works out
//! importances and anchors when an experience is over, batch by batch, so that a run may stop between any two. Both are slots
//! of the backend, so they follow growth as the weights do: what is newborn has importance 0. One that has to see every update
//! (synaptic intelligence) is called before and after each, with what is learned there and without the penalties.

use dentate_core::registry::{self, Kind};
use dentate_core::{
    Backend, BackendError, ConfigError, Graph, Layer, Objective, Penalty, Route, Rows, StreamFacts, Term,
    Unsuited,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
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
pub trait Regulariser:
    Clone + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static
{
    /// What it remembers beside its slots.
    type State: Default + Clone + Debug + Serialize + DeserializeOwned + Send;

    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;

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

/// A regulariser's configuration, whatever its type. Implemented by [`register_regulariser!`](crate::register_regulariser).
#[typetag::serde(tag = "name")]
pub trait RegulariserSpec: Debug + Send + Sync {
    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn check(&self) -> Result<(), ConfigError>;
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

/// A table whose `name` is a registered regulariser.
impl JsonSchema for dyn RegulariserSpec {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Regulariser".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        registry::named(Kind::Regulariser, "name")
    }
}

impl Clone for Box<dyn RegulariserSpec> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

/// A regulariser that is running.
pub trait RegulariserRun: Send {
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
    /// Its state as bytes ([`dentate_core::state`]).
    ///
    /// # Errors
    /// What the format says.
    fn save(&self) -> Result<Vec<u8>, String>;
    /// Take over a saved state.
    ///
    /// # Errors
    /// What the format says.
    fn load(&mut self, state: &[u8]) -> Result<(), String>;
}

/// A regulariser with its state.
#[derive(Clone, Debug)]
pub struct Regularising<R: Regulariser> {
    regulariser: R,
    state: R::State,
}

impl<R: Regulariser> Regularising<R> {
    /// A regulariser with a fresh state.
    #[must_use]
    pub fn new(regulariser: R) -> Self {
        Self {
            regulariser,
            state: R::State::default(),
        }
    }
}

impl<R: Regulariser> RegulariserRun for Regularising<R> {
    fn penalties(&self) -> Vec<Penalty> {
        self.regulariser.penalties(&self.state)
    }

    fn before_update(&mut self, network: &mut dyn Backend, update: &Update<'_>) -> Result<(), BackendError> {
        self.regulariser.before_update(&mut self.state, network, update)
    }

    fn after_update(&mut self, network: &mut dyn Backend) -> Result<(), BackendError> {
        self.regulariser.after_update(&mut self.state, network)
    }

    fn samples(&self) -> usize {
        self.regulariser.samples()
    }

    fn study(&mut self, network: &mut dyn Backend, lesson: &Lesson<'_>) -> Result<(), BackendError> {
        self.regulariser.study(&mut self.state, network, lesson)
    }

    fn consolidate(&mut self, network: &mut dyn Backend, graph: &Graph) -> Result<(), BackendError> {
        self.regulariser.consolidate(&mut self.state, network, graph)
    }

    fn save(&self) -> Result<Vec<u8>, String> {
        dentate_core::state::to_bytes(&self.state).map_err(|e| e.to_string())
    }

    fn load(&mut self, state: &[u8]) -> Result<(), String> {
        self.state = dentate_core::state::from_bytes(state).map_err(|e| e.to_string())?;
        Ok(())
    }
}

/// Register a [`Regulariser`]: its TOML name and its entry in the registry. With `source = include_str!("this_file.rs")`
/// `dentate explain` shows the `//!` lines that the file opens with.
#[macro_export]
macro_rules! register_regulariser {
    ($type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal, source = $source:expr $(,)?) => {
        const _: () = {
            use $crate::__private::typetag;
            #[typetag::serde(name = $name)]
            impl $crate::RegulariserSpec for $type {
                fn check(&self) -> ::core::result::Result<(), ::dentate_core::ConfigError> {
                    $crate::Regulariser::validate(self)
                }
                fn goes_with(
                    &self,
                    stream: &::dentate_core::StreamFacts,
                ) -> ::core::result::Result<(), ::dentate_core::Unsuited> {
                    $crate::Regulariser::suits(self, stream)
                }
                fn start(&self) -> ::std::boxed::Box<dyn $crate::RegulariserRun> {
                    ::std::boxed::Box::new($crate::Regularising::new(::core::clone::Clone::clone(self)))
                }
                fn boxed(&self) -> ::std::boxed::Box<dyn $crate::RegulariserSpec> {
                    ::std::boxed::Box::new(::core::clone::Clone::clone(self))
                }
            }
            $crate::__private::inventory::submit! {
                $crate::__private::registry::Entry {
                    kind: $crate::__private::registry::Kind::Regulariser,
                    name: $name,
                    summary: $summary,
                    citation: $citation,
                    package: env!("CARGO_PKG_NAME"),
                    schema: || $crate::__private::schemars::schema_for!($type),
                    source: $source,
                }
            }
        };
    };
}

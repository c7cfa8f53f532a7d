//! Strategies behind one door: a configuration read from TOML by its name ([`Growth`]), and that configuration running
//! with its state ([`GrowthRun`]).

use crate::law::Law;
use crate::prospect::Prospect;
use crate::strategy::{Action, GrowthStrategy, StrategyError, View};
use dentate_core::registry::{self, Kind};
use dentate_core::{ConfigError, Graph, Meter, Unsuited, state};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::fmt::Debug;

/// What the configurations of all strategies offer, whatever their type. A [`GrowthStrategy`] offers it by itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no growth strategy",
    label = "it does not implement `GrowthStrategy`",
    note = "implement `dentate_growth::GrowthStrategy` for `{Self}`; `cargo xtask new strategy NAME` makes one that works"
)]
pub trait AnyGrowth {
    /// Check ranges.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Whether it goes with a run, as far as that can be known before it.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn suits(&self, _run: &Prospect<'_>) -> Result<(), Unsuited> {
        Ok(())
    }
    /// Whether it ever changes the architecture.
    fn grows(&self) -> bool;
    /// What it promises beside what every strategy has to keep.
    fn laws(&self) -> Vec<Law>;
    /// The registered parts it is composed of: (kind, name).
    fn parts(&self) -> Vec<(Kind, String)> {
        Vec::new()
    }
    /// Start it, under its registered name, with a fresh state.
    fn run(&self, name: &'static str) -> Box<dyn GrowthRun>;
}

impl<S: GrowthStrategy> AnyGrowth for S {
    fn validate(&self) -> Result<(), ConfigError> {
        GrowthStrategy::validate(self)
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        GrowthStrategy::suits(self, run)
    }

    fn grows(&self) -> bool {
        GrowthStrategy::grows(self)
    }

    fn laws(&self) -> Vec<Law> {
        GrowthStrategy::laws(self)
    }

    fn run(&self, name: &'static str) -> Box<dyn GrowthRun> {
        Box::new(Run::new(name, self.clone()))
    }
}

/// A strategy's configuration, whatever its type. Implemented by [`register_growth!`](crate::register_growth).
#[typetag::serde(tag = "name")]
pub trait Growth: AnyGrowth + Debug + Send + Sync {
    /// A copy.
    fn boxed(&self) -> Box<dyn Growth>;
}

impl dyn Growth {
    /// Its registered name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.typetag_name()
    }

    /// Start it with a fresh state.
    #[must_use]
    pub fn start(&self) -> Box<dyn GrowthRun> {
        self.run(self.typetag_name())
    }
}

/// A table whose `name` is a registered strategy.
impl JsonSchema for dyn Growth {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Growth".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        registry::named(Kind::Strategy, "name")
    }
}

impl Clone for Box<dyn Growth> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

/// A strategy that is running.
pub trait GrowthRun: Send {
    /// Its registered name.
    fn name(&self) -> &'static str;
    /// How many updates lie between two calls.
    fn cadence(&self) -> Option<u64>;
    /// The meters that run along with training, for the network as it is.
    fn meters(&self, graph: &Graph) -> Vec<Meter>;
    /// Decide.
    ///
    /// # Errors
    /// [`StrategyError`].
    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError>;
    /// Its state as bytes ([`dentate_core::state`]).
    ///
    /// # Errors
    /// [`StrategyError::State`].
    fn save(&self) -> Result<Vec<u8>, StrategyError>;
    /// Take over a saved state.
    ///
    /// # Errors
    /// [`StrategyError::State`].
    fn load(&mut self, state: &[u8]) -> Result<(), StrategyError>;
}

/// A strategy with its state.
#[derive(Clone, Debug)]
pub struct Run<S: GrowthStrategy> {
    name: &'static str,
    strategy: S,
    state: S::State,
}

impl<S: GrowthStrategy> Run<S> {
    /// A strategy with a fresh state.
    #[must_use]
    pub fn new(name: &'static str, strategy: S) -> Self {
        Self {
            name,
            strategy,
            state: S::State::default(),
        }
    }
}

impl<S: GrowthStrategy> GrowthRun for Run<S> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cadence(&self) -> Option<u64> {
        self.strategy.cadence()
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        self.strategy.meters(graph)
    }

    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError> {
        self.strategy.propose(&mut self.state, view)
    }

    fn save(&self) -> Result<Vec<u8>, StrategyError> {
        Ok(state::to_bytes(&self.state)?)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), StrategyError> {
        self.state = state::from_bytes(bytes)?;
        Ok(())
    }
}

/// Register a [`GrowthStrategy`]: its TOML name and its entry in the registry. With `source = include_str!("this_file.rs")`
/// `dentate explain` shows the `//!` lines that the file opens with.
///
/// ```
/// use dentate_core::{ConfigError, Graph, Meter};
/// use dentate_growth::{Action, GrowthStrategy, Reason, StrategyError, View, register_growth};
///
/// /// Never grows.
/// #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// struct Idle {}
///
/// impl GrowthStrategy for Idle {
///     type State = ();
///     fn validate(&self) -> Result<(), ConfigError> { Ok(()) }
///     fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
///         Ok(Action::Hold(Reason::NotNow))
///     }
/// }
///
/// register_growth!(Idle, "idle", summary = "Never grows.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register_growth {
    ($type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal $(,)?) => {
        $crate::register_growth!(
            $type,
            $name,
            summary = $summary,
            citation = $citation,
            source = ""
        );
    };
    ($type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal, source = $source:expr $(,)?) => {
        const _: () = {
            use $crate::__private::typetag;
            #[typetag::serde(name = $name)]
            impl $crate::Growth for $type {
                fn boxed(&self) -> ::std::boxed::Box<dyn $crate::Growth> {
                    ::std::boxed::Box::new(::core::clone::Clone::clone(self))
                }
            }
            $crate::__private::inventory::submit! {
                $crate::__private::registry::Entry {
                    kind: $crate::__private::registry::Kind::Strategy,
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

//! Registration of parts.

/// Register a part of a composed strategy: its TOML name and its entry in the registry. The first word says which part it is:
/// `trigger`, `placement`, `initializer`, `survival` or `modulation`. With `source = include_str!("this_file.rs")`
/// `dentate explain` shows the `//!` lines that the file opens with.
///
/// ```
/// use dentate_core::ConfigError;
/// use dentate_growth::{Occasion, Reason, View, register_part};
/// use dentate_growth::parts::{Answer, Answered, Part, Trigger, Verdict};
///
/// /// Grows whenever an experience begins.
/// #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// struct Eager {}
///
/// impl Part for Eager {
///     type State = ();
///     fn validate(&self) -> Result<(), ConfigError> { Ok(()) }
/// }
///
/// impl Trigger for Eager {
///     fn fires(&self, _: &mut (), view: &View<'_>) -> Answered<Verdict> {
///         Ok(Answer::Is(match view.occasion {
///             Occasion::Begin => Verdict::Grow(1.0),
///             _ => Verdict::Rest(Reason::NotNow),
///         }))
///     }
/// }
///
/// register_part!(trigger, Eager, "eager", summary = "Grows when an experience begins.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register_part {
    ($part:ident, $type:ty, $name:literal, summary = $summary:literal, citation = $citation:literal $(,)?) => {
        $crate::register_part!($part, $type, $name, summary = $summary, citation = $citation, source = "");
    };
    (trigger, $($rest:tt)*) => {
        $crate::register_part!(@ Trigger, TriggerSpec, TriggerRun, $($rest)*);
    };
    (placement, $($rest:tt)*) => {
        $crate::register_part!(@ Placement, PlacementSpec, PlacementRun, $($rest)*);
    };
    (initializer, $($rest:tt)*) => {
        $crate::register_part!(@ Initializer, InitializerSpec, InitializerRun, $($rest)*);
    };
    (survival, $($rest:tt)*) => {
        $crate::register_part!(@ Survival, SurvivalSpec, SurvivalRun, $($rest)*);
    };
    (modulation, $($rest:tt)*) => {
        $crate::register_part!(@ Modulation, ModulationSpec, ModulationRun, $($rest)*);
    };
    (@ $kind:ident, $spec:ident, $run:ident, $type:ty, $name:literal, summary = $summary:literal,
        citation = $citation:literal, source = $source:expr $(,)?) => {
        const _: () = {
            use $crate::__private::typetag;
            #[typetag::serde(name = $name)]
            impl $crate::parts::$spec for $type {
                fn start(&self) -> ::std::boxed::Box<dyn $crate::parts::$run> {
                    ::std::boxed::Box::new($crate::parts::PartRun::new(::core::clone::Clone::clone(self)))
                }
                fn boxed(&self) -> ::std::boxed::Box<dyn $crate::parts::$spec> {
                    ::std::boxed::Box::new(::core::clone::Clone::clone(self))
                }
            }
            $crate::__private::inventory::submit! {
                $crate::__private::registry::Entry {
                    kind: $crate::__private::registry::Kind::$kind,
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

//! The macros for plugins, for a crate that depends on `dentate` only.

/// Defines a configuration: its derives, and for a struct whose settings have defaults also [`Default`]. Ranges are stated in the
/// schema and checked from there.
///
/// ```
/// use dentate::prelude::*;
///
/// config! {
///     /// Settings of the checks.
///     pub struct Looking {
///         /// Updates between two checks.
///         #[schemars(range(min = 1))]
///         pub every: u64 = 20,
///     }
/// }
///
/// let error = Looking { every: 0 }.in_range().unwrap_err().to_string();
/// assert_eq!(error, "`every` is 0, but has to be at least 1");
/// ```
///
/// A struct without defaults has required settings; an enum is a choice of words in kebab case.
#[macro_export]
macro_rules! config {
    ($($item:tt)*) => {
        $crate::core::__config! { ("dentate::__private::serde" "dentate::core::schemars") $($item)* }
    };
}

/// Defines a state that is kept between calls, saved and loaded. A struct whose fields all have a default derives
/// [`Default`] by itself; in an enum, mark the initial variant with `#[default]`.
///
/// ```
/// dentate::state! {
///     /// The loss at the last look.
///     pub struct Last {
///         loss: Option<f64>,
///     }
/// }
/// assert!(Last::default().loss.is_none());
/// ```
#[macro_export]
macro_rules! state {
    ($($item:tt)*) => {
        $crate::core::__state! { ("dentate::__private::serde") $($item)* }
    };
}

/// Registers something that suites can name: its TOML name and its entry in the registry. The first word is its kind.
///
/// | kind | trait |
/// | --- | --- |
/// | `strategy` | [`GrowthStrategy`](crate::growth::GrowthStrategy) |
/// | `trigger`, `placement`, `initializer`, `survival`, `modulation` | [`Part`](crate::growth::parts::Part), and that of its kind |
/// | `learner` | [`LearnerRecipe`](crate::core::LearnerRecipe) |
/// | `mechanism` | [`Mechanism`](crate::continual::Mechanism) |
/// | `buffer` | [`Buffer`](crate::continual::Buffer) |
/// | `stream` | [`StreamRecipe`](crate::streams::StreamRecipe) |
/// | `data` | [`DataRecipe`](crate::streams::DataRecipe) |
///
/// With `source = include_str!("this_file.rs")` as the last argument, `dentate explain` shows the leading `//!` lines of the file.
///
/// ```
/// use dentate::growth::{Action, GrowthStrategy, Reason, StrategyError, View};
/// use dentate::prelude::*;
///
/// config! {
///     /// Never grows.
///     struct Idle {}
/// }
///
/// impl GrowthStrategy for Idle {
///     type State = ();
///
///     fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
///         Ok(Action::Hold(Reason::NotNow))
///     }
/// }
///
/// register!(strategy, Idle, "idle", summary = "Never grows.", citation = "this page");
/// # assert!(dentate::core::registry::find(dentate::core::registry::Kind::Strategy, "idle").is_some());
/// ```
///
/// An unknown kind is refused by name:
///
/// ```compile_fail
/// dentate::register!(strategi, u8, "idle", summary = "Never grows.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (learner, $($rest:tt)*) => { $crate::core::register!(learner, $($rest)*); };
    (metric, $($rest:tt)*) => { $crate::core::register!(metric, $($rest)*); };
    (mechanism, $($rest:tt)*) => { $crate::continual::register!(mechanism, $($rest)*); };
    (buffer, $($rest:tt)*) => { $crate::continual::register!(buffer, $($rest)*); };
    (stream, $($rest:tt)*) => { $crate::streams::register!(stream, $($rest)*); };
    (data, $($rest:tt)*) => { $crate::streams::register!(data, $($rest)*); };
    (strategy, $($rest:tt)*) => { $crate::growth::register!(strategy, $($rest)*); };
    (trigger, $($rest:tt)*) => { $crate::growth::register!(trigger, $($rest)*); };
    (placement, $($rest:tt)*) => { $crate::growth::register!(placement, $($rest)*); };
    (initializer, $($rest:tt)*) => { $crate::growth::register!(initializer, $($rest)*); };
    (survival, $($rest:tt)*) => { $crate::growth::register!(survival, $($rest)*); };
    (modulation, $($rest:tt)*) => { $crate::growth::register!(modulation, $($rest)*); };
    ($kind:ident, $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "`",
            ::core::stringify!($kind),
            "` is no kind of plugin; there are strategy, trigger, placement, initializer, survival, modulation, learner, \
             mechanism, buffer, stream and data, and metric for what they record"
        ));
    };
}

//! The macros that write the derives of a configuration or a state, so that an external crate needs neither serde nor schemars.

/// Defines a configuration: its derives, and for a struct whose settings have defaults also [`Default`]. Unknown keys are
/// refused; omitted keys take their default. Ranges are stated in the schema and checked from there.
///
/// ```
/// use dentate_core::{Config, config};
///
/// config! {
///     /// Settings of the checks.
///     pub struct Looking {
///         /// Updates between two checks.
///         #[schemars(range(min = 1))]
///         pub every: u64 = 20,
///         /// Threshold of the loss.
///         #[schemars(extend("exclusiveMinimum" = 0))]
///         pub threshold: f64 = 0.02,
///     }
/// }
///
/// let looking = Looking { every: 0, ..Looking::default() };
/// let error = looking.in_range().unwrap_err().to_string();
/// assert_eq!(error, "`every` is 0, but has to be at least 1");
/// ```
///
/// A struct without defaults has required settings; an enum is a choice of words in kebab case.
#[macro_export]
macro_rules! config {
    ($($item:tt)*) => {
        $crate::__config! { ("dentate_core::__private::serde" "dentate_core::schemars") $($item)* }
    };
}

/// Defines a state that is kept between calls, saved and loaded. A struct whose fields all have a default derives
/// [`Default`] by itself; in an enum, mark the initial variant with `#[default]`.
///
/// ```
/// dentate_core::state! {
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
        $crate::__state! { ("dentate_core::__private::serde") $($item)* }
    };
}

/// [`config!`] for a crate that exports it under its own name: the first strings are the paths of serde and schemars.
#[doc(hidden)]
#[macro_export]
macro_rules! __config {
    (
        ($serde:tt $schemars:tt)
        $(#[$about:meta])*
        $vis:vis struct $name:ident {
            $($(#[$meta:meta])* $seen:vis $field:ident: $type:ty = $default:expr),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(
            Clone,
            Debug,
            $crate::__private::serde::Serialize,
            $crate::__private::serde::Deserialize,
            $crate::schemars::JsonSchema,
        )]
        #[serde(crate = $serde, deny_unknown_fields, default)]
        #[schemars(crate = $schemars)]
        $vis struct $name {
            $($(#[$meta])* $seen $field: $type,)*
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
    (($serde:tt $schemars:tt) $(#[$about:meta])* $vis:vis struct $name:ident { $($body:tt)* }) => {
        $(#[$about])*
        #[derive(
            Clone,
            Debug,
            $crate::__private::serde::Serialize,
            $crate::__private::serde::Deserialize,
            $crate::schemars::JsonSchema,
        )]
        #[serde(crate = $serde, deny_unknown_fields)]
        #[schemars(crate = $schemars)]
        $vis struct $name { $($body)* }
    };
    (($serde:tt $schemars:tt) $(#[$about:meta])* $vis:vis enum $name:ident { $($body:tt)* }) => {
        $(#[$about])*
        #[derive(
            Clone,
            Debug,
            $crate::__private::serde::Serialize,
            $crate::__private::serde::Deserialize,
            $crate::schemars::JsonSchema,
        )]
        #[serde(crate = $serde, rename_all = "kebab-case")]
        #[schemars(crate = $schemars)]
        $vis enum $name { $($body)* }
    };
}

/// [`state!`] for a crate that exports it under its own name: the string is the path of serde.
#[doc(hidden)]
#[macro_export]
macro_rules! __state {
    (($serde:tt) $($item:tt)*) => {
        #[derive(
            Clone,
            Debug,
            Default,
            $crate::__private::serde::Serialize,
            $crate::__private::serde::Deserialize,
        )]
        #[serde(crate = $serde)]
        $($item)*
    };
}

//! The macros that write a configuration's or a state's derives, so that a crate of one's own needs neither serde nor schemars.

/// Write a configuration: its derives, and of a struct whose settings have defaults the [`Default`] too. Keys that it does not
/// know are refused; keys that are left out have their default. Ranges stand in the schema and are checked from there.
///
/// ```
/// use dentate_core::{Config, config};
///
/// config! {
///     /// How often to look.
///     pub struct Looking {
///         /// Updates between two looks.
///         #[schemars(range(min = 1))]
///         pub every: u64 = 20,
///         /// What counts as little.
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
/// A struct without defaults has settings that have to be given; an enum is a choice of words in kebab-case.
#[macro_export]
macro_rules! config {
    ($($item:tt)*) => {
        $crate::__config! { ("dentate_core::__private::serde" "dentate_core::schemars") $($item)* }
    };
}

/// Write a state: what is remembered between calls, saved and loaded. A struct of fields that all have a default derives
/// [`Default`] by itself; of an enum, mark the variant that it starts as with `#[default]`.
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

/// [`config!`] for a crate that offers it under its own name: the first strings are where serde and schemars are found.
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

/// [`state!`] for a crate that offers it under its own name: the string is where serde is found.
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

//! Registration, the same for every kind: `register!(kind, Type, "name", summary = .., citation = ..)`.
//!
//! A crate that owns kinds exports a `register!` with an arm for each, which forwards to the macro here. A crate that
//! exports the kinds of several crates forwards to theirs.

/// Registers one entry, with the name of its type in the trait object in brackets (no name if it is empty).
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ([$($spec:tt)*] $kind:ident, $type:ty, $name:literal, summary = $summary:expr, citation = $citation:expr $(,)?) => {
        $crate::__entry!(
            [$($spec)*] $kind, $type, $name, summary = $summary, citation = $citation, source = ""
        );
    };
    (
        [$($spec:tt)*] $kind:ident, $type:ty, $name:literal,
        summary = $summary:expr, citation = $citation:expr, source = $source:expr $(,)?
    ) => {
        const _: () = {
            $crate::__entry!(@tag [$($spec)*] $type, $name);
            $crate::__private::inventory::submit! {
                $crate::registry::Entry {
                    kind: $crate::registry::Kind::$kind,
                    name: $name,
                    summary: $summary,
                    citation: $citation,
                    package: ::core::env!("CARGO_PKG_NAME"),
                    schema: || $crate::schemars::schema_for!($type),
                    source: $source,
                }
            }
        };
    };
    (@tag [] $type:ty, $name:literal) => {};
    (@tag [$($spec:tt)+] $type:ty, $name:literal) => {
        use $crate::__private::typetag;
        #[typetag::serde(name = $name)]
        impl $($spec)+ for $type {}
    };
}

/// Makes a kind readable from TOML by name: the schema of a table whose `tag` names an entry, and `Clone`.
#[doc(hidden)]
#[macro_export]
macro_rules! __named {
    ($spec:ident, $kind:ident, $tag:literal) => {
        impl $crate::schemars::JsonSchema for dyn $spec {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::registry::named($crate::registry::Kind::$kind, $tag)
            }
        }

        impl Clone for Box<dyn $spec> {
            fn clone(&self) -> Self {
                self.boxed()
            }
        }
    };
}

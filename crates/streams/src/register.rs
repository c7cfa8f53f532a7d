//! What the `register_…!` macros need from the crates that expand them to have at hand.

pub use dentate_core::registry::{Entry, Kind};
pub use dentate_core::{Seed, StreamFacts};
pub use inventory;
pub use typetag;

/// The JSON schema of a type.
#[must_use]
pub fn schema<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::schema_for!(T)
}

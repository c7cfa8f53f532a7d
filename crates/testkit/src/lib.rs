//! Generators, a slow obvious model, and the conformance suites that a backend joins by one line.

pub mod backend;
pub mod following;
pub mod generators;
pub mod naive;

#[doc(hidden)]
pub use dentate_core;

//! Generators, a slow obvious model, and the conformance suites that a backend joins by one line.

pub mod following;
pub mod generators;
pub mod naive;

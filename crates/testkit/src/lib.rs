//! Generators, a slow obvious model, and the conformance suites that a backend joins by one line.

pub mod backend;
pub mod following;
pub mod generators;
pub mod hostile;
pub mod naive;
mod sentences;
pub mod strategy;

/// The backend that tests of learners and strategies run on, whose packages may not name one themselves.
pub use dentate_backends::Native;
#[doc(hidden)]
pub use {dentate_core, dentate_growth};

//! Generators, a slow and simple reference model, and conformance suites that take one line to add.

pub mod backend;
pub mod buffers;
pub mod following;
pub mod generators;
pub mod malformed;
pub mod methods;
pub mod naive;
mod pool;
mod sentences;
pub mod strategy;
pub mod streams;
pub mod toy;

pub use pool::Pool;

/// The backend for tests of learners and strategies, whose packages must not depend on one.
pub use dentate_backends::Native;
#[doc(hidden)]
pub use dentate_continual::BufferSpec;
#[doc(hidden)]
pub use dentate_core;
#[doc(hidden)]
pub use dentate_streams::{DataSpec, StreamSpec};

/// The listings of this chapter of the book, compiled and run as tests.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../docs/five-parts.md")]
    struct FiveParts;
}

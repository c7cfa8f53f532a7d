//! Backends: what holds a network's numbers and does the arithmetic behind
//! [`Backend`](dentate_core::Backend). [`Native`] is pure Rust on one core of the processor and always there.

mod native;

pub use native::{MatrixProduct, Native, Turned};

//! Backends: what holds a network's numbers and does the arithmetic behind
//! [`Backend`](dentate_core::Backend). [`Native`] is pure Rust on one core of the processor and always there.

// What backends share: a graph by positions, and how contracts' plain data are read.
mod ages;
mod course;
mod network;
mod receipts;
mod rows;
mod snapshots;
mod terms;

mod native;

pub use native::{MatrixProduct, Native, Turned};

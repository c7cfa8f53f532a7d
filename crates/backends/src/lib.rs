//! Backends: they hold a network's numbers and do the arithmetic behind [`Backend`](dentate_core::Backend). [`Native`] is pure
//! Rust on one processor core and always available; `LibTorch` computes with libtorch and requires the feature `libtorch`.

// Shared by all backends: the graph by positions, and readers of the contracts' plain data.
mod ages;
mod keep;
mod network;
mod readings;
mod receipts;
mod requests;
mod rows;
mod schedule;
mod settled;
mod snapshots;
mod terms;
mod veil;

mod choice;
mod device;
#[cfg(feature = "libtorch")]
mod libtorch;
mod native;

pub use choice::{Choice, ChoiceError, Ready};
pub use device::{Device, NoDevice, Unavailable};
#[cfg(feature = "libtorch")]
pub use libtorch::LibTorch;
pub use native::{MatrixProduct, Native, Transposed};

//! Backends: what holds a network's numbers and does the arithmetic behind
//! [`Backend`](dentate_core::Backend). [`Native`] is pure Rust on one core of the processor and always there; `LibTorch`
//! computes with libtorch and is there with the feature `libtorch`.

// What backends share: a graph by positions, and how contracts' plain data are read.
mod ages;
mod course;
mod keep;
mod network;
mod readings;
mod receipts;
mod requests;
mod rows;
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
pub use native::{MatrixProduct, Native, Turned};

//! Every backend against the laws of the contract.

use dentate_backends::Native;

dentate_testkit::conformance_backend!(native, Native::new);

#[cfg(feature = "libtorch")]
mod libtorch;

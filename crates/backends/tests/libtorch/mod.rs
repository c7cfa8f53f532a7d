//! libtorch against the laws of the contract, and against the native backend.
//!
//! The laws need no tolerance of their own for it. What is compared with the naive model has to lie within the bound on single
//! precision's rounding that the model carries along, times eight, whatever the backend: that factor leaves room for sums in
//! another order, which is all that tells this backend's kernels from the native ones. Losses are added up in double
//! precision, and so is what a layer norm subtracts, because sums that nearly cancel are where single precision would leave
//! the bound. What is compared with another run of this backend has to agree in every bit: on one thread of a processor
//! libtorch adds in an order that depends on shapes alone.
//!
//! The suite runs twice, the second time with asynchronous updates as on a GPU.

mod agreeing;

use dentate_backends::{Device, LibTorch};

fn on_processor() -> LibTorch {
    LibTorch::new(Device::Cpu).expect("the processor is always there")
}

dentate_testkit::conformance_backend!(in_step, on_processor);
dentate_testkit::conformance_backend!(running_ahead, || on_processor().running_ahead());

/// Mechanisms are written once, against the contract: what they do is the same here, while the network grows under them.
#[test]
fn methods_match_the_native_backend() {
    dentate_testkit::methods::methods_match_the_native_backend(|| Box::new(on_processor()));
    dentate_testkit::methods::methods_match_the_native_backend(|| Box::new(on_processor().running_ahead()));
}

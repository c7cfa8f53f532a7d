//! libtorch against the laws of the contract.

use dentate_backends::{Device, LibTorch};

fn on_processor() -> LibTorch {
    LibTorch::new(Device::Cpu).expect("the processor is always there")
}

dentate_testkit::conformance_backend!(in_step, on_processor);
dentate_testkit::conformance_backend!(running_ahead, || on_processor().running_ahead());

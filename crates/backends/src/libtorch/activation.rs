//! Activations and the way back, as in the native backend's table: a rectifier passes no error at 0, or does where it is
//! live at zero.

use dentate_core::Activation;
use tch::Tensor;

/// Slope of the leaky rectifier below zero, which is libtorch's own.
const LEAK: f64 = 0.01;
/// Where libtorch's softplus becomes the identity; also its own.
const STRAIGHT: f64 = 20.0;

/// Whether the derivative needs what was activated and not only what came out.
pub(super) fn needs_input(f: Activation) -> bool {
    matches!(
        f,
        Activation::ReluLiveAtZero | Activation::Softplus | Activation::Gelu
    )
}

/// Whether autograd's derivative is the contract's.
pub(super) fn is_own(f: Activation) -> bool {
    f != Activation::ReluLiveAtZero
}

/// `f(z)`, in place of z where the derivative needs no z.
pub(super) fn activate(f: Activation, mut z: Tensor) -> Tensor {
    match f {
        Activation::Identity => z,
        Activation::Relu => z.relu_(),
        Activation::ReluLiveAtZero => z.relu(),
        Activation::LeakyRelu => z.leaky_relu_(),
        Activation::Tanh => z.tanh_(),
        Activation::Sigmoid => z.sigmoid_(),
        Activation::Softplus => z.softplus(),
        Activation::Gelu => z.gelu("none"),
    }
}

/// The error times `f'(z)`, from what went in and what came out.
pub(super) fn differentiate(f: Activation, z: &Tensor, h: &Tensor, error: Tensor) -> Tensor {
    match f {
        Activation::Identity => error,
        Activation::Relu => h.threshold_backward(&error, 0.0),
        Activation::ReluLiveAtZero => error.masked_fill(&z.lt(0.0), 0.0),
        Activation::LeakyRelu => h.leaky_relu_backward(&error, LEAK, true),
        Activation::Tanh => Tensor::tanh_backward(&error, h),
        Activation::Sigmoid => Tensor::sigmoid_backward(&error, h),
        Activation::Softplus => z.softplus_backward(&error, 1.0, STRAIGHT),
        Activation::Gelu => z.gelu_backward(&error, "none"),
    }
}

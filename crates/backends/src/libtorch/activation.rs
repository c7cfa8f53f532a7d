//! Activations and their derivatives, as in the native backend's table: the rectifier passes no error at 0, unless it is the
//! one that is live at zero.

use dentate_core::Activation;
use tch::Tensor;

/// Slope of the leaky rectifier below zero, as in libtorch.
const LEAK: f64 = 0.01;
/// The threshold above which libtorch's softplus becomes the identity.
const STRAIGHT: f64 = 20.0;

/// Returns whether the derivative needs the input and not only the output.
pub(super) fn needs_input(f: Activation) -> bool {
    matches!(
        f,
        Activation::ReluLiveAtZero | Activation::Softplus | Activation::Gelu
    )
}

/// Returns whether autograd's derivative is the contract's.
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

/// The error times `f'(z)`, from input z and output h.
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

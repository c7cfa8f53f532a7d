//! Activations `h = f(z)` and their backward pass `δ_z = δ_h · f'(z)`.
//!
//! | f | f(z) | f'(z), from what is kept |
//! | --- | --- | --- |
//! | identity | z | 1 |
//! | relu | max(z, 0) | 1 where h > 0, so 0 at 0 |
//! | relu, live at zero | max(z, 0) | 1 where z ≥ 0 |
//! | leaky relu | z or 0.01 z | 1 where h > 0, else 0.01 |
//! | tanh | tanh z | 1 − h² |
//! | sigmoid | 1 / (1 + e^−z) | h (1 − h) |
//! | softplus | max(z, 0) + ln(1 + e^−|z|) | 1 / (1 + e^−z) |
//! | gelu | z Φ(z) | Φ(z) + z φ(z) |
//!
//! Results of sigmoid, softplus, tanh, gelu and their derivatives below the smallest normal number are 0.

use super::settle::{exp, settled};
use dentate_core::Activation;
use std::f32::consts::{FRAC_1_SQRT_2, PI};

/// Slope of the leaky rectifier below zero.
const LEAK: f32 = 0.01;

/// Returns whether the derivative needs z and not only f(z).
pub(super) fn needs_input(f: Activation) -> bool {
    matches!(
        f,
        Activation::ReluLiveAtZero | Activation::Softplus | Activation::Gelu
    )
}

/// Returns whether the derivative is 0 wherever the output is 0.
pub(super) fn dead_at_zero(f: Activation) -> bool {
    f == Activation::Relu
}

/// Replace each z by f(z).
pub(super) fn activate(f: Activation, values: &mut [f32]) {
    match f {
        Activation::Identity => {}
        // A comparison rather than `max`: NaN must stay NaN, or a diverged network would look healthy.
        Activation::Relu | Activation::ReluLiveAtZero => {
            each(values, |z| if z <= 0.0 { 0.0 } else { z });
        }
        Activation::LeakyRelu => each(values, |z| if z <= 0.0 { LEAK * z } else { z }),
        Activation::Tanh => each(values, |z| settled(z.tanh())),
        Activation::Sigmoid => each(values, sigmoid),
        Activation::Softplus => each(values, |z| z.max(0.0) + settled(exp(-z.abs()).ln_1p())),
        Activation::Gelu => each(values, |z| settled(z * normal(z))),
    }
}

/// Multiply each error by f'(z), given z (where [`needs_input`]) and h.
pub(super) fn differentiate(f: Activation, z: &[f32], h: &[f32], errors: &mut [f32]) {
    match f {
        Activation::Identity => {}
        Activation::Relu => with(errors, h, |e, h| if h > 0.0 { e } else { 0.0 }),
        Activation::ReluLiveAtZero => with(errors, z, |e, z| if z >= 0.0 { e } else { 0.0 }),
        Activation::LeakyRelu => with(errors, h, |e, h| if h > 0.0 { e } else { LEAK * e }),
        Activation::Tanh => with(errors, h, |e, h| settled(e * (1.0 - h * h))),
        Activation::Sigmoid => with(errors, h, |e, h| settled(e * (h * (1.0 - h)))),
        Activation::Softplus => with(errors, z, |e, z| settled(e * sigmoid(z))),
        Activation::Gelu => with(errors, z, |e, z| {
            let density = exp(-0.5 * z * z) / (2.0 * PI).sqrt();
            settled(e * (normal(z) + z * density))
        }),
    }
}

#[inline(always)]
fn each(values: &mut [f32], f: impl Fn(f32) -> f32) {
    for v in values {
        *v = f(*v);
    }
}

#[inline(always)]
fn with(errors: &mut [f32], by: &[f32], f: impl Fn(f32, f32) -> f32) {
    for (e, &v) in errors.iter_mut().zip(by) {
        *e = f(*e, v);
    }
}

fn sigmoid(z: f32) -> f32 {
    settled(1.0 / (1.0 + (-z).exp()))
}

/// Φ(z), the normal distribution function.
fn normal(z: f32) -> f32 {
    // Below this it would be subnormal, or nearly.
    if z < -12.9 {
        return 0.0;
    }
    0.5 * libm::erfcf(-z * FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests;

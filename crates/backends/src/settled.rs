//! Numbers as every backend stores them: what is smaller than the smallest normal number is 0, so that nothing is subnormal.
//!
//! Most processors work subnormal numbers off in microcode, at a hundred times the price of others. Moments decay towards 0
//! wherever a gradient has vanished, and would stay among them for thousands of updates. They are worth nothing: all of them
//! together move no weight.

/// A number as it is stored; a 0 has its sign. NaN stays NaN.
#[inline(always)]
pub(super) fn settled(x: f32) -> f32 {
    if x.abs() < f32::MIN_POSITIVE {
        0.0f32.copysign(x)
    } else {
        x
    }
}

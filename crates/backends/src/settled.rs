//! Numbers as every backend stores them: values below the smallest normal number become 0, so that none is subnormal.
//!
//! Most processors handle subnormal numbers in microcode, at a hundred times the cost of others. Moments decay towards 0
//! wherever a gradient has vanished, and would stay subnormal for thousands of updates. They carry no information: all of them
//! together move no weight.

/// Returns a number as it is stored. A 0 keeps its sign, and NaN stays NaN.
#[inline(always)]
pub(super) fn settled(x: f32) -> f32 {
    if x.abs() < f32::MIN_POSITIVE {
        0.0f32.copysign(x)
    } else {
        x
    }
}

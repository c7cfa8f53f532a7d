//! Flushing subnormal numbers to 0 ([`settled`]), by blocks and by vectors.

pub(super) use crate::settled::settled;

use pulp::Simd;

/// e^x, and 0 where that would be subnormal.
pub(super) fn exp(x: f32) -> f32 {
    // The logarithm of the smallest normal number, rounded up.
    const LEAST: f32 = -87.336_5;
    if x < LEAST { 0.0 } else { x.exp() }
}

/// [`settled`] in every lane.
#[inline(always)]
pub(super) fn settle_lanes<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    #[cfg(target_arch = "x86_64")]
    if let Some(v4) = (&simd as &dyn std::any::Any).downcast_ref::<pulp::x86::V4>() {
        use pulp::bytemuck::cast;
        /// The class of subnormal numbers.
        const SUBNORMAL: i32 = 0x20;
        let small = v4.avx512dq._mm512_fpclass_ps_mask::<SUBNORMAL>(cast(x));
        let sign = cast(simd.splat_f32s(-0.0));
        return cast(v4.avx512dq._mm512_mask_and_ps(cast(x), small, cast(x), sign));
    }
    let small = simd.less_than_f32s(absolute(simd, x), simd.splat_f32s(f32::MIN_POSITIVE));
    let sign = simd.and_f32s(x, simd.splat_f32s(-0.0));
    simd.select_f32s(small, sign, x)
}

/// |x|. `pulp`'s own is a call for each vector: it is not compiled for the available vectors.
#[inline(always)]
pub(super) fn absolute<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    simd.and_f32s(x, simd.splat_f32s(f32::from_bits(0x7fff_ffff)))
}

/// Each lane, or 0 if its absolute value is below `least`.
#[inline(always)]
pub(super) fn at_least<S: Simd>(simd: S, x: S::f32s, least: S::f32s) -> S::f32s {
    let small = simd.less_than_f32s(absolute(simd, x), least);
    simd.select_f32s(small, simd.splat_f32s(0.0), x)
}

#[cfg(test)]
mod tests;

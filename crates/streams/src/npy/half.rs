//! Numbers of half precision (IEEE 754, binary16): a sign, five bits of exponent and ten of fraction.

/// The number with these bits. Single precision holds each exactly.
pub(super) fn number(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let (exponent, fraction) = (u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    let magnitude = match exponent {
        // Below the least normal number the fraction counts steps of 2⁻²⁴.
        0 => (fraction as f32 / (1 << 24) as f32).to_bits(),
        31 => f32::INFINITY.to_bits() | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests;

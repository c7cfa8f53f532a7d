//! Counter-based normal noise: the number at an entry depends only on a seed, the parameter block and the entry's position, not on
//! earlier draws. It uses basic arithmetic only, so that it has the same bits on every machine.

use crate::graph::Parameter;

/// The noise of one parameter block.
///
/// Box & Muller (1958): `√(−2 ln u) cos 2πv` with 23 bits of `u` and 24 of `v`, so that no number exceeds 5.8 in magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise(u64);

impl Noise {
    /// The noise of a block for a seed.
    #[must_use]
    pub fn of(seed: u64, parameter: Parameter) -> Self {
        let (kind, id) = match parameter {
            Parameter::Weight(c) => (0, c.0),
            Parameter::Gain(c) => (1, c.0),
            Parameter::Bias(l) => (2, l.0),
            Parameter::Scale(l) => (3, l.0),
            Parameter::Shift(l) => (4, l.0),
            Parameter::Mean(l) => (5, l.0),
            Parameter::Variance(l) => (6, l.0),
        };
        Self(mix(mix(seed) ^ (kind << 32 | u64::from(id))))
    }

    /// The number at a row and column, in the contract's orientation.
    #[inline(always)]
    #[must_use]
    pub fn at(self, row: usize, column: usize) -> f32 {
        const SCALE: f32 = 1.0 / (1u32 << 24) as f32;
        let drawn = mix(self.0 ^ ((row as u64) << 32 | column as u64));
        // In (0, 1), and in [−1/2, 1/2).
        let u = (drawn >> 40 | 1) as u32 as f32 * SCALE;
        let v = (drawn as u32 & 0x00ff_ffff) as f32 * SCALE - 0.5;
        (-2.0 * ln(u)).sqrt() * cos_of_turn(v)
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014).
#[inline(always)]
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// ln u of a normal positive number: `u = 2ⁿ(1 + x)` with 1 + x in [√½, √2), and a polynomial in x (Cephes' `logf`).
#[inline(always)]
fn ln(u: f32) -> f32 {
    const HALF: u32 = 0x3f35_04f3;
    let bits = u.to_bits().wrapping_sub(HALF);
    let n = (bits as i32 >> 23) as f32;
    let x = f32::from_bits((bits & 0x007f_ffff) + HALF) - 1.0;
    let mut p = 7.037_683_6e-2;
    for c in [
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ] {
        p = p * x + c;
    }
    let square = x * x;
    x + (p * x * square - 0.5 * square) + n * std::f32::consts::LN_2
}

/// cos 2πv for |v| ≤ ½, computed as a sine shifted by a quarter turn, by its series.
#[inline(always)]
fn cos_of_turn(v: f32) -> f32 {
    let y = std::f32::consts::TAU * (0.25 - v.abs());
    let square = y * y;
    let mut p = -1.0 / 39_916_800.0;
    for c in [1.0 / 362_880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0] {
        p = p * square + c;
    }
    p * y
}

#[cfg(test)]
mod tests;

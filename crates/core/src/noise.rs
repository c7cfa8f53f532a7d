//! Counter-based normal noise: the number at an entry depends only on a seed, the parameter block and the entry's position, not on
//! earlier draws. It uses basic arithmetic and fused multiply-adds only, which round once by their definition, so that it has the same
//! bits on every machine.

use crate::graph::Parameter;

/// Rows that share their draws with as many others: those of 32 consecutive rows of a column, of which the first half takes one
/// coordinate of each point and the second half the other.
const HALF: usize = 16;

/// The noise of one parameter block.
///
/// Box & Muller (1958): a point at the distance `√(−2 ln u)` in a random direction has two independent normal coordinates. u has 23
/// bits, so that no number exceeds 5.8 in magnitude; the direction is an angle of 24 bits within an eighth of a turn, with two signs and an
/// exchange of the coordinates.
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
        let (first, second) = self.pair(place(row & !HALF, column));
        if row & HALF == 0 { first } else { second }
    }

    /// Writes the numbers of a column from a row on, which is a multiple of 32. The same as [`at`](Self::at), at less than half the cost.
    #[inline(always)]
    pub fn down(self, row: usize, column: usize, out: &mut [f32]) {
        let mut at = place(row, column);
        let (whole, rest) = out.as_chunks_mut::<{ 2 * HALF }>();
        for out in whole {
            let (left, right) = out.split_at_mut(HALF);
            for i in 0..HALF {
                (left[i], right[i]) = self.pair(below(at, i));
            }
            at = below(at, 2 * HALF);
        }
        let Some((left, right)) = rest.split_first_chunk_mut::<HALF>() else {
            for (i, left) in rest.iter_mut().enumerate() {
                *left = self.pair(below(at, i)).0;
            }
            return;
        };
        for (i, left) in left.iter_mut().enumerate() {
            *left = self.pair(below(at, i)).0;
        }
        for (i, right) in right.iter_mut().enumerate() {
            *right = self.pair(below(at, i)).1;
        }
    }

    /// The two coordinates drawn at the place of a row of the first half of 32.
    #[inline(always)]
    fn pair(self, place: u64) -> (f32, f32) {
        const SCALE: f32 = 1.0 / (1u32 << 24) as f32;
        const SIGN: u32 = 1 << 31;
        let drawn = mix(self.0 ^ place);
        let (high, low) = ((drawn >> 32) as u32, drawn as u32);
        // Whole numbers below 2²⁴ as signed ones, for which every processor has a conversion. u in (0, 1), the angle in [0, π/4).
        let u = (high >> 8 | 1) as i32 as f32 * SCALE;
        let angle = (low & 0x00ff_ffff) as i32 as f32 * (std::f32::consts::FRAC_PI_4 * SCALE);
        let radius = (-2.0 * ln(u)).sqrt();
        let (sin, cos) = (sin(angle), cos(angle));
        let (x, y) = if high & 1 == 0 { (cos, sin) } else { (sin, cos) };
        let signed = |x: f32, sign: u32| f32::from_bits((radius * x).to_bits() ^ (sign & SIGN));
        (signed(x, low), signed(y, low << 1))
    }
}

/// A row and a column in one number.
#[inline(always)]
fn place(row: usize, column: usize) -> u64 {
    (row as u64) << 32 | column as u64
}

/// The place so many rows below. It wraps around, so that it is one instruction in every build.
#[inline(always)]
fn below(place: u64, rows: usize) -> u64 {
    place.wrapping_add((rows as u64) << 32)
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
    const ROOT: u32 = 0x3f35_04f3;
    let bits = u.to_bits().wrapping_sub(ROOT);
    let n = (bits as i32 >> 23) as f32;
    let x = f32::from_bits((bits & 0x007f_ffff) + ROOT) - 1.0;
    let mut p = 7.037_683_6e-2_f32;
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
        p = p.mul_add(x, c);
    }
    n.mul_add(std::f32::consts::LN_2, (x * x).mul_add(p.mul_add(x, -0.5), x))
}

/// sin x for x in [0, π/4], by its series.
#[inline(always)]
fn sin(x: f32) -> f32 {
    let square = x * x;
    let mut p = 1.0_f32 / 362_880.0;
    for c in [-1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0] {
        p = p.mul_add(square, c);
    }
    p * x
}

/// cos x for x in [0, π/4], by its series.
#[inline(always)]
fn cos(x: f32) -> f32 {
    let square = x * x;
    let mut p = 1.0_f32 / 40_320.0;
    for c in [-1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0] {
        p = p.mul_add(square, c);
    }
    p
}

#[cfg(test)]
mod tests;

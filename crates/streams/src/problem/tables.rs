//! The truth tables.

/// A function as a list of its rows.
pub(super) struct Table {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Inputs and outputs of each row.
    pub(super) rows: Vec<(Vec<f32>, Vec<f32>)>,
}

fn number(bit: bool) -> f32 {
    if bit { 1.0 } else { 0.0 }
}

/// The lowest `n` bits of `value`, highest first.
fn bits(value: u32, n: u32) -> Vec<f32> {
    (0..n).rev().map(|i| number(value >> i & 1 == 1)).collect()
}

/// A table over every value of `n` bits.
fn over_bits(n: u32, outputs: u32, function: impl Fn(u32) -> Vec<f32>) -> Table {
    let rows = (0..1 << n)
        .map(|value| (bits(value, n), function(value)))
        .collect();
    Table {
        inputs: n as usize,
        outputs: outputs as usize,
        rows,
    }
}

pub(super) fn parity(n: u32) -> Table {
    over_bits(n, 1, |value| vec![number(value.count_ones() % 2 == 1)])
}

pub(super) fn symmetry(n: u32) -> Table {
    over_bits(n, 1, |value| {
        vec![number(value.reverse_bits() >> (32 - n) == value)]
    })
}

/// Addition of two numbers, which are concatenated, highest digit first; the sum has one more digit.
pub(super) fn addition(digits: u32) -> Table {
    over_bits(2 * digits, digits + 1, |value| {
        bits((value >> digits) + (value & ((1 << digits) - 1)), digits + 1)
    })
}

pub(super) fn encoder(n: u32) -> Table {
    let one_hot = |i| (0..n).map(|j| number(i == j)).collect::<Vec<_>>();
    Table {
        inputs: n as usize,
        outputs: n as usize,
        rows: (0..n).map(|i| (one_hot(i), one_hot(i))).collect(),
    }
}

/// 97 pairs of points: angle `i·π/16`, radius `6.5·(104 − i)/104`; the second spiral is the first one mirrored in the origin.
pub(super) fn two_spirals() -> Table {
    let mut rows = Vec::with_capacity(2 * 97);
    for i in 0..97 {
        let angle = f64::from(i) * std::f64::consts::PI / 16.0;
        let radius = 6.5 * f64::from(104 - i) / 104.0;
        let (x, y) = ((radius * angle.sin()) as f32, (radius * angle.cos()) as f32);
        rows.push((vec![x, y], vec![0.5]));
        rows.push((vec![-x, -y], vec![-0.5]));
    }
    Table {
        inputs: 2,
        outputs: 1,
        rows,
    }
}

//! The operations of an expression's nodes on entries. The caller's dispatch compiles the loops for the available vectors.

use dentate_core::{Binary, Noise, Unary};

/// The source of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    Register(usize),
    /// One of the program's slots.
    Slot(usize),
    /// One of the program's numbers, broadcast to every entry.
    Spread(usize),
    /// One of the program's vectors, with a number for each stored column.
    Across(usize),
    /// One of the program's vectors, with a number for each stored row.
    Down(usize),
    Number(f32),
}

/// The operation of an instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does {
    Noise(Noise),
    Unary(Unary, Source),
    Binary(Binary, Source, Source),
    Select(Source, Source, Source),
    /// Two sums, differences or products in one go: the inner one of the first two operands, and the outer one with the third,
    /// which comes first if the flag is set.
    Both(Arithmetic, Arithmetic, [Source; 3], bool),
}

/// An operation that can be combined with another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Arithmetic {
    Add,
    Sub,
    Mul,
}

impl Arithmetic {
    pub(super) fn of(by: Binary) -> Option<Self> {
        match by {
            Binary::Add => Some(Self::Add),
            Binary::Sub => Some(Self::Sub),
            Binary::Mul => Some(Self::Mul),
            Binary::Div | Binary::Min | Binary::Max | Binary::Greater => None,
        }
    }
}

/// A value, or one for each entry.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    Each(&'a [f32]),
    One(f32),
}

/// Run an instruction on numbers alone.
pub(super) fn apply(does: Does, out: &mut [f32]) {
    let read = |source| match source {
        Source::Number(x) => Values::One(x),
        Source::Register(_) | Source::Slot(_) | Source::Spread(_) | Source::Across(_) | Source::Down(_) => {
            Values::One(0.0)
        }
    };
    work(does, out, read, |x| x);
}

#[inline(always)]
pub(super) fn work<'a>(
    does: Does,
    out: &mut [f32],
    read: impl Fn(Source) -> Values<'a>,
    then: impl Fn(f32) -> f32 + Copy,
) {
    match does {
        Does::Noise(_) => {}
        Does::Both(inner, outer, sources, turned) => {
            if let [Values::Each(x), Values::Each(y), Values::Each(z)] = sources.map(read) {
                both(out, (inner, outer, turned), [x, y, z], then);
            }
        }
        Does::Unary(by, x) => {
            let x = read(x);
            match by {
                Unary::Negate => map(out, x, |x| then(-x)),
                Unary::Abs => map(out, x, |x| then(f32::abs(x))),
                Unary::Sqrt => map(out, x, |x| then(f32::sqrt(x))),
                Unary::Sign => map(out, x, |x| then(f32::from(x > 0.0) - f32::from(x < 0.0))),
                Unary::Sigmoid => map(out, x, |x| then(sigmoid(x))),
            }
        }
        Does::Binary(by, x, y) => {
            let (x, y) = (read(x), read(y));
            match by {
                Binary::Add => zip(out, x, y, |x, y| then(x + y)),
                Binary::Sub => zip(out, x, y, |x, y| then(x - y)),
                Binary::Mul => zip(out, x, y, |x, y| then(x * y)),
                Binary::Div => zip(out, x, y, |x, y| then(x / y)),
                Binary::Min => zip(out, x, y, |x, y| then(chosen(x, y, x < y))),
                Binary::Max => zip(out, x, y, |x, y| then(chosen(x, y, x > y))),
                Binary::Greater => zip(out, x, y, |x, y| then(f32::from(x > y))),
            }
        }
        Does::Select(which, yes, no) => {
            let (which, yes, no) = (read(which), read(yes), read(no));
            let at = |values: Values<'a>, i: usize| match values {
                Values::Each(values) => values[i],
                Values::One(x) => x,
            };
            for (i, out) in out.iter_mut().enumerate() {
                let chosen = if at(which, i) == 0.0 { no } else { yes };
                *out = then(at(chosen, i));
            }
        }
    }
}

/// Two operations in one go. These are no fused multiply-adds: each operation rounds.
#[inline(always)]
fn both(
    out: &mut [f32],
    (inner, outer, turned): (Arithmetic, Arithmetic, bool),
    sources: [&[f32]; 3],
    then: impl Fn(f32) -> f32 + Copy,
) {
    use Arithmetic::{Add, Mul, Sub};
    match inner {
        Add => finish(out, (outer, turned), sources, |x, y| x + y, then),
        Sub => finish(out, (outer, turned), sources, |x, y| x - y, then),
        Mul => finish(out, (outer, turned), sources, |x, y| x * y, then),
    }
}

#[inline(always)]
fn finish(
    out: &mut [f32],
    (outer, turned): (Arithmetic, bool),
    sources: [&[f32]; 3],
    inner: impl Fn(f32, f32) -> f32 + Copy,
    then: impl Fn(f32) -> f32 + Copy,
) {
    match (outer, turned) {
        (Arithmetic::Add, _) => three(out, sources, |x, y, z| then(inner(x, y) + z)),
        (Arithmetic::Mul, _) => three(out, sources, |x, y, z| then(inner(x, y) * z)),
        (Arithmetic::Sub, false) => three(out, sources, |x, y, z| then(inner(x, y) - z)),
        (Arithmetic::Sub, true) => three(out, sources, |x, y, z| then(z - inner(x, y))),
    }
}

#[inline(always)]
fn three(out: &mut [f32], [x, y, z]: [&[f32]; 3], f: impl Fn(f32, f32, f32) -> f32) {
    let n = out.len();
    let (x, y, z) = (&x[..n], &y[..n], &z[..n]);
    for i in 0..n {
        out[i] = f(x[i], y[i], z[i]);
    }
}

/// One of two values, or NaN if the first is; if the second is, no comparison chooses the first.
#[inline(always)]
fn chosen(x: f32, y: f32, first: bool) -> f32 {
    if first || x.is_nan() { x } else { y }
}

/// 1 / (1 + e^−x).
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// e^x for x clamped to ±88, by arithmetic alone, so that it vectorises: `e^x = 2ⁿ e^r` with |r| ≤ ln 2 / 2, and a polynomial
/// in r (Cephes' `expf`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to whole numbers, which are then in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p * r + c;
    }
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    (p * r * r + r + 1.0) * scale
}

#[inline(always)]
fn map(out: &mut [f32], x: Values<'_>, f: impl Fn(f32) -> f32) {
    match x {
        Values::Each(x) => out.iter_mut().zip(x).for_each(|(out, x)| *out = f(*x)),
        Values::One(x) => out.fill(f(x)),
    }
}

#[inline(always)]
fn zip(out: &mut [f32], x: Values<'_>, y: Values<'_>, f: impl Fn(f32, f32) -> f32) {
    match (x, y) {
        (Values::Each(x), Values::Each(y)) => {
            let pairs = out.iter_mut().zip(x).zip(y);
            pairs.for_each(|((out, x), y)| *out = f(*x, *y));
        }
        (Values::Each(x), Values::One(y)) => out.iter_mut().zip(x).for_each(|(out, x)| *out = f(*x, y)),
        (Values::One(x), Values::Each(y)) => out.iter_mut().zip(y).for_each(|(out, y)| *out = f(x, *y)),
        (Values::One(x), Values::One(y)) => out.fill(f(x, y)),
    }
}

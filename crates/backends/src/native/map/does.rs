//! What the nodes of an expression do to some entries. Loops are compiled for the vectors that there are, by whoever
//! dispatches.

use dentate_core::{Binary, Noise, Unary};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    Register(usize),
    /// One of the program's slots.
    Slot(usize),
    Number(f32),
}

/// What an instruction does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does {
    Noise(Noise),
    Unary(Unary, Source),
    Binary(Binary, Source, Source),
    Select(Source, Source, Source),
}

/// A value, or one for each entry.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    Each(&'a [f32]),
    One(f32),
}

/// An instruction on numbers alone.
pub(super) fn apply(does: Does, out: &mut [f32]) {
    work(does, out, |source| match source {
        Source::Number(x) => Values::One(x),
        Source::Register(_) | Source::Slot(_) => Values::One(0.0),
    });
}

#[inline(always)]
pub(super) fn work<'a>(does: Does, out: &mut [f32], read: impl Fn(Source) -> Values<'a>) {
    match does {
        Does::Noise(_) => {}
        Does::Unary(by, x) => {
            let x = read(x);
            match by {
                Unary::Negate => map(out, x, |x| -x),
                Unary::Abs => map(out, x, f32::abs),
                Unary::Sqrt => map(out, x, f32::sqrt),
                Unary::Sign => map(out, x, |x| f32::from(x > 0.0) - f32::from(x < 0.0)),
                Unary::Sigmoid => map(out, x, sigmoid),
            }
        }
        Does::Binary(by, x, y) => {
            let (x, y) = (read(x), read(y));
            match by {
                Binary::Add => zip(out, x, y, |x, y| x + y),
                Binary::Sub => zip(out, x, y, |x, y| x - y),
                Binary::Mul => zip(out, x, y, |x, y| x * y),
                Binary::Div => zip(out, x, y, |x, y| x / y),
                Binary::Min => zip(out, x, y, |x, y| chosen(x, y, x < y)),
                Binary::Max => zip(out, x, y, |x, y| chosen(x, y, x > y)),
                Binary::Greater => zip(out, x, y, |x, y| f32::from(x > y)),
            }
        }
        Does::Select(which, yes, no) => {
            let (which, yes, no) = (read(which), read(yes), read(no));
            let at = |values: Values<'a>, i: usize| match values {
                Values::Each(values) => values[i],
                Values::One(x) => x,
            };
            for (i, out) in out.iter_mut().enumerate() {
                *out = if at(which, i) == 0.0 {
                    at(no, i)
                } else {
                    at(yes, i)
                };
            }
        }
    }
}

/// One of two, or NaN if the first is; if the second is, no comparison chooses the first.
#[inline(always)]
fn chosen(x: f32, y: f32, first: bool) -> f32 {
    if first || x.is_nan() { x } else { y }
}

/// 1 / (1 + e^−x).
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// e^x of what is clamped to ±88, by arithmetic alone, so that vectors can do it: `e^x = 2ⁿ e^r` with |r| ≤ ln 2 / 2, and a
/// polynomial in r (Cephes' `expf`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to whole numbers, which stand in the lowest bits then.
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

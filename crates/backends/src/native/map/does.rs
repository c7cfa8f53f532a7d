//! The operations of an expression's nodes on entries. The caller's dispatch compiles the loops for the available vectors.

use dentate_core::{Binary, Noise, Unary};

/// An operation on operands of some kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does<T> {
    Noise(Noise),
    /// The operand as it is.
    Copy(T),
    Unary(Unary, T),
    Binary(Binary, T, T),
    Select(T, T, T),
    /// Two sums, differences or products in one go: the inner one of the first two operands, and the outer one with the third,
    /// which comes first if the flag is set.
    Both(Arithmetic, Arithmetic, [T; 3], bool),
}

impl<T: Copy> Does<T> {
    /// Its operands; the last one repeats if there are fewer than three.
    pub(super) fn operands(self) -> Option<[T; 3]> {
        match self {
            Self::Noise(_) => None,
            Self::Copy(x) | Self::Unary(_, x) => Some([x; 3]),
            Self::Binary(_, x, y) => Some([x, y, y]),
            Self::Select(x, y, z) => Some([x, y, z]),
            Self::Both(_, _, all, _) => Some(all),
        }
    }

    /// The number of its operands.
    pub(super) fn takes(self) -> usize {
        match self {
            Self::Noise(_) => 0,
            Self::Copy(_) | Self::Unary(..) => 1,
            Self::Binary(..) => 2,
            Self::Select(..) | Self::Both(..) => 3,
        }
    }

    /// The same operation on other operands.
    pub(super) fn on<U>(self, mut operand: impl FnMut(T) -> U) -> Does<U> {
        match self {
            Self::Noise(noise) => Does::Noise(noise),
            Self::Copy(x) => Does::Copy(operand(x)),
            Self::Unary(by, x) => Does::Unary(by, operand(x)),
            Self::Binary(by, x, y) => Does::Binary(by, operand(x), operand(y)),
            Self::Select(x, y, z) => Does::Select(operand(x), operand(y), operand(z)),
            Self::Both(inner, outer, all, turned) => Does::Both(inner, outer, all.map(operand), turned),
        }
    }
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
pub(super) enum Data<'a> {
    Each(&'a [f32]),
    One(f32),
}

/// Run an operation on numbers alone.
pub(super) fn apply(does: Does<f32>) -> f32 {
    let mut out = [0.0];
    work(does, &mut out, Data::One);
    out[0]
}

/// Run an operation other than noise. The operands of two in one go are given entry by entry.
#[inline(always)]
pub(super) fn work<'a, T: Copy>(does: Does<T>, out: &mut [f32], read: impl Fn(T) -> Data<'a>) {
    match does {
        Does::Noise(_) => {}
        Does::Copy(x) => match read(x) {
            Data::Each(x) => out.copy_from_slice(x),
            Data::One(x) => out.fill(x),
        },
        Does::Both(inner, outer, sources, turned) => {
            if let [Data::Each(x), Data::Each(y), Data::Each(z)] = sources.map(read) {
                both(out, (inner, outer, turned), [x, y, z]);
            }
        }
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
            let choose = |which: f32, yes: f32, no: f32| if which == 0.0 { no } else { yes };
            match (which, yes, no) {
                (Data::Each(which), Data::Each(yes), Data::Each(no)) => three(out, [which, yes, no], choose),
                (Data::Each(which), Data::Each(yes), Data::One(no)) => {
                    three(out, [which, yes, yes], |which, yes, _| choose(which, yes, no));
                }
                (Data::Each(which), Data::One(yes), Data::Each(no)) => {
                    three(out, [which, no, no], |which, no, _| choose(which, yes, no));
                }
                (Data::Each(which), Data::One(yes), Data::One(no)) => {
                    three(out, [which, which, which], |which, _, _| choose(which, yes, no));
                }
                (Data::One(which), yes, no) => match if which == 0.0 { no } else { yes } {
                    Data::Each(x) => out.copy_from_slice(x),
                    Data::One(x) => out.fill(x),
                },
            }
        }
    }
}

/// Two operations in one go. These are no fused multiply-adds: each operation rounds.
#[inline(always)]
fn both(out: &mut [f32], (inner, outer, turned): (Arithmetic, Arithmetic, bool), sources: [&[f32]; 3]) {
    use Arithmetic::{Add, Mul, Sub};
    match inner {
        Add => finish(out, (outer, turned), sources, |x, y| x + y),
        Sub => finish(out, (outer, turned), sources, |x, y| x - y),
        Mul => finish(out, (outer, turned), sources, |x, y| x * y),
    }
}

#[inline(always)]
fn finish(
    out: &mut [f32],
    (outer, turned): (Arithmetic, bool),
    sources: [&[f32]; 3],
    inner: impl Fn(f32, f32) -> f32 + Copy,
) {
    match (outer, turned) {
        (Arithmetic::Add, _) => three(out, sources, |x, y, z| inner(x, y) + z),
        (Arithmetic::Mul, _) => three(out, sources, |x, y, z| inner(x, y) * z),
        (Arithmetic::Sub, false) => three(out, sources, |x, y, z| inner(x, y) - z),
        (Arithmetic::Sub, true) => three(out, sources, |x, y, z| z - inner(x, y)),
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

/// e^x for x clamped to ±88, by arithmetic and fused multiply-adds alone, so that it vectorises: `e^x = 2ⁿ e^r` with |r| ≤ ln 2 / 2, and a polynomial
/// in r (Cephes' `expf`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to whole numbers, which are then in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x.mul_add(std::f32::consts::LOG2_E, WHOLE);
    let n = shifted - WHOLE;
    let r = n.mul_add(2.121_944_4e-4, n.mul_add(-0.693_359_4, x));
    let mut p = 1.987_569_1e-4_f32;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p.mul_add(r, c);
    }
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    (p.mul_add(r * r, r) + 1.0) * scale
}

#[inline(always)]
fn map(out: &mut [f32], x: Data<'_>, f: impl Fn(f32) -> f32) {
    match x {
        Data::Each(x) => out.iter_mut().zip(x).for_each(|(out, x)| *out = f(*x)),
        Data::One(x) => out.fill(f(x)),
    }
}

#[inline(always)]
fn zip(out: &mut [f32], x: Data<'_>, y: Data<'_>, f: impl Fn(f32, f32) -> f32) {
    match (x, y) {
        (Data::Each(x), Data::Each(y)) => {
            let pairs = out.iter_mut().zip(x).zip(y);
            pairs.for_each(|((out, x), y)| *out = f(*x, *y));
        }
        (Data::Each(x), Data::One(y)) => out.iter_mut().zip(x).for_each(|(out, x)| *out = f(*x, y)),
        (Data::One(x), Data::Each(y)) => out.iter_mut().zip(y).for_each(|(out, y)| *out = f(x, *y)),
        (Data::One(x), Data::One(y)) => out.fill(f(x, y)),
    }
}

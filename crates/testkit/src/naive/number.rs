//! The number types of the naive forward pass.

use std::ops::{Add, Div, Mul, Sub};

/// The operations on numbers that the naive forward pass needs.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// An exact constant.
    fn of(value: f64) -> Self;
    /// Its value.
    fn value(self) -> f64;
    /// True if its sign is that of its value, whatever the rounding.
    fn sure(self) -> bool;
    /// A number whose value is known but not its accuracy.
    fn unsure(self) -> Self;
    /// e^x.
    fn exp(self) -> Self;
    /// ln x.
    fn ln(self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// tanh x.
    fn tanh(self) -> Self;
    /// erf x.
    fn erf(self) -> Self;
    /// `self` where it is positive (at 0 too, if `live`), else `below · self`.
    fn rectify(self, below: f64, live: bool) -> Self {
        let positive = self.value() > 0.0 || (live && self.value() == 0.0);
        if positive { self } else { self * Self::of(below) }
    }
    /// The value as a constant.
    fn constant(self) -> Self;
    /// Its stored form: 0 where single precision would be subnormal.
    fn settled(self) -> Self {
        if self.value().abs() < f64::from(f32::MIN_POSITIVE) {
            self * Self::of(0.0)
        } else {
            self
        }
    }
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn sure(self) -> bool {
        true
    }
    fn unsure(self) -> Self {
        self
    }
    fn exp(self) -> Self {
        self.exp()
    }
    fn ln(self) -> Self {
        self.ln()
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn erf(self) -> Self {
        erf(self)
    }
    fn constant(self) -> Self {
        self
    }
}

/// The error function, by `2/√π · e^{−x²} · Σ 2ⁿ x^{2n+1} / (2n+1)!!`: all terms have one sign, so nothing cancels.
#[must_use]
pub fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut term, mut sum, mut n) = (x, x, 1.0);
    while term.abs() > 1e-17 * sum.abs() {
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
        n += 1.0;
    }
    2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp() * sum
}

/// A number with its derivative by one chosen variable (forward-mode differentiation): a gradient is one forward pass per
/// variable, with no backward pass that could be wrong.
#[derive(Clone, Copy, Debug)]
pub struct Dual<T> {
    /// The number.
    pub value: T,
    /// Its derivative.
    pub slope: T,
}

impl<T: Number> Dual<T> {
    /// The variable itself.
    pub fn variable(value: T) -> Self {
        Self {
            value,
            slope: T::of(1.0),
        }
    }
}

impl<T: Number> Add for Dual<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self {
            value: self.value + o.value,
            slope: self.slope + o.slope,
        }
    }
}

impl<T: Number> Sub for Dual<T> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self {
            value: self.value - o.value,
            slope: self.slope - o.slope,
        }
    }
}

impl<T: Number> Mul for Dual<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self {
            value: self.value * o.value,
            slope: self.slope * o.value + self.value * o.slope,
        }
    }
}

impl<T: Number> Div for Dual<T> {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        Self {
            value,
            slope: (self.slope - value * o.slope) / o.value,
        }
    }
}

impl<T: Number> Number for Dual<T> {
    fn of(value: f64) -> Self {
        Self {
            value: T::of(value),
            slope: T::of(0.0),
        }
    }
    fn value(self) -> f64 {
        self.value.value()
    }
    fn sure(self) -> bool {
        self.value.sure()
    }
    fn unsure(self) -> Self {
        Self {
            value: self.value.unsure(),
            slope: self.slope.unsure(),
        }
    }
    fn exp(self) -> Self {
        let value = self.value.exp();
        Self {
            value,
            slope: value * self.slope,
        }
    }
    fn ln(self) -> Self {
        Self {
            value: self.value.ln(),
            slope: self.slope / self.value,
        }
    }
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        Self {
            value,
            slope: self.slope / (T::of(2.0) * value),
        }
    }
    fn tanh(self) -> Self {
        let value = self.value.tanh();
        Self {
            value,
            slope: (T::of(1.0) - value * value) * self.slope,
        }
    }
    fn erf(self) -> Self {
        let bell = (T::of(0.0) - self.value * self.value).exp();
        Self {
            value: self.value.erf(),
            slope: T::of(2.0 / std::f64::consts::PI.sqrt()) * bell * self.slope,
        }
    }
    fn rectify(self, below: f64, live: bool) -> Self {
        let value = self.value.rectify(below, live);
        let positive = self.value() > 0.0 || (live && self.value() == 0.0);
        let slope = if positive {
            self.slope
        } else {
            self.slope * T::of(below)
        };
        // On the other side of the kink the slope would be different, by as much as itself.
        let slope = if self.sure() { slope } else { slope.unsure() };
        Self { value, slope }
    }
    fn constant(self) -> Self {
        Self {
            value: self.value,
            slope: T::of(0.0),
        }
    }
}

/// A number with a bound on how far a computation in single precision, in any order of summation, may be from it:
/// running error analysis (Higham 2002, §3.3).
#[derive(Clone, Copy, Debug)]
pub struct Rounded {
    /// The number.
    pub value: f64,
    /// The bound; infinite or NaN if there is none.
    pub error: f64,
}

/// The unit roundoff of single precision.
const UNIT: f64 = 1.0 / (1u64 << 24) as f64;

/// Numbers closer to 0 than this are not resolved in single precision.
const TINY: f64 = 1e-37;

impl Rounded {
    /// Returns whether `found` may be this number, computed in single precision. The bound is of first order and follows one
    /// order of operations, so eight times the bound is allowed.
    #[must_use]
    pub fn admits(self, found: f32) -> bool {
        let off = (f64::from(found) - self.value).abs();
        // An error that is not finite is no bound.
        if !self.error.is_finite() {
            return true;
        }
        off <= 8.0 * self.error + 2.0 * UNIT * self.value.abs() + TINY
    }

    fn function(self, value: f64, slope: f64) -> Self {
        // Library functions of single precision are accurate to a few units in the last place, and to a few UNIT near zeros of
        // a function that is of order one.
        let own = 8.0 * UNIT * value.abs() + 2.0 * UNIT * value.abs().min(1.0) + TINY;
        Self {
            value,
            error: slope.abs() * self.error + own,
        }
    }
}

impl Add for Rounded {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        let value = self.value + o.value;
        // |a| + |b| instead of |a + b|: another order of summation has larger partial sums.
        let own = if self.value == 0.0 || o.value == 0.0 {
            0.0
        } else {
            UNIT * (self.value.abs() + o.value.abs())
        };
        Self {
            value,
            error: self.error + o.error + own,
        }
    }
}

impl Sub for Rounded {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self + Self {
            value: -o.value,
            error: o.error,
        }
    }
}

impl Mul for Rounded {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let value = self.value * o.value;
        let error = self.value.abs() * o.error + o.value.abs() * self.error + self.error * o.error;
        Self {
            value,
            error: error + UNIT * value.abs(),
        }
    }
}

impl Div for Rounded {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        let error = (self.error + value.abs() * o.error) / (o.value.abs() - o.error).max(0.0);
        Self {
            value,
            error: error + UNIT * value.abs(),
        }
    }
}

impl Number for Rounded {
    fn of(value: f64) -> Self {
        Self { value, error: 0.0 }
    }
    fn value(self) -> f64 {
        self.value
    }
    fn sure(self) -> bool {
        self.error == 0.0 || self.value.abs() > 8.0 * self.error
    }
    fn unsure(self) -> Self {
        Self {
            value: self.value,
            error: f64::INFINITY,
        }
    }
    fn exp(self) -> Self {
        self.function(self.value.exp(), self.value.exp())
    }
    fn ln(self) -> Self {
        let own = self.function(self.value.ln(), 1.0 / self.value);
        Self {
            error: own.error + UNIT,
            ..own
        }
    }
    fn sqrt(self) -> Self {
        self.function(self.value.sqrt(), 0.5 / self.value.sqrt())
    }
    fn tanh(self) -> Self {
        let value = self.value.tanh();
        self.function(value, 1.0 - value * value)
    }
    fn erf(self) -> Self {
        let slope = 2.0 / std::f64::consts::PI.sqrt() * (-self.value * self.value).exp();
        let own = self.function(erf(self.value), slope);
        // Common approximations of erf are accurate to an absolute 1.5e-7.
        Self {
            error: own.error + 4.0 * UNIT,
            ..own
        }
    }
    fn rectify(self, below: f64, live: bool) -> Self {
        let positive = self.value > 0.0 || (live && self.value == 0.0);
        let own = if positive { self } else { self * Self::of(below) };
        // On the other side of the kink the error passes as well, even where `below` is 0.
        let error = if self.sure() {
            own.error
        } else {
            own.error.max(self.error * below.abs().max(1.0))
        };
        Self { error, ..own }
    }
    fn constant(self) -> Self {
        self
    }
}

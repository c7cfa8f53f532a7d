//! Numbers with a bound on their error from the storage of parameters in single precision.

use crate::naive::{Number, erf};
use std::ops::{Add, Div, Mul, Sub};

/// The unit roundoff of single precision.
pub(super) const UNIT: f64 = 1.0 / (1u64 << 24) as f64;

/// A number with a bound on its error, from the rounding of stored parameters and of double precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Stored {
    fn new(value: f64, error: f64) -> Self {
        let own = f64::EPSILON * value.abs();
        Self {
            value,
            error: error + own,
        }
    }

    /// A function of it, whose slope there is `slope`. Library functions are accurate to a few units in the last place.
    fn function(self, value: f64, slope: f64) -> Self {
        Self::new(value, slope.abs() * self.error + 8.0 * f64::EPSILON)
    }
}

impl Add for Stored {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.value + o.value, self.error + o.error)
    }
}

impl Sub for Stored {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.value - o.value, self.error + o.error)
    }
}

impl Mul for Stored {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let error = self.value.abs() * o.error + o.value.abs() * self.error + self.error * o.error;
        Self::new(self.value * o.value, error)
    }
}

impl Div for Stored {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        let error = (self.error + value.abs() * o.error) / (o.value.abs() - o.error).max(0.0);
        Self::new(value, error)
    }
}

impl Number for Stored {
    fn of(value: f64) -> Self {
        Self { value, error: 0.0 }
    }
    fn value(self) -> f64 {
        self.value
    }
    fn sure(self) -> bool {
        self.value.abs() > self.error
    }
    fn unsure(self) -> Self {
        Self {
            error: f64::INFINITY,
            ..self
        }
    }
    fn exp(self) -> Self {
        self.function(self.value.exp(), (self.value + self.error).exp())
    }
    fn ln(self) -> Self {
        self.function(self.value.ln(), 1.0 / (self.value - self.error).max(0.0))
    }
    fn sqrt(self) -> Self {
        self.function(self.value.sqrt(), 0.5 / (self.value - self.error).max(0.0).sqrt())
    }
    fn tanh(self) -> Self {
        self.function(self.value.tanh(), 1.0)
    }
    fn erf(self) -> Self {
        self.function(erf(self.value), 2.0 / std::f64::consts::PI.sqrt())
    }
    fn rectify(self, below: f64, _: bool) -> Self {
        let value = if self.value > 0.0 {
            self.value
        } else {
            below * self.value
        };
        let slope = if self.value > -self.error { 1.0 } else { below };
        Self::new(value, slope * self.error)
    }
    fn constant(self) -> Self {
        self
    }
}

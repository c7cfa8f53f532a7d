//! Reductions, in double precision.

use dentate_core::Reduction;

/// Number of partial sums.
const LANES: usize = 8;

/// A reduction in progress.
#[derive(Debug)]
pub(super) struct Fold {
    by: Reduction,
    sums: [f64; LANES],
    /// Partial maxima or minima.
    most: [f32; LANES],
    count: u64,
}

impl Fold {
    pub(super) fn new(by: Reduction) -> Self {
        let none = match by {
            Reduction::Min => f32::INFINITY,
            _ => f32::NEG_INFINITY,
        };
        Self {
            by,
            sums: [0.0; LANES],
            most: [none; LANES],
            count: 0,
        }
    }

    /// Fold some values.
    #[inline(always)]
    pub(super) fn take(&mut self, values: &[f32]) {
        self.count += values.len() as u64;
        match self.by {
            Reduction::Count => {}
            Reduction::Sum | Reduction::Mean => each(&mut self.sums, values, |sum, x| sum + f64::from(x)),
            Reduction::Norm => each(&mut self.sums, values, |sum, x| sum + f64::from(x) * f64::from(x)),
            // NaN is kept, since no comparison holds with it.
            Reduction::Max => each(&mut self.most, values, |most, x| {
                if most >= x || most.is_nan() { most } else { x }
            }),
            Reduction::Min => each(&mut self.most, values, |most, x| {
                if most <= x || most.is_nan() { most } else { x }
            }),
        }
    }

    /// Fold so many equal values.
    pub(super) fn take_equal(&mut self, value: f32, count: u64) {
        if count == 0 {
            return;
        }
        let (exact, n) = (f64::from(value), count as f64);
        match self.by {
            Reduction::Sum | Reduction::Mean => self.sums[0] += exact * n,
            Reduction::Norm => self.sums[0] += exact * exact * n,
            Reduction::Max | Reduction::Min => self.take(&[value]),
            Reduction::Count => {}
        }
        self.count += count;
    }

    pub(super) fn finish(&self) -> f64 {
        let sum: f64 = self.sums.iter().sum();
        match self.by {
            Reduction::Sum => sum,
            Reduction::Mean => sum / self.count as f64,
            Reduction::Norm => sum.sqrt(),
            Reduction::Count => self.count as f64,
            Reduction::Max | Reduction::Min => {
                let mut last = Self::new(self.by);
                self.most.iter().for_each(|most| last.take(&[*most]));
                f64::from(last.most[0])
            }
        }
    }
}

/// A reduction of rows of values, column by column, in progress.
#[derive(Debug)]
pub(super) struct Across {
    by: Reduction,
    sums: Vec<f64>,
    /// Maxima or minima so far.
    most: Vec<f32>,
    count: u64,
}

impl Across {
    pub(super) fn new(by: Reduction, cols: usize) -> Self {
        let none = match by {
            Reduction::Min => f32::INFINITY,
            _ => f32::NEG_INFINITY,
        };
        Self {
            by,
            sums: vec![0.0; cols],
            most: vec![none; cols],
            count: 0,
        }
    }

    /// Fold a row of values.
    pub(super) fn take(&mut self, values: &[f32]) {
        self.count += 1;
        let sums = self.sums.iter_mut().zip(values);
        let most = self.most.iter_mut().zip(values);
        match self.by {
            Reduction::Count => {}
            Reduction::Sum | Reduction::Mean => sums.for_each(|(sum, x)| *sum += f64::from(*x)),
            Reduction::Norm => sums.for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x)),
            // NaN is kept, since no comparison holds with it.
            Reduction::Max => most.for_each(|(most, x)| {
                *most = if *most >= *x || most.is_nan() { *most } else { *x };
            }),
            Reduction::Min => most.for_each(|(most, x)| {
                *most = if *most <= *x || most.is_nan() { *most } else { *x };
            }),
        }
    }

    pub(super) fn finish(self) -> Vec<f32> {
        let count = self.count as f64;
        let of = |f: fn(f64, f64) -> f64| self.sums.iter().map(|sum| f(*sum, count) as f32).collect();
        match self.by {
            Reduction::Sum => of(|sum, _| sum),
            Reduction::Mean => of(|sum, count| sum / count),
            Reduction::Norm => of(|sum, _| sum.sqrt()),
            Reduction::Count => of(|_, count| count),
            Reduction::Max | Reduction::Min => self.most,
        }
    }
}

#[inline(always)]
fn each<T: Copy>(all: &mut [T; LANES], values: &[f32], f: impl Fn(T, f32) -> T) {
    let (whole, rest) = values.as_chunks::<LANES>();
    for values in whole {
        for lane in 0..LANES {
            all[lane] = f(all[lane], values[lane]);
        }
    }
    for x in rest {
        all[0] = f(all[0], *x);
    }
}

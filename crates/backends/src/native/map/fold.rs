//! Reductions, in double precision.

use dentate_core::Reduction;

/// Number of partial sums, whose order is that of rounding.
const LANES: usize = 8;
/// Number of partial maxima or minima: more of them wait less for one another.
const MOST_LANES: usize = 32;

/// A reduction in progress.
#[derive(Debug)]
pub(super) struct Fold {
    by: Reduction,
    sums: [f64; LANES],
    /// Partial maxima or minima.
    most: [f32; MOST_LANES],
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
            most: [none; MOST_LANES],
            count: 0,
        }
    }

    /// A reduction of the same kind of nothing yet.
    pub(super) fn empty(&self) -> Self {
        Self::new(self.by)
    }

    /// Fold some values.
    #[inline(always)]
    pub(super) fn take(&mut self, values: &[f32]) {
        self.count += values.len() as u64;
        match self.by {
            Reduction::Count => {}
            Reduction::Sum | Reduction::Mean => each(&mut self.sums, values, |sum, x| sum + f64::from(x)),
            Reduction::Norm => each(&mut self.sums, values, |sum, x| sum + f64::from(x) * f64::from(x)),
            Reduction::Max => each(&mut self.most, values, larger),
            Reduction::Min => each(&mut self.most, values, smaller),
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

    /// Fold what another reduction of the same kind has folded, so many times.
    pub(super) fn take_times(&mut self, other: &Self, times: u64) {
        if times == 0 || other.count == 0 {
            return;
        }
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            *sum += other * times as f64;
        }
        for (most, other) in self.most.iter_mut().zip(&other.most) {
            match self.by {
                Reduction::Max => *most = larger(*most, *other),
                Reduction::Min => *most = smaller(*most, *other),
                _ => {}
            }
        }
        self.count += other.count * times;
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

    /// Fold the values of a row from a column on.
    #[inline(always)]
    pub(super) fn take(&mut self, first: usize, values: &[f32]) {
        self.count += u64::from(first == 0);
        let sums = self.sums[first..].iter_mut().zip(values);
        let most = self.most[first..].iter_mut().zip(values);
        match self.by {
            Reduction::Count => {}
            Reduction::Sum | Reduction::Mean => sums.for_each(|(sum, x)| *sum += f64::from(*x)),
            Reduction::Norm => sums.for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x)),
            Reduction::Max => most.for_each(|(most, x)| *most = larger(*most, *x)),
            Reduction::Min => most.for_each(|(most, x)| *most = smaller(*most, *x)),
        }
    }

    /// Write the results.
    pub(super) fn finish(self, out: &mut [f32]) {
        let count = self.count as f64;
        for (i, out) in out.iter_mut().enumerate().take(self.sums.len()) {
            let sum = self.sums[i];
            *out = match self.by {
                Reduction::Sum => sum as f32,
                Reduction::Mean => (sum / count) as f32,
                Reduction::Norm => sum.sqrt() as f32,
                Reduction::Count => count as f32,
                Reduction::Max | Reduction::Min => self.most[i],
            };
        }
    }
}

/// A reduction of each row of values, in progress.
#[derive(Debug)]
pub(super) struct Down<'a> {
    by: Reduction,
    fold: Fold,
    columns: usize,
    /// The number of values of the row so far.
    taken: usize,
    out: std::slice::IterMut<'a, f32>,
}

impl<'a> Down<'a> {
    /// A reduction of rows of so many columns; each row's is written to the next place.
    pub(super) fn new(by: Reduction, columns: usize, out: &'a mut [f32]) -> Self {
        Self {
            by,
            fold: Fold::new(by),
            columns,
            taken: 0,
            out: out.iter_mut(),
        }
    }

    /// Fold the values of a row from a column on.
    #[inline(always)]
    pub(super) fn take(&mut self, values: &[f32]) {
        self.fold.take(values);
        self.taken += values.len();
        if self.taken >= self.columns {
            if let Some(out) = self.out.next() {
                *out = self.fold.finish() as f32;
            }
            self.fold = Fold::new(self.by);
            self.taken = 0;
        }
    }
}

#[inline(always)]
fn each<T: Copy, const N: usize>(all: &mut [T; N], values: &[f32], f: impl Fn(T, f32) -> T) {
    let (whole, rest) = values.as_chunks::<N>();
    for values in whole {
        for (one, value) in all.iter_mut().zip(values) {
            *one = f(*one, *value);
        }
    }
    for x in rest {
        all[0] = f(all[0], *x);
    }
}

/// The larger of two values; NaN is kept, since no comparison holds with it.
#[inline(always)]
fn larger(most: f32, x: f32) -> f32 {
    if most >= x || most.is_nan() { most } else { x }
}

/// The smaller of two values.
#[inline(always)]
fn smaller(most: f32, x: f32) -> f32 {
    if most <= x || most.is_nan() { most } else { x }
}

//! Search for the units nearest to a signal: the only pass over all prototypes per signal.
//!
//! Each distance is summed in SIMD vectors of the processor's width (`pulp` selects at run time), and abandoned as soon as
//! the partial sum exceeds the worst of the best: sums of squares only rise, so the result equals that of a full pass.

use pulp::{Arch, Simd, WithSimd};

/// A unit's slot and its squared distance from the signal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) slot: usize,
    pub(crate) squared: f32,
}

impl Found {
    pub(crate) const NONE: Self = Self {
        slot: usize::MAX,
        squared: f32::INFINITY,
    };
}

/// Fills `best` with the nearest units, nearest first; of ties the lower slot comes first. Places for which there is no
/// unit at a finite distance stay [`Found::NONE`].
pub(crate) fn nearest(values: &[f32], signal: &[f32], only: Option<&[bool]>, best: &mut [Found]) {
    best.fill(Found::NONE);
    Arch::new().dispatch(Search {
        values,
        signal,
        only,
        best,
    });
}

/// The squared distance of two points.
pub(crate) fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

struct Search<'a> {
    values: &'a [f32],
    signal: &'a [f32],
    /// The units to search; all if `None`.
    only: Option<&'a [bool]>,
    best: &'a mut [Found],
}

impl WithSimd for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let prototypes = self.values.chunks_exact(self.signal.len().max(1));
        for (slot, prototype) in prototypes.enumerate() {
            if self.only.is_some_and(|only| !only[slot]) {
                continue;
            }
            let limit = self.best.last().map_or(f32::INFINITY, |worst| worst.squared);
            let squared = if self.signal.len() < 16 {
                squared_distance(self.signal, prototype)
            } else {
                within(simd, self.signal, prototype, limit)
            };
            if squared < limit {
                insert(self.best, Found { slot, squared });
            }
        }
    }
}

/// Inserts a unit that is nearer than the last of the best in order.
#[inline(always)]
fn insert(best: &mut [Found], found: Found) {
    let mut place = best.len() - 1;
    while place > 0 && best[place - 1].squared > found.squared {
        best[place] = best[place - 1];
        place -= 1;
    }
    best[place] = found;
}

/// The squared distance if it is below `limit`, else some number that is not.
#[inline(always)]
fn within<S: Simd>(simd: S, a: &[f32], b: &[f32], limit: f32) -> f32 {
    let (a, a_rest) = S::as_simd_f32s(a);
    let (b, b_rest) = S::as_simd_f32s(b);
    let mut sums = [simd.splat_f32s(0.0); 4];
    let total = |sums: [S::f32s; 4]| {
        let left = simd.add_f32s(sums[0], sums[1]);
        let right = simd.add_f32s(sums[2], sums[3]);
        simd.reduce_sum_f32s(simd.add_f32s(left, right))
    };
    let (a16, a_tail) = a.as_chunks::<16>();
    let (b16, b_tail) = b.as_chunks::<16>();
    for (a, b) in a16.iter().zip(b16) {
        for t in 0..16 {
            let d = simd.sub_f32s(a[t], b[t]);
            sums[t % 4] = simd.mul_add_e_f32s(d, d, sums[t % 4]);
        }
        let part = total(sums);
        if part >= limit {
            return part;
        }
    }
    for (t, (a, b)) in a_tail.iter().zip(b_tail).enumerate() {
        let d = simd.sub_f32s(*a, *b);
        sums[t % 4] = simd.mul_add_e_f32s(d, d, sums[t % 4]);
    }
    if !a_rest.is_empty() {
        let (a, b) = (simd.partial_load_f32s(a_rest), simd.partial_load_f32s(b_rest));
        let d = simd.sub_f32s(a, b);
        sums[1] = simd.mul_add_e_f32s(d, d, sums[1]);
    }
    total(sums)
}

#[cfg(test)]
mod tests;

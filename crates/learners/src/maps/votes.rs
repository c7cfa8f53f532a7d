//! Wins of each unit by class.

use ndarray::Array2;

/// Counts `[units, classes]`; the number of classes follows the largest label so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Votes {
    classes: usize,
    units: usize,
    counts: Vec<f32>,
}

impl Votes {
    pub(crate) fn classes(&self) -> usize {
        self.classes
    }

    pub(crate) fn push(&mut self) {
        self.units += 1;
        self.counts.resize(self.units * self.classes, 0.0);
    }

    pub(crate) fn swap_remove(&mut self, slot: usize) {
        self.units -= 1;
        let (from, to) = (self.units * self.classes, slot * self.classes);
        self.counts.copy_within(from..from + self.classes, to);
        self.counts.truncate(from);
    }

    /// The wins of a unit by class.
    pub(crate) fn of(&self, slot: usize) -> &[f32] {
        &self.counts[slot * self.classes..][..self.classes]
    }

    pub(crate) fn add(&mut self, slot: usize, class: usize) {
        if class >= self.classes {
            self.widen(class + 1);
        }
        self.counts[slot * self.classes + class] += 1.0;
    }

    fn widen(&mut self, classes: usize) {
        let mut counts = vec![0.0; self.units * classes];
        if self.classes > 0 {
            let old = self.counts.chunks_exact(self.classes);
            for (new, old) in counts.chunks_exact_mut(classes).zip(old) {
                new[..old.len()].copy_from_slice(old);
            }
        }
        (self.classes, self.counts) = (classes, counts);
    }

    /// Marks the units that have won for any class.
    pub(crate) fn voters(&self) -> Vec<bool> {
        let won = |slot| self.of(slot).iter().any(|n| *n > 0.0);
        (0..self.units).map(won).collect()
    }

    /// Marks the classes that any unit has won for.
    pub(crate) fn known(&self) -> Vec<bool> {
        let met = |class| (0..self.units).any(|slot| self.of(slot)[class] > 0.0);
        (0..self.classes).map(met).collect()
    }

    /// Converts the counts to an array.
    pub(crate) fn array(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.units, self.classes), |(slot, class)| self.of(slot)[class])
    }

    /// Creates the counts from an array.
    pub(crate) fn from_array(counts: &Array2<f32>) -> Self {
        let (units, classes) = counts.dim();
        Self {
            classes,
            units,
            counts: counts.iter().copied().collect(),
        }
    }

    /// Counts without any wins.
    pub(crate) fn none(units: usize) -> Self {
        Self {
            classes: 0,
            units,
            counts: Vec::new(),
        }
    }
}

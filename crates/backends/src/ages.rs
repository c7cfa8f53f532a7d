//! Adam's bias corrections `c = 1 / (1 − βᵗ)`, where t counts the updates that reached a block since an entry of it was
//! created.
//!
//! The age of an entry is that of the younger of its row and its column ([`Clock`]). c decreases with age, so the correction of
//! an entry is the larger of its row's and its column's, and ages are never computed entry by entry.

use dentate_core::{Axis, Carry, Clock};

use super::receipts;

/// Update counts at which the entries along one axis of a block were created.
#[derive(Clone, Debug, Default, PartialEq)]
struct Births {
    each: Vec<u64>,
    same: Option<u64>,
    latest: u64,
}

impl Births {
    fn new(each: Vec<u64>) -> Self {
        let mut births = Self {
            each,
            ..Self::default()
        };
        births.settle();
        births
    }

    /// Recompute the fields that summarise all entries.
    fn settle(&mut self) {
        let first = self.each.first().copied().unwrap_or(0);
        self.same = self.each.iter().all(|&b| b == first).then_some(first);
        self.latest = self.each.iter().copied().max().unwrap_or(0);
    }

    fn follow(&mut self, axis: &Axis, now: u64) {
        let appended = axis.moved.is_none() && axis.fresh.iter().all(|&f| f as usize >= self.each.len());
        receipts::carry(axis, &mut self.each, now);
        if !appended || self.each.len() == axis.fresh.len() {
            return self.settle();
        }
        // Appending one unit must not cost a scan over all units.
        if !axis.fresh.is_empty() {
            self.same = self.same.filter(|&same| same == now);
            self.latest = self.latest.max(now);
        }
    }
}

/// The age of a stored block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Age {
    updates: u64,
    rows: Births,
    cols: Births,
}

impl Age {
    /// A new block of this stored shape.
    pub(super) fn new((rows, cols): (usize, usize)) -> Self {
        Self {
            updates: 0,
            rows: Births::new(vec![0; rows]),
            cols: Births::new(vec![0; cols]),
        }
    }

    /// Converts a clock in the contract's orientation, which storage may transpose.
    pub(super) fn of(clock: &Clock, turned: bool) -> Self {
        let (rows, cols) = (
            Births::new(clock.rows.clone()),
            Births::new(clock.columns.clone()),
        );
        let (rows, cols) = if turned { (cols, rows) } else { (rows, cols) };
        Self {
            updates: clock.updates,
            rows,
            cols,
        }
    }

    /// Returns the clock in the contract's orientation.
    pub(super) fn clock(&self, turned: bool) -> Clock {
        let (rows, cols) = (&self.rows.each, &self.cols.each);
        let (rows, columns) = if turned { (cols, rows) } else { (rows, cols) };
        Clock {
            updates: self.updates,
            rows: rows.clone(),
            columns: columns.clone(),
        }
    }

    /// Reset to a new block.
    pub(super) fn reset(&mut self) {
        *self = Self::new((self.rows.each.len(), self.cols.each.len()));
    }

    /// Count one more update that reached the block.
    pub(super) fn count(&mut self) {
        self.updates += 1;
    }

    /// Subtract the last `updates` updates, which did not take place.
    #[cfg(feature = "libtorch")]
    pub(super) fn take_back(&mut self, updates: u64) {
        self.updates = self.updates.saturating_sub(updates);
    }

    /// Apply a receipt.
    pub(super) fn follow(&mut self, carry: &Carry, turned: bool) {
        match carry {
            Carry::Created(values) => {
                let (rows, cols) = values.dim();
                *self = Self::new(if turned { (cols, rows) } else { (rows, cols) });
            }
            Carry::Mapped { rows, columns, .. } => {
                let (rows, cols) = if turned { (columns, rows) } else { (rows, columns) };
                self.rows.follow(rows, self.updates);
                self.cols.follow(cols, self.updates);
            }
        }
    }
}

/// `1 / (1 − βᵗ)` by t, filled as far as it was needed.
#[derive(Debug, Default)]
struct Table {
    beta: f32,
    values: Vec<f32>,
    /// The age from which on the correction rounds to 1.
    one_from: Option<u64>,
}

/// The longest table that is kept; corrections of greater ages are computed one by one.
const TABLE: u64 = 1 << 17;

impl Table {
    fn set(&mut self, beta: f32) {
        if self.beta != beta {
            *self = Self {
                beta,
                ..Self::default()
            };
        }
    }

    fn at(&mut self, age: u64) -> f32 {
        if self.one_from.is_some_and(|from| age >= from) {
            return 1.0;
        }
        if age >= TABLE {
            return correction(self.beta, age);
        }
        while self.values.len() as u64 <= age {
            let next = correction(self.beta, self.values.len() as u64);
            if next == 1.0 {
                self.one_from = Some(self.values.len() as u64);
                return 1.0;
            }
            self.values.push(next);
        }
        self.values[age as usize]
    }
}

fn correction(beta: f32, age: u64) -> f32 {
    // The current update counts, so an age of 0 does not occur; 1 keeps the number finite all the same.
    let age = i32::try_from(age.max(1)).unwrap_or(i32::MAX);
    (1.0 / (1.0 - f64::from(beta).powi(age))) as f32
}

/// Corrections along one axis of a block in the current update.
#[derive(Debug, Default)]
pub(super) struct OfAxis {
    /// The correction of all entries if they are the same, else one for each.
    pub(super) same: Option<(f32, f32)>,
    pub(super) c1: Vec<f32>,
    pub(super) c2: Vec<f32>,
}

/// All corrections of the current update.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    tables: (Table, Table),
    blocks: Vec<[OfAxis; 2]>,
}

impl Corrections {
    /// Prepare the corrections of every block for the next update.
    pub(super) fn prepare(&mut self, betas: (f32, f32), ages: &[Age]) {
        self.tables.0.set(betas.0);
        self.tables.1.set(betas.1);
        self.blocks.resize_with(ages.len(), Default::default);
        for (block, age) in self.blocks.iter_mut().zip(ages) {
            for (axis, births) in block.iter_mut().zip([&age.rows, &age.cols]) {
                let mut of = |birth: u64| {
                    let age = (age.updates + 1).saturating_sub(birth);
                    (self.tables.0.at(age), self.tables.1.at(age))
                };
                axis.same = match births.same {
                    Some(birth) => Some(of(birth)),
                    // When the youngest entry needs no correction any more, none does.
                    None => Some(of(births.latest)).filter(|youngest| *youngest == (1.0, 1.0)),
                };
                if axis.same.is_some() {
                    continue;
                }
                axis.c1.clear();
                axis.c2.clear();
                for &birth in &births.each {
                    let (c1, c2) = of(birth);
                    axis.c1.push(c1);
                    axis.c2.push(c2);
                }
            }
        }
    }

    /// The correction of all entries of a block, if it is the same.
    pub(super) fn whole(&self, place: usize) -> Option<(f32, f32)> {
        let [rows, cols] = &self.blocks[place];
        let ((r1, r2), (c1, c2)) = (rows.same?, cols.same?);
        Some((r1.max(c1), r2.max(c2)))
    }

    /// Corrections along the rows and along the columns of a block; that of an entry is the larger of the two.
    #[cfg(feature = "libtorch")]
    pub(super) fn axes(&self, place: usize) -> &[OfAxis; 2] {
        &self.blocks[place]
    }

    /// Corrections of a stored row of a block: one for all its entries, or written to `c1` and `c2`.
    pub(super) fn row(
        &self,
        place: usize,
        row: usize,
        c1: &mut Vec<f32>,
        c2: &mut Vec<f32>,
    ) -> Option<(f32, f32)> {
        let [rows, cols] = &self.blocks[place];
        let (r1, r2) = rows.same.unwrap_or_else(|| (rows.c1[row], rows.c2[row]));
        if let Some((s1, s2)) = cols.same {
            return Some((r1.max(s1), r2.max(s2)));
        }
        c1.clear();
        c1.extend(cols.c1.iter().map(|c| c.max(r1)));
        c2.clear();
        c2.extend(cols.c2.iter().map(|c| c.max(r2)));
        None
    }
}

#[cfg(test)]
mod tests;

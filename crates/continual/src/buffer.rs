//! Memories of rows: which rows of a stream are kept, as a registered policy, and what is stored beside each.
//!
//! A memory holds row numbers, not rows. A policy decides for each row that goes by whether it is kept, and in whose place; it
//! remembers nothing itself, for the memory counts what has gone by.

use dentate_core::{Config, DataId, Dataset, Random, Rows, TaskId};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;

mod class_balanced;
mod reservoir;
mod ring;

pub use class_balanced::ClassBalanced;
pub use reservoir::Reservoir;
pub use ring::Ring;

/// A row that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept<B> {
    /// Its data set.
    pub data: DataId,
    /// Its task.
    pub task: TaskId,
    /// Its number in the data set.
    pub row: u32,
    /// Its class; none where targets are values.
    pub class: Option<u32>,
    /// What is stored beside it.
    pub beside: B,
}

/// What a policy decides by.
#[derive(Debug)]
pub struct Shelf<'a> {
    /// Rows that may be kept.
    pub capacity: usize,
    /// The classes of the rows that are kept, by place.
    pub classes: &'a [Option<u32>],
    /// Rows that have gone by, this one included.
    pub seen: u64,
    /// The same of this row's class.
    pub seen_of_class: u64,
    /// Classes that have gone by, this one included.
    pub known: usize,
    /// This row's class.
    pub class: Option<u32>,
}

impl Shelf<'_> {
    /// The places of the rows of a class.
    #[must_use]
    pub fn places(&self, class: Option<u32>) -> Vec<usize> {
        let of = |(place, own): (usize, &Option<u32>)| (*own == class).then_some(place);
        self.classes.iter().enumerate().filter_map(of).collect()
    }

    /// The class that most rows are kept of; the first of several.
    #[must_use]
    pub fn largest(&self) -> Option<(Option<u32>, usize)> {
        let mut counts: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        for class in self.classes {
            *counts.entry(*class).or_default() += 1;
        }
        counts.into_iter().fold(None, |most, (class, n)| match most {
            Some((_, m)) if m >= n => most,
            _ => Some((class, n)),
        })
    }
}

/// A policy of what is kept.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no buffer",
    label = "it does not implement `Buffer`",
    note = "implement `dentate_continual::Buffer` for `{Self}`; `cargo xtask new buffer NAME` makes one that works"
)]
pub trait Buffer: Config {
    /// The place for a row that goes by: that of a kept one, which it takes the place of, or the first free one. `None`: it is not
    /// kept.
    fn place(&self, shelf: &Shelf<'_>, random: &mut Random) -> Option<usize>;
}

/// What all buffers offer, whatever their type. A [`Buffer`] offers it by itself.
pub trait AnyBuffer {
    /// See [`Buffer::place`].
    fn place_for(&self, shelf: &Shelf<'_>, random: &mut Random) -> Option<usize>;
    /// A copy.
    fn boxed(&self) -> Box<dyn BufferSpec>;
}

impl<B: Buffer + BufferSpec> AnyBuffer for B {
    fn place_for(&self, shelf: &Shelf<'_>, random: &mut Random) -> Option<usize> {
        self.place(shelf, random)
    }

    fn boxed(&self) -> Box<dyn BufferSpec> {
        Box::new(self.clone())
    }
}

/// A buffer, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait BufferSpec: AnyBuffer + Debug + Send + Sync {}

dentate_core::__named!(BufferSpec, Buffer, "name");

impl Default for Box<dyn BufferSpec> {
    fn default() -> Self {
        Box::new(Reservoir {})
    }
}

impl Memory<()> {
    /// Offer rows with nothing beside them.
    pub fn offer_rows(
        &mut self,
        rows: &Rows,
        attached: &BTreeMap<DataId, Dataset>,
        capacity: usize,
        policy: &dyn BufferSpec,
        random: &mut Random,
    ) {
        for (data, task, row) in rows.iter() {
            let kept = Kept {
                data,
                task,
                row,
                class: attached.get(&data).and_then(|of| of.label(row)),
                beside: (),
            };
            self.offer(kept, capacity, policy, random);
        }
    }
}

/// Rows that are remembered, with what is stored beside each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory<B> {
    kept: Vec<Kept<B>>,
    classes: Vec<Option<u32>>,
    seen: u64,
    seen_by_class: BTreeMap<Option<u32>, u64>,
}

impl<B> Memory<B> {
    /// Offer a row; whether it is kept.
    pub fn offer(
        &mut self,
        row: Kept<B>,
        capacity: usize,
        policy: &dyn BufferSpec,
        random: &mut Random,
    ) -> bool {
        self.seen += 1;
        let of_class = self.seen_by_class.entry(row.class).or_default();
        *of_class += 1;
        let shelf = Shelf {
            capacity,
            classes: &self.classes,
            seen: self.seen,
            seen_of_class: *of_class,
            known: self.seen_by_class.len(),
            class: row.class,
        };
        let free = self.kept.len() < capacity;
        let Some(place) = policy.place_for(&shelf, random) else {
            return false;
        };
        match (self.kept.get_mut(place), self.classes.get_mut(place)) {
            (Some(kept), Some(class)) => {
                *class = row.class;
                *kept = row;
                true
            }
            _ if free => {
                self.classes.push(row.class);
                self.kept.push(row);
                true
            }
            _ => false,
        }
    }

    /// The places of `n` rows, drawn with replacement; none from an empty memory.
    pub fn draw(&self, n: usize, random: &mut Random) -> Vec<usize> {
        if self.kept.is_empty() {
            return Vec::new();
        }
        (0..n).map(|_| random.random_range(0..self.kept.len())).collect()
    }

    /// The rows at some places.
    #[must_use]
    pub fn rows(&self, places: &[usize]) -> Rows {
        let mut rows = Rows::default();
        for kept in places.iter().filter_map(|place| self.kept.get(*place)) {
            rows.push(kept.data, kept.task, kept.row);
        }
        rows
    }

    /// All that is kept.
    #[must_use]
    pub fn kept(&self) -> &[Kept<B>] {
        &self.kept
    }

    /// The same, to change what is stored beside.
    pub fn kept_mut(&mut self) -> impl Iterator<Item = &mut B> {
        self.kept.iter_mut().map(|kept| &mut kept.beside)
    }

    /// Rows that have gone by.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

#[cfg(test)]
mod tests;

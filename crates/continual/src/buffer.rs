//! Replay buffers: a registered policy decides which rows of a stream are kept, and data can be stored with each.
//!
//! A buffer holds row numbers, not rows. For each row of the stream a policy decides whether it is kept, and which row it
//! replaces; the policy is stateless, since the buffer keeps the counts.

use dentate_core::{Config, DataId, Dataset, Random, Rows, TaskId};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;

pub mod class_balanced;
mod greedy_balanced;
pub mod reservoir;
pub mod ring;

pub use class_balanced::ClassBalanced;
pub use greedy_balanced::GreedyBalanced;
pub use reservoir::Reservoir;
pub use ring::Ring;

/// A stored row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRow<B> {
    /// Its data set.
    pub data: DataId,
    /// Its task.
    pub task: TaskId,
    /// Its index in the data set.
    pub row: u32,
    /// Its class; `None` if targets are values.
    pub class: Option<u32>,
    /// The data stored with it.
    pub payload: B,
}

/// The state of a buffer that a policy bases its decision on.
#[derive(Debug)]
pub struct BufferView<'a> {
    /// Maximum number of rows kept.
    pub capacity: usize,
    /// The classes of the stored rows, by position.
    pub classes: &'a [Option<u32>],
    /// Rows of the stream so far, including this one.
    pub seen: u64,
    /// Rows of this row's class so far, including this one.
    pub seen_of_class: u64,
    /// Number of classes so far, including this row's.
    pub known: usize,
    /// This row's class.
    pub class: Option<u32>,
}

impl BufferView<'_> {
    /// The positions of the rows of a class.
    #[must_use]
    pub fn places(&self, class: Option<u32>) -> Vec<usize> {
        let of = |(place, own): (usize, &Option<u32>)| (*own == class).then_some(place);
        self.classes.iter().enumerate().filter_map(of).collect()
    }

    /// The class with the most stored rows, the first of ties, and its count.
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

/// A policy that decides which rows a buffer keeps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no buffer",
    label = "it does not implement `Buffer`",
    note = "implement `dentate_continual::Buffer` for `{Self}`; `cargo xtask new buffer NAME` makes one that works"
)]
pub trait Buffer: Config {
    /// The position to store a row at: that of the stored row it replaces, or the first free one. `None`: the row is not
    /// kept.
    fn place(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize>;
}

/// The interface of all buffer policies; implemented for every [`Buffer`].
pub trait AnyBuffer {
    /// See [`Buffer::place`].
    fn place_for(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize>;
    /// A copy.
    fn boxed(&self) -> Box<dyn BufferSpec>;
}

impl<B: Buffer + BufferSpec> AnyBuffer for B {
    fn place_for(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize> {
        self.place(shelf, random)
    }

    fn boxed(&self) -> Box<dyn BufferSpec> {
        Box::new(self.clone())
    }
}

/// A buffer policy as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait BufferSpec: AnyBuffer + Debug + Send + Sync {}

dentate_core::__named!(BufferSpec, Buffer, "name");

impl Default for Box<dyn BufferSpec> {
    fn default() -> Self {
        Box::new(Reservoir {})
    }
}

impl Memory<()> {
    /// Offers rows without additional data.
    pub fn offer_rows(
        &mut self,
        rows: &Rows,
        attached: &BTreeMap<DataId, Dataset>,
        capacity: usize,
        policy: &dyn BufferSpec,
        random: &mut Random,
    ) {
        for (data, task, row) in rows.iter() {
            let kept = StoredRow {
                data,
                task,
                row,
                class: attached.get(&data).and_then(|of| of.label(row)),
                payload: (),
            };
            self.offer(kept, capacity, policy, random);
        }
    }
}

/// A replay buffer: the stored rows, with additional data for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory<B> {
    kept: Vec<StoredRow<B>>,
    classes: Vec<Option<u32>>,
    seen: u64,
    seen_by_class: BTreeMap<Option<u32>, u64>,
}

impl<B> Default for Memory<B> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            classes: Vec::new(),
            seen: 0,
            seen_by_class: BTreeMap::new(),
        }
    }
}

impl<B> Memory<B> {
    /// Offers a row; returns whether it is kept.
    pub fn offer(
        &mut self,
        row: StoredRow<B>,
        capacity: usize,
        policy: &dyn BufferSpec,
        random: &mut Random,
    ) -> bool {
        self.seen += 1;
        let of_class = self.seen_by_class.entry(row.class).or_default();
        *of_class += 1;
        let shelf = BufferView {
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

    /// Positions of `n` rows, drawn with replacement; empty if the buffer is empty.
    pub fn draw(&self, n: usize, random: &mut Random) -> Vec<usize> {
        if self.kept.is_empty() {
            return Vec::new();
        }
        (0..n).map(|_| random.random_range(0..self.kept.len())).collect()
    }

    /// The rows at these positions.
    #[must_use]
    pub fn rows(&self, places: &[usize]) -> Rows {
        let mut rows = Rows::default();
        for kept in places.iter().filter_map(|place| self.kept.get(*place)) {
            rows.push(kept.data, kept.task, kept.row);
        }
        rows
    }

    /// All stored rows.
    #[must_use]
    pub fn stored(&self) -> &[StoredRow<B>] {
        &self.kept
    }

    /// Mutable access to the additional data of all stored rows.
    pub fn payloads_mut(&mut self) -> impl Iterator<Item = &mut B> {
        self.kept.iter_mut().map(|kept| &mut kept.payload)
    }

    /// Number of rows offered so far.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

#[cfg(test)]
mod tests;

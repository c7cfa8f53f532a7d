//! The values of expressions at one parameter block. Each is kept once, however often it is written, and those that are the same along a
//! row or a column are computed as they are met, one for each column or row.

use super::does::{Data, Does, apply, work};
use dentate_core::{Over, Reduction, Slot};
use pulp::{Arch, Simd, WithSimd};

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// The same for every entry: the bits of a number, so that 0 and −0 differ.
    Number(u32),
    /// One of the vectors, with a number for each stored column.
    Across(usize),
    /// One of the vectors, with a number for each stored row.
    Down(usize),
    /// A number for each entry: one of the operations.
    Entries(usize),
}

impl Value {
    pub(super) fn number(x: f32) -> Self {
        Self::Number(x.to_bits())
    }

    /// The number, if it is one.
    pub(super) fn same(self) -> Option<f32> {
        match self {
            Self::Number(bits) => Some(f32::from_bits(bits)),
            _ => None,
        }
    }
}

/// The origin of a value with a number for each entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Made {
    /// One of the slots that are read.
    Slot(usize),
    /// An operation.
    Does(Does<Value>),
}

/// The origin of another value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Does(Does<Value>),
    Reduce(Reduction, Over, Value),
}

/// All values so far.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Operations, each after those of its operands.
    pub(super) entries: Vec<Made>,
    /// Slots that are read.
    pub(super) slots: Vec<Slot>,
    vectors: Vec<Vec<f32>>,
    /// Number of vectors in use.
    used: usize,
    known: Vec<(Key, Value)>,
    /// Stored columns with their padding, and stored rows.
    lengths: (usize, usize),
}

impl Values {
    /// Forget all values, for a block of so many stored columns with their padding, and so many stored rows.
    pub(super) fn begin(&mut self, columns: usize, rows: usize) {
        self.entries.clear();
        self.slots.clear();
        self.known.clear();
        self.used = 0;
        self.lengths = (columns, rows);
    }

    /// The numbers of a value along rows or columns.
    pub(super) fn vector(&self, at: usize) -> &[f32] {
        &self.vectors[at]
    }

    /// The entries of a slot.
    pub(super) fn slot(&mut self, slot: Slot) -> Value {
        let at = self.slots.iter().position(|s| *s == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        self.entry(Made::Slot(at))
    }

    /// The slot, if the value is a slot as it is.
    pub(super) fn is_slot(&self, value: Value) -> Option<Slot> {
        let Value::Entries(at) = value else { return None };
        match self.entries[at] {
            Made::Slot(slot) => Some(self.slots[slot]),
            Made::Does(_) => None,
        }
    }

    /// The result of an operation.
    pub(super) fn does(&mut self, does: Does<Value>) -> Value {
        let Some(operands) = does.operands() else {
            return self.entry(Made::Does(does));
        };
        let is = |of: fn(&Value) -> bool| operands.iter().any(of);
        let (across, down) = (
            is(|value| matches!(value, Value::Across(_))),
            is(|value| matches!(value, Value::Down(_))),
        );
        if is(|value| matches!(value, Value::Entries(_))) || (across && down) {
            return self.entry(Made::Does(does));
        }
        if !(across || down) {
            let number = |value: Value| value.same().unwrap_or(f32::NAN);
            return Value::number(apply(does.on(number)));
        }
        if let Some(known) = self.known(Key::Does(does)) {
            return known;
        }
        let (at, mut out) = self.open(across);
        let vectors = &self.vectors;
        Arch::new().dispatch(Vector {
            does,
            vectors,
            out: &mut out,
        });
        self.vectors[at] = out;
        let value = if across {
            Value::Across(at)
        } else {
            Value::Down(at)
        };
        self.known.push((Key::Does(does), value));
        value
    }

    /// A reduction that was made before.
    pub(super) fn reduced(&self, by: Reduction, over: Over, of: Value) -> Option<Value> {
        self.known(Key::Reduce(by, over, of))
    }

    /// Keep a reduction.
    pub(super) fn keep(&mut self, by: Reduction, over: Over, of: Value, made: Value) -> Value {
        self.known.push((Key::Reduce(by, over, of), made));
        made
    }

    /// Take a vector out for writing: its number, and zeros for each stored column or row.
    pub(super) fn open(&mut self, across: bool) -> (usize, Vec<f32>) {
        let at = self.used;
        self.used += 1;
        if self.vectors.len() == at {
            self.vectors.push(Vec::new());
        }
        let mut out = std::mem::take(&mut self.vectors[at]);
        out.clear();
        out.resize(if across { self.lengths.0 } else { self.lengths.1 }, 0.0);
        (at, out)
    }

    /// Put a vector back that was taken out.
    pub(super) fn close(&mut self, at: usize, vector: Vec<f32>, across: bool) -> Value {
        self.vectors[at] = vector;
        if across {
            Value::Across(at)
        } else {
            Value::Down(at)
        }
    }

    fn known(&self, key: Key) -> Option<Value> {
        let found = self.known.iter().find(|(known, _)| *known == key);
        found.map(|(_, value)| *value)
    }

    fn entry(&mut self, made: Made) -> Value {
        let at = self.entries.iter().position(|known| *known == made);
        Value::Entries(at.unwrap_or_else(|| {
            self.entries.push(made);
            self.entries.len() - 1
        }))
    }
}

/// Run an operation on vectors.
struct Vector<'a> {
    does: Does<Value>,
    vectors: &'a [Vec<f32>],
    out: &'a mut [f32],
}

impl WithSimd for Vector<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.out.len();
        let read = |value| match value {
            Value::Across(at) | Value::Down(at) => Data::Each(&self.vectors[at][..n]),
            Value::Number(bits) => Data::One(f32::from_bits(bits)),
            Value::Entries(_) => Data::One(f32::NAN),
        };
        work(self.does, self.out, read);
    }
}

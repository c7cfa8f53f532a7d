//! Values as instructions on registers, in order: only those that are needed, with two operations in one go where nothing else reads
//! what is between them.

use super::does::{Arithmetic, Does};
use super::values::{Made, Value, Values};

/// The source of an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    Register(usize),
    /// One of the slots that are read.
    Slot(usize),
    /// One of the numbers, spread over entries.
    Spread(usize),
    /// One of the vectors with a number for each stored column, repeated for each row.
    Across(usize),
    /// One of the vectors with a number for each stored row, repeated along the row.
    Down(usize),
    Number(f32),
}

/// Two operations in one go.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// The one that the other reads.
    inner: usize,
    does: Does<Value>,
}

/// Instructions, each with the register that it writes.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) instructions: Vec<(Does<Source>, usize)>,
    pub(super) outputs: Vec<Source>,
    pub(super) registers: usize,
    /// Numbers that are spread over entries.
    pub(super) numbers: Vec<f32>,
    /// Vectors that are repeated, for each stored column or row.
    pub(super) across: Vec<usize>,
    pub(super) down: Vec<usize>,
    /// For each operation: how many operands it still is, and whether another one includes it.
    uses: Vec<usize>,
    included: Vec<bool>,
    /// For each operation, the one that it includes.
    pairs: Vec<Option<Pair>>,
    /// The place of each operation's result.
    places: Vec<Option<Source>>,
    free: Vec<usize>,
}

impl Schedule {
    /// Plan the computation of some values. With `copied`, slots are copied to registers: what is written next may be one of them.
    pub(super) fn plan(&mut self, values: &Values, outputs: &[Value], copied: bool) {
        self.instructions.clear();
        self.outputs.clear();
        self.numbers.clear();
        self.across.clear();
        self.down.clear();
        self.free.clear();
        self.registers = 0;
        self.count(values, outputs);
        for at in 0..values.entries.len() {
            if self.uses[at] > 0 && !self.included[at] {
                self.emit(values, at);
            }
        }
        for &output in outputs {
            let source = self.source(output);
            let source = match source {
                Source::Slot(_) if copied => {
                    let to = self.open();
                    self.instructions.push((Does::Copy(source), to));
                    Source::Register(to)
                }
                _ => source,
            };
            self.outputs.push(source);
        }
    }

    /// Count the operands that each operation is, from the last to the first, and choose pairs.
    fn count(&mut self, values: &Values, outputs: &[Value]) {
        let n = values.entries.len();
        self.uses.clear();
        self.uses.resize(n, 0);
        self.included.clear();
        self.included.resize(n, false);
        self.pairs.clear();
        self.pairs.resize(n, None);
        self.places.clear();
        self.places.resize(n, None);
        for output in outputs {
            if let Value::Entries(at) = output {
                // Never freed.
                self.uses[*at] += 1 << 32;
            }
        }
        for at in (0..n).rev() {
            if self.uses[at] == 0 {
                continue;
            }
            let Made::Does(does) = values.entries[at] else {
                continue;
            };
            let Some(operands) = does.operands() else { continue };
            for operand in &operands[..does.takes()] {
                if let Value::Entries(operand) = operand {
                    self.uses[*operand] += 1;
                }
            }
        }
        for at in (0..n).rev() {
            if self.uses[at] > 0 && !self.included[at] {
                self.pairs[at] = self.pair(values, at);
                if let Some(Pair { inner, .. }) = self.pairs[at] {
                    self.included[inner] = true;
                }
            }
        }
    }

    /// The operation that can be done in one go with the one that reads it.
    fn pair(&self, values: &Values, at: usize) -> Option<Pair> {
        let arithmetic = |at: usize| match values.entries[at] {
            Made::Does(Does::Binary(by, x, y)) => Some((Arithmetic::of(by)?, x, y)),
            _ => None,
        };
        let (outer, x, y) = arithmetic(at)?;
        let fits = |value: Value, third: Value, turned: bool| {
            let Value::Entries(inner) = value else { return None };
            let (by, a, b) = arithmetic(inner).filter(|_| self.uses[inner] == 1)?;
            let does = Does::Both(by, outer, [a, b, third], turned);
            Some(Pair { inner, does })
        };
        fits(x, y, false).or_else(|| fits(y, x, true))
    }

    fn emit(&mut self, values: &Values, at: usize) {
        let does = match (self.pairs[at], values.entries[at]) {
            (_, Made::Slot(slot)) => {
                self.places[at] = Some(Source::Slot(slot));
                return;
            }
            (Some(pair), _) => pair.does,
            (None, Made::Does(does)) => does,
        };
        let spread = matches!(does, Does::Both(..));
        let sourced = does.on(|value| {
            let source = self.source(value);
            if spread { self.spread(source) } else { source }
        });
        let to = self.open();
        // An operand that nothing reads any more gives its register back, after the result has got its own.
        for operand in does.operands().iter().flat_map(|all| &all[..does.takes()]) {
            if let Value::Entries(operand) = *operand {
                self.uses[operand] -= 1;
                if self.uses[operand] == 0
                    && let Some(Source::Register(register)) = self.places[operand]
                {
                    self.free.push(register);
                }
            }
        }
        self.instructions.push((sourced, to));
        self.places[at] = Some(Source::Register(to));
    }

    fn source(&mut self, value: Value) -> Source {
        match value {
            Value::Number(bits) => Source::Number(f32::from_bits(bits)),
            Value::Across(vector) => Source::Across(index(&mut self.across, vector)),
            Value::Down(vector) => Source::Down(index(&mut self.down, vector)),
            // Operations come after those of their operands.
            Value::Entries(at) => self.places[at].unwrap_or(Source::Number(f32::NAN)),
        }
    }

    /// Spread a number over entries.
    fn spread(&mut self, source: Source) -> Source {
        let Source::Number(value) = source else {
            return source;
        };
        let known = self.numbers.iter().position(|n| n.to_bits() == value.to_bits());
        Source::Spread(known.unwrap_or_else(|| {
            self.numbers.push(value);
            self.numbers.len() - 1
        }))
    }

    fn open(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers - 1
        })
    }
}

/// The position of a vector in a list, to which it is added.
fn index(list: &mut Vec<usize>, vector: usize) -> usize {
    list.iter().position(|v| *v == vector).unwrap_or_else(|| {
        list.push(vector);
        list.len() - 1
    })
}

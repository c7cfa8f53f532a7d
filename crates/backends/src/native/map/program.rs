//! An expression at one parameter block: instructions on registers, in order.

use super::does::{Arithmetic, Does, Source, apply};
use dentate_core::{Binary, Node, Noise, Parameter, Slot};

/// Instructions, each with the register that it writes. The register of the last one holds the result.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) instructions: Vec<(Does, usize)>,
    pub(super) slots: Vec<Slot>,
    /// Numbers that are broadcast to every entry.
    pub(super) numbers: Vec<f32>,
    /// Numbers of stored rows or columns.
    pub(super) vectors: Vec<Vec<f32>>,
    /// Number of registers.
    pub(super) registers: usize,
    free: Vec<usize>,
    stack: Vec<Source>,
}

impl Program {
    /// Push a number.
    pub(super) fn number(&mut self, value: f32) {
        self.stack.push(Source::Number(value));
    }

    /// Push a number for each stored row, or for each stored column.
    pub(super) fn vector(&mut self, values: Vec<f32>, across: bool) {
        let at = self.vectors.len();
        self.vectors.push(values);
        self.stack.push(if across {
            Source::Across(at)
        } else {
            Source::Down(at)
        });
    }

    /// Add the next node, which is not a reduction; `fan_in` is that of the block.
    pub(super) fn push(&mut self, node: Node, parameter: Parameter, fan_in: f32) {
        match node {
            Node::Constant(value) => self.number(value),
            Node::Weights => self.number(f32::from(u8::from(matches!(parameter, Parameter::Weight(_))))),
            Node::FanIn => self.number(fan_in),
            Node::Slot(slot) => {
                let at = self.slots.iter().position(|s| *s == slot).unwrap_or_else(|| {
                    self.slots.push(slot);
                    self.slots.len() - 1
                });
                self.stack.push(Source::Slot(at));
            }
            Node::Noise(seed) => self.instruct(Does::Noise(Noise::of(seed, parameter)), &[]),
            Node::Unary(by) => {
                let x = self.pop();
                self.instruct(Does::Unary(by, x), &[x]);
            }
            Node::Binary(by) => {
                let (y, x) = (self.pop(), self.pop());
                if !self.join(by, x, y) {
                    self.instruct(Does::Binary(by, x, y), &[x, y]);
                }
            }
            Node::Select => {
                let (no, yes, which) = (self.pop(), self.pop(), self.pop());
                self.instruct(Does::Select(which, yes, no), &[which, yes, no]);
            }
            Node::Reduce(..) => {}
        }
    }

    /// Combine an operation with the one before it, if that computes its operand. Returns `false` if they cannot be combined.
    fn join(&mut self, by: Binary, x: Source, y: Source) -> bool {
        let Some(&(Does::Binary(before, a, b), made)) = self.instructions.last() else {
            return false;
        };
        let made = Source::Register(made);
        let (Some(inner), Some(outer)) = (Arithmetic::of(before), Arithmetic::of(by)) else {
            return false;
        };
        let (third, turned) = match (x == made, y == made) {
            (true, false) => (y, false),
            (false, true) => (x, true),
            _ => return false,
        };
        if [a, b, third].iter().any(|x| matches!(x, Source::Down(_))) {
            return false;
        }
        self.instructions.pop();
        // The operands of the first are used now, and its result is never written.
        self.free
            .retain(|free| ![a, b].contains(&Source::Register(*free)));
        if let Source::Register(made) = made {
            self.free.push(made);
        }
        let spread = [a, b, third].map(|source| self.spread(source));
        self.instruct(Does::Both(inner, outer, spread, turned), &spread);
        true
    }

    /// Broadcast a number to every entry.
    fn spread(&mut self, source: Source) -> Source {
        let Source::Number(value) = source else {
            return source;
        };
        self.numbers.push(value);
        Source::Spread(self.numbers.len() - 1)
    }

    fn pop(&mut self) -> Source {
        // Expressions are built so that every node has its operands.
        self.stack.pop().unwrap_or(Source::Number(0.0))
    }

    fn instruct(&mut self, does: Does, takes: &[Source]) {
        if !takes.is_empty() && takes.iter().all(|x| matches!(x, Source::Number(_))) {
            let mut out = [0.0];
            apply(does, &mut out);
            return self.number(out[0]);
        }
        let to = self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers - 1
        });
        for source in takes {
            if let Source::Register(register) = source {
                self.free.push(*register);
            }
        }
        self.instructions.push((does, to));
        self.stack.push(Source::Register(to));
    }

    /// The result, if it is one number.
    pub(super) fn constant(&self) -> Option<f32> {
        match self.stack.last() {
            Some(Source::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// The slot, if the result is a slot as it is.
    pub(super) fn copied(&self) -> Option<usize> {
        match self.stack.last() {
            Some(Source::Slot(at)) => Some(*at),
            _ => None,
        }
    }

    /// Returns whether values depend on their position.
    pub(super) fn placed(&self) -> bool {
        let noise = |(does, _): &(Does, usize)| matches!(does, Does::Noise(_));
        !self.vectors.is_empty() || self.instructions.iter().any(noise)
    }

    /// The result at an entry, if it is one of the vectors as it is.
    pub(super) fn plain(&self) -> Option<Source> {
        let last = self.stack.last().copied();
        last.filter(|last| matches!(last, Source::Across(_) | Source::Down(_)))
    }
}

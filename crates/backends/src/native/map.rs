//! Expressions over slots ([`Backend::map`](dentate_core::Backend::map)): for each parameter block the expression becomes a
//! [`Program`], with its reductions computed beforehand, and the program runs chunk by chunk in the nearest cache.

mod along;
mod chunk;
mod does;
mod fold;
mod program;

pub(super) use chunk::Registers;

use super::Native;
use super::block::Block;
use super::network::Network;
use super::settle::settled;
use super::slots::{self, Slots};
use chunk::{Folded, Line, Written};
use dentate_core::{BackendError, Expr, Node, Over, Reduction, Slot};
use fold::Fold;
use program::Program;
use pulp::Arch;
use std::ops::Range;

impl Native {
    pub(super) fn map_into(&mut self, into: Slot, expr: &Expr) -> Result<(), BackendError> {
        self.check_expression(expr)?;
        let (parameters, all) = (into == Slot::WEIGHT, 0..expr.nodes().len());
        // A slot that is not read is overwritten in place, which touches less memory.
        let in_place = !parameters && expr.slots().all(|slot| slot != into);
        let mut out = if in_place {
            self.slots.take(into, &self.network)
        } else {
            std::mem::take(&mut self.spare)
        };
        fit(&self.network, &mut out);
        let mut evaluation = Evaluation::new(&self.network, &self.weights, &self.slots, expr);
        for (place, out) in out.iter_mut().enumerate() {
            if parameters && self.network.rate(place) == Some(0.0) {
                out.copy_from(&self.weights[place]);
                continue;
            }
            evaluation.write(place, all.clone(), out, &mut self.registers);
            if parameters {
                keep_frozen(&self.network, place, &self.weights[place], out, &mut self.rates);
            }
        }
        if parameters {
            // Frozen parameters have not changed, so their cached outputs stay valid.
            self.spare = std::mem::replace(&mut self.weights, out);
            return Ok(());
        }
        let reached = |place| expr.reaches(|slot| self.slots.reached(slot, place));
        self.done.clear();
        self.done.extend((0..self.network.places.len()).map(reached));
        let before = self.slots.put(into, out, &self.done);
        if !in_place {
            self.spare = before;
        }
        Ok(())
    }

    /// Refuse an expression that is too large, or reads a slot that was never written.
    fn check_expression(&self, expr: &Expr) -> Result<(), BackendError> {
        expr.check()?;
        for slot in expr.slots() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        Ok(())
    }

    pub(super) fn reduced(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError> {
        self.check_expression(of)?;
        let mut evaluation = Evaluation::new(&self.network, &self.weights, &self.slots, of);
        Ok(evaluation.over_all(by, 0..of.nodes().len(), &mut self.registers))
    }
}

/// Fit blocks to the network; their contents are undefined.
fn fit(network: &Network, blocks: &mut Vec<Block>) {
    blocks.resize_with(network.places.len(), Block::default);
    for (block, place) in blocks.iter_mut().zip(&network.places) {
        let (rows, cols) = place.stored();
        block.reshape(rows, cols);
    }
}

/// Restore entries that do not learn.
pub(super) fn keep_frozen(
    network: &Network,
    place: usize,
    before: &Block,
    after: &mut Block,
    rates: &mut Vec<f32>,
) {
    match network.rate(place) {
        Some(0.0) => return after.copy_from(before),
        Some(_) => return,
        None => {}
    }
    for i in 0..after.rows() {
        let (before, after) = (before.row(i), after.row_mut(i));
        match network.rates(place, i, rates) {
            Some(0.0) => after.copy_from_slice(before),
            Some(_) => {}
            None => {
                for ((after, before), rate) in after.iter_mut().zip(before).zip(&*rates) {
                    *after = if *rate == 0.0 { *before } else { *after };
                }
            }
        }
    }
}

/// An expression under evaluation. Its parts are ranges of its nodes.
struct Evaluation<'a> {
    network: &'a Network,
    weights: &'a [Block],
    slots: &'a Slots,
    nodes: &'a [Node],
    /// For each node, the index at which its operands begin.
    begins: Vec<usize>,
    /// Reductions over all blocks that were computed.
    made: Vec<Option<f32>>,
}

impl<'a> Evaluation<'a> {
    /// The start of an evaluation of a checked expression.
    fn new(network: &'a Network, weights: &'a [Block], slots: &'a Slots, expr: &'a Expr) -> Self {
        let (nodes, mut stack) = (expr.nodes(), Vec::new());
        let begin = |(at, node): (usize, &Node)| {
            let taken: Vec<usize> = stack.split_off(stack.len() - node.takes());
            let begin = taken.first().copied().unwrap_or(at);
            stack.push(begin);
            begin
        };
        let begins = nodes.iter().enumerate().map(begin).collect();
        Self {
            network,
            weights,
            slots,
            nodes,
            begins,
            made: vec![None; nodes.len()],
        }
    }

    /// The program of a part at one block.
    fn program(&mut self, place: usize, part: Range<usize>, registers: &mut Registers) -> Program {
        // Reductions that are not inside of others, the last one first.
        let (mut outer, mut at) = (Vec::new(), part.end);
        while at > part.start {
            at -= 1;
            if let Node::Reduce(by, over) = self.nodes[at] {
                outer.push((at, by, over));
                at = self.begins[at];
            }
        }
        let (mut program, mut at) = (Program::default(), part.start);
        while at < part.end {
            if let Some(&(end, by, over)) = outer.last().filter(|(end, ..)| self.begins[*end] == at) {
                outer.pop();
                let part = at..end;
                match over {
                    Over::Block => program.number(self.over_block(by, place, part, registers)),
                    Over::All => program.number(self.once(by, part, registers)),
                    Over::Row | Over::Column => {
                        // A block that is stored as its transpose has the columns for rows.
                        let across = (over == Over::Row) == self.network.places[place].turned();
                        program.vector(self.along(by, place, part, across, registers), across);
                    }
                }
                at = end + 1;
                continue;
            }
            let parameter = self.network.places[place].parameter;
            program.push(self.nodes[at], parameter, self.network.fan_in(place));
            at += 1;
        }
        program
    }

    /// A reduction over all blocks, computed once.
    fn once(&mut self, by: Reduction, part: Range<usize>, registers: &mut Registers) -> f32 {
        let end = part.end;
        if let Some(made) = self.made[end] {
            return made;
        }
        let made = self.over_all(by, part, registers) as f32;
        self.made[end] = Some(made);
        made
    }

    fn over_all(&mut self, by: Reduction, part: Range<usize>, registers: &mut Registers) -> f64 {
        let mut fold = Fold::new(by);
        for place in 0..self.network.places.len() {
            if self.network.places[place].parameter.learned() {
                self.fold(place, part.clone(), &mut fold, registers);
            }
        }
        fold.finish()
    }

    fn over_block(
        &mut self,
        by: Reduction,
        place: usize,
        part: Range<usize>,
        registers: &mut Registers,
    ) -> f32 {
        let mut fold = Fold::new(by);
        self.fold(place, part, &mut fold, registers);
        fold.finish() as f32
    }

    fn sources(&self, place: usize, program: &Program) -> Vec<&'a Block> {
        let (weights, slots) = (self.weights, self.slots);
        let block = |slot: &Slot| {
            slots::read(weights, slots, *slot)
                .ok()
                .map(|blocks| &blocks[place])
        };
        // All slots were there when the evaluation began.
        program.slots.iter().filter_map(block).collect()
    }

    /// Fold the values of a part at one block.
    fn fold(&mut self, place: usize, part: Range<usize>, fold: &mut Fold, registers: &mut Registers) {
        let program = self.program(place, part, registers);
        let at = &self.network.places[place];
        let (rows, cols) = at.stored();
        if let Some(number) = program.constant() {
            return fold.take_equal(number, (rows * cols) as u64);
        }
        let sources = self.sources(place, &program);
        registers.fit(&program);
        let (program, turned) = (&program, at.turned());
        for row in 0..rows {
            let slots = &|n: usize| sources[n].row(row);
            let line = Line {
                program,
                slots,
                row,
                turned,
            };
            Arch::new().dispatch(Folded {
                line,
                registers,
                cols,
                fold,
            });
        }
    }

    /// Write the values of a part at one block.
    fn write(&mut self, place: usize, part: Range<usize>, out: &mut Block, registers: &mut Registers) {
        let program = self.program(place, part, registers);
        if let Some(number) = program.constant() {
            return out.fill(settled(number));
        }
        let sources = self.sources(place, &program);
        registers.fit(&program);
        let (program, turned) = (&program, self.network.places[place].turned());
        // Blocks of one stride are like one long row, whose padding is never read, if no value depends on its position.
        let even = sources.iter().all(|source| source.stride() == out.stride());
        if even && !program.placed() {
            let len = out.rows() * out.stride();
            let (slots, row, out) = (
                &|n: usize| &sources[n].data()[..len],
                0,
                &mut out.data_mut()[..len],
            );
            let line = Line {
                program,
                slots,
                row,
                turned,
            };
            return Arch::new().dispatch(Written::stored(line, registers, out));
        }
        for row in 0..out.rows() {
            let (slots, out) = (&|n: usize| sources[n].row(row), out.row_mut(row));
            let line = Line {
                program,
                slots,
                row,
                turned,
            };
            Arch::new().dispatch(Written::stored(line, registers, out));
        }
    }
}

#[cfg(test)]
mod tests;

//! The evaluation of expressions at one parameter block after the other.

use super::super::network::Network;
use super::chunk::{Gather, Registers, Store, padded, part};
use super::does::{Data, Does};
use super::fold::Fold;
use super::held::{Held, Origin};
use super::schedule::{Schedule, Source};
use super::values::{Value, Values};
use dentate_core::{Expr, Node, Noise, Over, Parameter, Reduction, Slot};
use pulp::Arch;

/// Buffers of an evaluation, whose contents never outlive it.
#[derive(Debug, Default)]
pub(in crate::native) struct Workspace {
    pub(super) values: Values,
    pub(super) schedule: Schedule,
    pub(super) registers: Registers,
    outputs: Vec<Value>,
    rates: Vec<f32>,
}

/// An expression with the node at which the operands of each node begin.
struct Parsed<'a> {
    nodes: &'a [Node],
    begins: Vec<usize>,
}

impl<'a> Parsed<'a> {
    fn new(nodes: &'a [Node]) -> Self {
        let (mut begins, mut stack) = (Vec::with_capacity(nodes.len()), Vec::new());
        for (at, node) in nodes.iter().enumerate() {
            let first = stack.len() - node.takes();
            let begin = stack.get(first).copied().unwrap_or(at);
            stack.truncate(first);
            stack.push(begin);
            begins.push(begin);
        }
        Self { nodes, begins }
    }

    /// The node of the result.
    fn last(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }
}

/// Expressions under evaluation.
pub(super) struct Evaluation<'a> {
    pub(super) network: &'a Network,
    pub(super) held: Held<'a>,
    pub(super) workspace: &'a mut Workspace,
    parsed: Vec<Parsed<'a>>,
    /// Reductions over all blocks that were made: the expression, the node, and what it came to.
    made: Vec<(usize, usize, f32)>,
}

impl<'a> Evaluation<'a> {
    /// The start of an evaluation of checked expressions.
    pub(super) fn new(
        network: &'a Network,
        held: Held<'a>,
        exprs: impl Iterator<Item = &'a Expr>,
        workspace: &'a mut Workspace,
    ) -> Self {
        let mut evaluation = Self {
            network,
            held,
            workspace,
            parsed: exprs.map(|expr| Parsed::new(expr.nodes())).collect(),
            made: Vec::new(),
        };
        for expr in 0..evaluation.parsed.len() {
            evaluation.prepare(expr);
        }
        evaluation
    }

    /// Make the reductions over all blocks in an expression.
    fn prepare(&mut self, expr: usize) {
        // What is within another reduction comes before it.
        for at in 0..self.parsed[expr].nodes.len() {
            let Node::Reduce(by, Over::All) = self.parsed[expr].nodes[at] else {
                continue;
            };
            let part = |(expr, at): (usize, usize)| {
                let Parsed { nodes, begins } = &self.parsed[expr];
                &nodes[begins[at]..=at]
            };
            let known = self
                .made
                .iter()
                .find(|(e, a, _)| alike(part((*e, *a)), part((expr, at))));
            let made = match known {
                Some((.., made)) => *made,
                None => self.over_all(by, expr, at - 1) as f32,
            };
            self.made.push((expr, at, made));
        }
    }

    /// The reduction of an expression over all learned blocks.
    pub(super) fn of_all(&mut self, by: Reduction) -> f64 {
        let last = self.parsed.first().map_or(0, Parsed::last);
        self.over_all(by, 0, last)
    }

    /// The reduction of a part of an expression over all learned blocks.
    fn over_all(&mut self, by: Reduction, expr: usize, end: usize) -> f64 {
        let mut fold = Fold::new(by);
        for place in 0..self.network.places.len() {
            if self.network.places[place].parameter.learned() {
                self.begin(place);
                let value = self.value(place, expr, end);
                self.fold(place, value, &mut fold);
            }
        }
        fold.finish()
    }

    /// Write the expressions at one block into the slots that were taken out, in their order.
    pub(super) fn write(&mut self, place: usize) {
        self.begin(place);
        let mut outputs = std::mem::take(&mut self.workspace.outputs);
        outputs.clear();
        for expr in 0..self.parsed.len() {
            let end = self.parsed[expr].last();
            outputs.push(self.value(place, expr, end));
        }
        let several = outputs.len() > 1;
        let Workspace { values, schedule, .. } = &mut *self.workspace;
        schedule.plan(values, &outputs, several);
        // A slot that is written into itself stays as it is.
        let kept = |n: usize| !several && values.is_slot(outputs[n]) == Some(self.held.taken[n].0);
        if !(outputs.is_empty() || kept(0)) {
            self.store(place);
        }
        self.workspace.outputs = outputs;
    }

    /// Run the schedule, and store all of its outputs piece by piece.
    fn store(&mut self, place: usize) {
        let origins = self.origins();
        for piece in self.pieces(place, &origins, true) {
            self.run(place, &origins, piece, &mut Gather::Nothing);
            let (held, network) = (&mut self.held, self.network);
            let Workspace {
                schedule,
                registers,
                rates,
                ..
            } = &mut *self.workspace;
            for (n, &output) in schedule.outputs.iter().enumerate() {
                // Only what stands alone is a slot as it is, and then another one than is written.
                let source = match output {
                    Source::Slot(at) => match origins[at] {
                        Origin::Retained(blocks) => Data::Each(part(&blocks[place], &piece)),
                        Origin::Taken(_) => continue,
                    },
                    _ => registers.output(output, &piece, |_| &[]),
                };
                let (slot, blocks) = &mut held.taken[n];
                let block = &mut blocks[place];
                let start = piece.row * block.stride() + piece.first;
                let to = &mut block.data_mut()[start..start + piece.floats];
                let rate = if *slot == Slot::WEIGHT {
                    network.rate(place)
                } else {
                    Some(1.0)
                };
                if rate == Some(0.0) {
                    continue;
                }
                if rate.is_some() {
                    Arch::new().dispatch(Store {
                        from: source,
                        to,
                        rates: None,
                    });
                    continue;
                }
                // Some entries do not learn.
                for (row, to) in to.chunks_mut(piece.stride).enumerate() {
                    let to = &mut to[..piece.columns];
                    let from = match source {
                        Data::Each(all) => Data::Each(&all[row * piece.stride..][..piece.columns]),
                        Data::One(x) => Data::One(x),
                    };
                    let rates = match network.rates(place, piece.row + row, rates) {
                        Some(0.0) => continue,
                        Some(_) => None,
                        None => Some(&rates[piece.first..piece.first + piece.columns]),
                    };
                    Arch::new().dispatch(Store { from, to, rates });
                }
            }
        }
    }

    /// Forget the values of another block.
    fn begin(&mut self, place: usize) {
        let (rows, columns) = self.network.places[place].stored();
        self.workspace.values.begin(padded(columns), rows);
    }

    /// The value of an expression up to a node at a block, beside others there.
    fn value(&mut self, place: usize, expr: usize, end: usize) -> Value {
        let node = self.parsed[expr].nodes[end];
        let operand = |end: usize| (end, self.parsed[expr].begins[end]);
        match node {
            Node::Unary(by) => {
                let x = self.value(place, expr, end - 1);
                self.workspace.values.does(Does::Unary(by, x))
            }
            Node::Binary(by) => {
                let (second, begin) = operand(end - 1);
                let x = self.value(place, expr, begin - 1);
                let y = self.value(place, expr, second);
                self.workspace.values.does(Does::Binary(by, x, y))
            }
            Node::Select => {
                let (no, begin) = operand(end - 1);
                let (yes, begin) = operand(begin - 1);
                let which = self.value(place, expr, begin - 1);
                // What is not chosen is not looked at, so that no reduction in it is made.
                if let Some(which) = which.same() {
                    return self.value(place, expr, if which == 0.0 { no } else { yes });
                }
                let yes = self.value(place, expr, yes);
                let no = self.value(place, expr, no);
                self.workspace.values.does(Does::Select(which, yes, no))
            }
            Node::Reduce(_, Over::All) => {
                let made = self.made.iter().find(|(e, at, _)| (*e, *at) == (expr, end));
                Value::number(made.map_or(f32::NAN, |(.., made)| *made))
            }
            Node::Reduce(by, over) => {
                let x = self.value(place, expr, end - 1);
                self.reduced(place, by, over, x)
            }
            _ => self.leaf(place, node),
        }
    }

    fn leaf(&mut self, place: usize, node: Node) -> Value {
        let parameter = self.network.places[place].parameter;
        let values = &mut self.workspace.values;
        let flag = |is: bool| Value::number(f32::from(u8::from(is)));
        match node {
            Node::Slot(slot) => values.slot(slot),
            Node::Constant(x) => Value::number(x),
            Node::Noise(seed) => values.does(Does::Noise(Noise::of(seed, parameter))),
            Node::Weights => flag(matches!(parameter, Parameter::Weight(_))),
            Node::FanIn => Value::number(self.network.fan_in(place)),
            Node::Reached(slot) => flag(self.held.slots.reached(slot, place)),
            Node::Unary(_) | Node::Binary(_) | Node::Select | Node::Reduce(..) => Value::number(f32::NAN),
        }
    }
}

/// Returns whether two expressions are the same; 0 and −0 are not.
fn alike(a: &[Node], b: &[Node]) -> bool {
    let same = |(a, b): (&Node, &Node)| match (a, b) {
        (Node::Constant(a), Node::Constant(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

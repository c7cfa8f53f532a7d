//! The evaluation of expressions at one parameter block after the other.

use super::super::block::Block;
use super::super::network::Network;
use super::chunk::{Folded, Gather, Piece, Registers, Run, Store};
use super::does::{Data, Does};
use super::fold::{Across, Down, Fold};
use super::held::{Held, Origin};
use super::schedule::{Schedule, Source};
use super::values::{Value, Values};
use dentate_core::{Expr, Node, Noise, Over, Parameter, Reduction, Slot};
use pulp::Arch;

/// Buffers of an evaluation, whose contents never outlive it.
#[derive(Debug, Default)]
pub(in crate::native) struct Workspace {
    values: Values,
    schedule: Schedule,
    registers: Registers,
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
    network: &'a Network,
    pub(super) held: Held<'a>,
    workspace: &'a mut Workspace,
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

    /// The reduction of a value within a block.
    fn reduced(&mut self, place: usize, by: Reduction, over: Over, of: Value) -> Value {
        if let Some(made) = self.workspace.values.reduced(by, over, of) {
            return made;
        }
        let at = &self.network.places[place];
        let ((rows, columns), turned) = (at.stored(), at.turned());
        let made = match over {
            Over::Block | Over::All => {
                let mut fold = Fold::new(by);
                self.fold(place, of, &mut fold);
                Value::number(fold.finish() as f32)
            }
            // A block that is stored as its transpose has the columns for rows.
            Over::Row | Over::Column => {
                let across = (over == Over::Row) == turned;
                // The number of values that are reduced to one.
                let count = if across { rows } else { columns };
                match of {
                    Value::Number(_) => self.folded(by, &[], of.same(), count),
                    Value::Across(vector) if !across => {
                        let vector = self.workspace.values.vector(vector)[..columns].to_vec();
                        self.folded(by, &vector, None, count)
                    }
                    Value::Down(vector) if across => {
                        let vector = self.workspace.values.vector(vector).to_vec();
                        self.folded(by, &vector, None, count)
                    }
                    Value::Across(_) | Value::Down(_) | Value::Entries(_) => {
                        self.along(place, by, of, across)
                    }
                }
            }
        };
        self.workspace.values.keep(by, over, of, made)
    }

    /// The reduction of a vector, or of so many equal numbers.
    fn folded(&self, by: Reduction, vector: &[f32], same: Option<f32>, count: usize) -> Value {
        let mut fold = Fold::new(by);
        match same {
            Some(x) => fold.take_equal(x, count as u64),
            None => Arch::new().dispatch(Folded {
                vector,
                fold: &mut fold,
            }),
        }
        Value::number(fold.finish() as f32)
    }

    /// The reductions of each stored column (`across`) or each stored row.
    fn along(&mut self, place: usize, by: Reduction, of: Value, across: bool) -> Value {
        let (rows, columns) = self.network.places[place].stored();
        let (at, mut out) = self.workspace.values.open(across);
        if across {
            let mut gather = Gather::Across(Across::new(by, columns));
            self.scan(place, of, &mut gather);
            if let Gather::Across(fold) = gather {
                fold.finish(&mut out[..columns]);
            }
        } else {
            // For rows without any column, of which there are no pieces.
            out.fill(Fold::new(by).finish() as f32);
            let mut gather = Gather::Down(Down::new(by, columns, &mut out[..rows]));
            self.scan(place, of, &mut gather);
        }
        self.workspace.values.close(at, out, across)
    }

    /// Fold a value at a block.
    fn fold(&mut self, place: usize, of: Value, into: &mut Fold) {
        let (rows, columns) = self.network.places[place].stored();
        let (vector, times) = match of {
            Value::Number(bits) => return into.take_equal(f32::from_bits(bits), (rows * columns) as u64),
            Value::Entries(_) => {
                let mut gather = Gather::Fold(std::mem::replace(into, into.empty()));
                self.scan(place, of, &mut gather);
                if let Gather::Fold(fold) = gather {
                    *into = fold;
                }
                return;
            }
            Value::Across(vector) => (&self.workspace.values.vector(vector)[..columns], rows),
            Value::Down(vector) => (self.workspace.values.vector(vector), columns),
        };
        let mut once = into.empty();
        Arch::new().dispatch(Folded {
            vector,
            fold: &mut once,
        });
        into.take_times(&once, times as u64);
    }

    /// Compute a value at a block and gather it.
    fn scan(&mut self, place: usize, of: Value, gather: &mut Gather<'_>) {
        let Workspace { values, schedule, .. } = &mut *self.workspace;
        schedule.plan(values, &[of], false);
        let origins = self.origins();
        for piece in self.pieces(place, &origins, false) {
            self.run(place, &origins, piece, gather);
        }
    }

    /// Run the schedule on a piece of a block.
    fn run(&mut self, place: usize, origins: &[Origin<'a>], piece: Piece, gather: &mut Gather<'_>) {
        let held = &self.held;
        let slots = |n: usize| part(held.block(origins[n], place), &piece);
        let Workspace {
            values,
            schedule,
            registers,
            ..
        } = &mut *self.workspace;
        if piece.row == 0 && piece.first == 0 {
            registers.fit(schedule, values, &piece);
        }
        Arch::new().dispatch(Run {
            schedule,
            values,
            registers,
            slots: &slots,
            piece,
            gather,
        });
    }

    /// The places of the slots that are read.
    fn origins(&self) -> Vec<Origin<'a>> {
        let slots = self.workspace.values.slots.iter();
        // All slots were there when the evaluation began.
        slots
            .map(|slot| self.held.origin(*slot).unwrap_or(Origin::Retained(&[])))
            .collect()
    }

    /// The pieces of a block: of several rows each if these lie alike in all blocks that are read, or also written.
    fn pieces(
        &self,
        place: usize,
        origins: &[Origin<'a>],
        written: bool,
    ) -> impl Iterator<Item = Piece> + use<> {
        let at = &self.network.places[place];
        let read = origins.iter().map(|origin| self.held.block(*origin, place));
        let write = self.held.taken.iter().map(|(_, blocks)| &blocks[place]);
        let mut strides = read.chain(write.filter(|_| written)).map(Block::stride);
        let padded = padded(at.stored().1);
        let first = strides.next().unwrap_or(padded);
        let even = strides.all(|stride| stride == first).then_some(first);
        Piece::all(at.stored(), padded, even, at.turned())
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

/// Floats of a row with the padding that fills vectors.
fn padded(columns: usize) -> usize {
    columns.next_multiple_of(16)
}

/// The floats of a piece of a block.
fn part<'b>(block: &'b Block, piece: &Piece) -> &'b [f32] {
    let start = piece.row * block.stride() + piece.first;
    &block.data()[start..start + piece.floats]
}

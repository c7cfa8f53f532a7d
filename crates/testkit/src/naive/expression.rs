//! Expressions on the naive model: every node at every entry, one after the other.

use super::network::{Arrays, Network};
use super::number::{Number, Rounded};
use super::run::Values;
use dentate_core::{Binary, ConnectionId, Expr, Node, Noise, Over, Parameter, Reduction, Slot, Unary};
use ndarray::Array2;

/// The values of an expression over the slots of a network.
#[must_use]
pub fn expression(network: &Network, expr: &Expr) -> Values<Rounded> {
    let mut stack: Vec<Values<Rounded>> = Vec::new();
    let shapes = network.arrays(Slot::WEIGHT);
    let fill = |f: &dyn Fn(Parameter, (usize, usize)) -> Rounded| -> Values<Rounded> {
        let block =
            |(p, shape): (&Parameter, &Array2<f32>)| (*p, Array2::from_shape_fn(shape.dim(), |at| f(*p, at)));
        shapes.iter().map(block).collect()
    };
    let exact = |x: f32| Rounded::of(f64::from(x));
    for node in expr.nodes() {
        let taken = stack.split_off(stack.len() - node.takes());
        let read = |n: usize, p: Parameter, at| taken[n][&p][at];
        stack.push(match *node {
            Node::Slot(slot) => {
                let arrays: Arrays = network.arrays(slot);
                fill(&|p, at| exact(arrays[&p][at]))
            }
            Node::Constant(x) => fill(&|_, _| exact(x)),
            Node::Noise(seed) => fill(&|p, (i, j)| exact(Noise::of(seed, p).at(i, j))),
            Node::Weights => fill(&|p, _| exact(f32::from(matches!(p, Parameter::Weight(_))))),
            Node::FanIn => fill(&|p, _| exact(fan_in(network, p))),
            // Every slot of the model is reached everywhere.
            Node::Reached(_) => fill(&|_, _| exact(1.0)),
            Node::Unary(by) => fill(&|p, at| unary(by, read(0, p, at))),
            Node::Binary(by) => fill(&|p, at| binary(by, read(0, p, at), read(1, p, at))),
            Node::Select => fill(&|p, at| {
                let (which, yes, no) = (read(0, p, at), read(1, p, at), read(2, p, at));
                let chosen = if which.value == 0.0 { no } else { yes };
                if which.sure() { chosen } else { chosen.unsure() }
            }),
            Node::Reduce(by, Over::Row) => {
                fill(&|p, (i, _)| reduction(by, taken[0][&p].row(i).iter().copied()))
            }
            Node::Reduce(by, Over::Column) => {
                fill(&|p, (_, j)| reduction(by, taken[0][&p].column(j).iter().copied()))
            }
            Node::Reduce(by, Over::Block) => fill(&|p, _| reduction(by, taken[0][&p].iter().copied())),
            Node::Reduce(by, Over::All) => {
                let all = over_all(by, &taken[0]);
                fill(&|_, _| all)
            }
        });
    }
    stack.pop().unwrap_or_default()
}

/// A reduction over the parameters that learn.
#[must_use]
pub fn over_all(by: Reduction, values: &Values<Rounded>) -> Rounded {
    let learned = values.iter().filter(|(p, _)| p.learned());
    reduction(by, learned.flat_map(|(_, block)| block.iter().copied()))
}

/// The number of weights into a unit, by counting the cells of one.
fn fan_in(network: &Network, parameter: Parameter) -> f32 {
    let grids = network.grids();
    let columns = |c: ConnectionId| {
        let rows = grids.get(&Parameter::Weight(c));
        rows.and_then(|rows| rows.first()).map_or(0, Vec::len)
    };
    let all: usize = match parameter {
        Parameter::Weight(c) => columns(c),
        Parameter::Bias(l) => {
            let into = network.connections.values().filter(|c| c.to == l);
            into.map(|c| columns(c.id)).sum()
        }
        _ => 0,
    };
    all as f32
}

fn unary(by: Unary, x: Rounded) -> Rounded {
    let one = Rounded::of(1.0);
    match by {
        Unary::Negate => Rounded::of(0.0) - x,
        Unary::Abs if x.value < 0.0 => Rounded::of(0.0) - x,
        Unary::Abs => x,
        Unary::Sqrt => x.sqrt(),
        Unary::Sign => {
            let sign = Rounded::of(f64::from(x.value > 0.0) - f64::from(x.value < 0.0));
            if x.sure() { sign } else { sign.unsure() }
        }
        Unary::Sigmoid => one / (one + (Rounded::of(0.0) - x).exp()),
    }
}

fn binary(by: Binary, x: Rounded, y: Rounded) -> Rounded {
    match by {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div => x / y,
        Binary::Min => most(x, y, x.value < y.value),
        Binary::Max => most(x, y, x.value > y.value),
        Binary::Greater => {
            let greater = Rounded::of(f64::from(x.value > y.value));
            // Equal numbers are equal where nothing was rounded.
            if x.error + y.error == 0.0 || (x - y).sure() {
                greater
            } else {
                greater.unsure()
            }
        }
    }
}

/// One of two numbers: if rounding makes it the other, that one is as close.
fn most(x: Rounded, y: Rounded, first: bool) -> Rounded {
    let value = if first { x.value } else { y.value };
    Rounded {
        value,
        // A sum has no bound if one term has none; otherwise its bound is at least the larger one.
        error: x.error + y.error,
    }
}

fn reduction(by: Reduction, values: impl Iterator<Item = Rounded> + Clone) -> Rounded {
    let count = Rounded::of(values.clone().count() as f64);
    let sum = || values.clone().fold(Rounded::of(0.0), |sum, x| sum + x);
    match by {
        Reduction::Sum => sum(),
        Reduction::Mean => sum() / count,
        Reduction::Norm => {
            let squares = values.clone().fold(Rounded::of(0.0), |sum, x| sum + x * x);
            squares.sqrt()
        }
        Reduction::Count => count,
        Reduction::Max => values
            .reduce(|x, y| binary(Binary::Max, x, y))
            .unwrap_or(Rounded::of(f64::NEG_INFINITY)),
        Reduction::Min => values
            .reduce(|x, y| binary(Binary::Min, x, y))
            .unwrap_or(Rounded::of(f64::INFINITY)),
    }
}

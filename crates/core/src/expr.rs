//! Entrywise arithmetic on slots: the expressions that [`Backend::map`](crate::Backend::map) and
//! [`Backend::map_all`](crate::Backend::map_all) write and [`Backend::reduce`](crate::Backend::reduce) reduces.
//!
//! ```
//! use dentate_core::{Expr, Over, Slot};
//! let (w, g) = (Expr::slot(Slot::WEIGHT), Expr::slot(Slot::GRADIENT));
//! // A gradient clipped at a norm of 1, and a pull that is largest where weights are small.
//! let clipped = g.clone() / g.norm(Over::All).max(1.0);
//! let pulled = clipped + 0.1 * w.clone() / (w.abs() + 1.0);
//! assert!(pulled.check().is_ok());
//! ```
//!
//! Intermediate values are single precision. Reductions accumulate in double precision and are rounded once. Nothing traps:
//! division by 0 gives infinity, or NaN for 0 / 0, which propagates; NaN also propagates through `min` and `max`.
//!
//! What occurs several times in an expression, or in those that are written together, is meant to be computed once: writing it out again
//! costs nothing. So is what is the same along a row or a column of a block: an expression of such values is one for each column or row.

use crate::slot::Slot;
use std::ops::{Add, Div, Mul, Neg, Sub};
use thiserror::Error;

/// A function of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// −x.
    Negate,
    /// |x|.
    Abs,
    /// √x, NaN below 0.
    Sqrt,
    /// 1 above 0, −1 below, 0 otherwise, also for NaN.
    Sign,
    /// 1 / (1 + e^−x).
    Sigmoid,
}

/// A function of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// x + y.
    Add,
    /// x − y.
    Sub,
    /// x · y.
    Mul,
    /// x / y.
    Div,
    /// The smaller one; NaN if either is.
    Min,
    /// The larger one; NaN if either is.
    Max,
    /// 1 where x > y, else 0.
    Greater,
}

/// A reduction of many values to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Σ x; 0 for no values.
    Sum,
    /// Σ x / their number; NaN for no values.
    Mean,
    /// The largest, NaN if any is; −∞ for no values.
    Max,
    /// The smallest, NaN if any is; ∞ for no values.
    Min,
    /// √Σ x².
    Norm,
    /// The number of values.
    Count,
}

/// The range of a reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Each row of a block separately. In the weights of a connection a row is a unit with what comes into it, in a convolution with
    /// all places of its kernel.
    Row,
    /// Each column of a block separately: what leaves a source unit, in a convolution through one place of the kernel.
    Column,
    /// Each parameter block separately: its entries get its own value.
    Block,
    /// All learned blocks; running statistics are excluded.
    All,
}

/// One step of an expression. Each step pops its operands from a stack and pushes one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// The entry of a slot.
    Slot(Slot),
    /// A number.
    Constant(f32),
    /// A standard normal number with this seed ([`Noise`](crate::Noise)).
    Noise(u64),
    /// 1 in the weights of connections, 0 in every other block.
    Weights,
    /// The number of weights into the unit of the entry: of its connection in a weight, of all connections in a bias; 0 in every
    /// other block.
    FanIn,
    /// 1 in the blocks that are reached in a slot, 0 in every other block.
    Reached(Slot),
    /// A function of one value.
    Unary(Unary),
    /// A function of two values.
    Binary(Binary),
    /// Of three values: the second where the first is not 0, else the third. The value not chosen has no effect, even if it is NaN.
    Select,
    /// A reduction of the values of all entries.
    Reduce(Reduction, Over),
}

impl Node {
    /// The number of operands.
    #[must_use]
    pub fn takes(self) -> usize {
        match self {
            Self::Slot(_)
            | Self::Constant(_)
            | Self::Noise(_)
            | Self::Weights
            | Self::FanIn
            | Self::Reached(_) => 0,
            Self::Unary(_) | Self::Reduce(..) => 1,
            Self::Binary(_) => 2,
            Self::Select => 3,
        }
    }
}

/// The error of an expression that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "an expression of {nodes} nodes has {waiting} values wait for others; at most {} and {} can be worked off",
    Expr::MOST_NODES,
    Expr::MOST_WAITING
)]
pub struct TooLarge {
    /// The number of its nodes.
    pub nodes: usize,
    /// The number of values on the stack.
    pub waiting: usize,
}

/// An expression that gives a value for each entry of each parameter block. It is built from slots, numbers and noise by operators
/// and methods.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr(Vec<Node>);

impl Expr {
    /// The maximum number of nodes.
    pub const MOST_NODES: usize = 256;
    /// The maximum number of values on the stack: `a + (b + (c + ..))` needs all of them, `a + b + c + ..` needs two.
    pub const MOST_WAITING: usize = 16;

    /// The entries of a slot.
    #[must_use]
    pub fn slot(slot: Slot) -> Self {
        Self(vec![Node::Slot(slot)])
    }

    /// The same number for all entries.
    #[must_use]
    pub fn constant(value: f32) -> Self {
        Self(vec![Node::Constant(value)])
    }

    /// Standard normal numbers, which depend on the seed, the parameter block and the entry's position in it.
    #[must_use]
    pub fn noise(seed: u64) -> Self {
        Self(vec![Node::Noise(seed)])
    }

    /// 1 in the weights of connections, 0 in every other block: restricts an expression to matrices.
    #[must_use]
    pub fn weights() -> Self {
        Self(vec![Node::Weights])
    }

    /// The number of weights into the unit of an entry: in a weight those of its connection, from which
    /// [`Init::draw`](crate::Init::draw) scales; in a bias those of all connections into its layer. 0 in every other block, so
    /// it also tells weights and biases from gains, normalisations and statistics.
    #[must_use]
    pub fn fan_in() -> Self {
        Self(vec![Node::FanIn])
    }

    /// 1 in the blocks that are reached in a slot, 0 in every other block: restricts what is added to a gradient to the blocks that
    /// its update changes. As a condition of [`select`](Self::select) it costs nothing.
    #[must_use]
    pub fn reached(slot: Slot) -> Self {
        Self(vec![Node::Reached(slot)])
    }

    /// Its nodes, each after its operands.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.0
    }

    /// The slots that it reads.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        self.0.iter().filter_map(|node| match node {
            Node::Slot(slot) | Node::Reached(slot) => Some(*slot),
            _ => None,
        })
    }

    /// |x|.
    #[must_use]
    pub fn abs(self) -> Self {
        self.then(Node::Unary(Unary::Abs))
    }

    /// √x.
    #[must_use]
    pub fn sqrt(self) -> Self {
        self.then(Node::Unary(Unary::Sqrt))
    }

    /// The sign: 1, −1 or 0.
    #[must_use]
    pub fn sign(self) -> Self {
        self.then(Node::Unary(Unary::Sign))
    }

    /// 1 / (1 + e^−x).
    #[must_use]
    pub fn sigmoid(self) -> Self {
        self.then(Node::Unary(Unary::Sigmoid))
    }

    /// The smaller of the two.
    #[must_use]
    pub fn min(self, other: impl Into<Self>) -> Self {
        self.with(other.into(), Binary::Min)
    }

    /// The larger of the two.
    #[must_use]
    pub fn max(self, other: impl Into<Self>) -> Self {
        self.with(other.into(), Binary::Max)
    }

    /// Limits the value to at least the first bound and at most the second.
    #[must_use]
    pub fn clamp(self, least: f32, most: f32) -> Self {
        self.max(least).min(most)
    }

    /// 1 where this value is greater, else 0.
    #[must_use]
    pub fn greater(self, other: impl Into<Self>) -> Self {
        self.with(other.into(), Binary::Greater)
    }

    /// `yes` where this value is not 0, else `no`.
    #[must_use]
    pub fn select(mut self, yes: impl Into<Self>, no: impl Into<Self>) -> Self {
        self.0.extend(yes.into().0);
        self.0.extend(no.into().0);
        self.then(Node::Select)
    }

    /// Reduces the values to one.
    #[must_use]
    pub fn reduce(self, by: Reduction, over: Over) -> Self {
        self.then(Node::Reduce(by, over))
    }

    /// The sum of the values.
    #[must_use]
    pub fn sum(self, over: Over) -> Self {
        self.reduce(Reduction::Sum, over)
    }

    /// The mean of the values.
    #[must_use]
    pub fn mean(self, over: Over) -> Self {
        self.reduce(Reduction::Mean, over)
    }

    /// The Euclidean norm of the values.
    #[must_use]
    pub fn norm(self, over: Over) -> Self {
        self.reduce(Reduction::Norm, over)
    }

    /// Refuses an expression that is too large to be evaluated in bounded memory.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn check(&self) -> Result<(), TooLarge> {
        let (mut waiting, mut most) = (0, 0);
        for node in &self.0 {
            waiting = waiting + 1 - node.takes();
            most = most.max(waiting);
        }
        let nodes = self.0.len();
        if nodes <= Self::MOST_NODES && most <= Self::MOST_WAITING {
            return Ok(());
        }
        Err(TooLarge { nodes, waiting: most })
    }

    /// Returns whether a parameter block is reached when this expression is written there, given by `slot` whether each slot is
    /// reached: see [`Backend::map`](crate::Backend::map).
    #[must_use]
    pub fn reaches(&self, slot: impl Fn(Slot) -> bool) -> bool {
        // The common case: what is made of values that are reached is reached.
        if self.slots().all(&slot) {
            return true;
        }
        let mut stack: Vec<bool> = Vec::with_capacity(Self::MOST_WAITING);
        for node in &self.0 {
            let first = stack.len().saturating_sub(node.takes());
            let taken = &stack[first..];
            let reached = match node {
                Node::Slot(of) => slot(*of),
                Node::Constant(_) | Node::Noise(_) | Node::Weights | Node::FanIn | Node::Reached(_) => true,
                Node::Reduce(_, Over::All) => true,
                Node::Binary(Binary::Add | Binary::Sub) => taken.contains(&true),
                Node::Unary(_) | Node::Binary(_) | Node::Select | Node::Reduce(..) => !taken.contains(&false),
            };
            stack.truncate(first);
            stack.push(reached);
        }
        stack.pop().unwrap_or(true)
    }

    fn then(mut self, node: Node) -> Self {
        self.0.push(node);
        self
    }

    fn with(mut self, other: Self, by: Binary) -> Self {
        self.0.extend(other.0);
        self.then(Node::Binary(by))
    }
}

impl From<Slot> for Expr {
    fn from(slot: Slot) -> Self {
        Self::slot(slot)
    }
}

impl From<f32> for Expr {
    fn from(value: f32) -> Self {
        Self::constant(value)
    }
}

impl Neg for Expr {
    type Output = Self;

    fn neg(self) -> Self {
        self.then(Node::Unary(Unary::Negate))
    }
}

/// Operators between two expressions, and between an expression and a number.
macro_rules! operator {
    ($($name:ident $method:ident)*) => {$(
        impl<T: Into<Expr>> $name<T> for Expr {
            type Output = Expr;

            fn $method(self, other: T) -> Expr {
                self.with(other.into(), Binary::$name)
            }
        }

        impl $name<Expr> for f32 {
            type Output = Expr;

            fn $method(self, other: Expr) -> Expr {
                Expr::constant(self).with(other, Binary::$name)
            }
        }
    )*};
}

operator!(Add add Sub sub Mul mul Div div);

#[cfg(test)]
mod tests;

//! Why a plan was refused.

use crate::graph::{Broken, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use thiserror::Error;

/// A plan that cannot be carried out. Nothing was changed.
#[derive(Debug, Error, Clone, PartialEq)]
#[error("edit {index} ({edit}) of the plan cannot be done: {problem}")]
pub struct PlanError {
    /// Which edit, from 0.
    pub index: usize,
    /// Its name.
    pub edit: &'static str,
    /// Why.
    pub problem: Problem,
}

/// What is wrong with an edit.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum Problem {
    /// No such layer.
    #[error("there is no {0}")]
    NoLayer(LayerId),
    /// No such connection.
    #[error("there is no {0}")]
    NoConnection(ConnectionId),
    /// No such parameter block.
    #[error("there is no parameter block {0}")]
    NoParameter(Parameter),
    /// No such living unit in the layer.
    #[error("{unit} does not live in {layer}")]
    NoUnit {
        /// The unit.
        unit: UnitId,
        /// Where it was looked for.
        layer: LayerId,
    },
    /// A unit is named twice.
    #[error("{0} is named twice")]
    Repeated(UnitId),
    /// A unit that this plan itself brings in.
    #[error("{0} is born in this very plan; split, prune or replace it in a later one")]
    Newborn(UnitId),
    /// The id in the edit is not the next one.
    #[error("it was made for another graph: it would create number {given}, but the next is {expected}")]
    Stale {
        /// In the edit.
        given: u32,
        /// The graph's counter.
        expected: u32,
    },
    /// The connection would close a cycle.
    #[error("a connection from {from} to {to} would close a cycle")]
    Cycle {
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
    },
    /// These layers are joined already.
    #[error("{from} and {to} are joined already by {by}")]
    Parallel {
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
        /// The connection that is there.
        by: ConnectionId,
    },
    /// The input layer's units are the data's features.
    #[error("{0} is the input layer, whose units are the features of the data")]
    Input(LayerId),
    /// The input layer was to change what enters.
    #[error("{0} is the input layer, which neither normalises nor pools nor drops")]
    Plain(LayerId),
    /// Units of a group of a convolution would move into another.
    #[error("{0} is a convolution in groups, and the units of its ends stay where they are")]
    Groups(ConnectionId),
    /// There is an input layer already.
    #[error("the graph has an input layer already: {0}")]
    SecondInput(LayerId),
    /// The name is taken.
    #[error("a layer called `{0}` is there already")]
    Name(String),
    /// Nothing would change or nothing would be left.
    #[error("{0} would have no unit")]
    Empty(LayerId),
    /// A count of zero.
    #[error("it asks for no unit at all")]
    Nothing,
    /// A head's classes do not match its units.
    #[error("{units} units of a head need as many classes, but {classes} are given")]
    Classes {
        /// Units.
        units: usize,
        /// Classes.
        classes: usize,
    },
    /// Class names were given for a layer that has none.
    #[error("{0} is no head over classes")]
    NoClasses(LayerId),
    /// Given values have the wrong shape.
    #[error("values for {parameter} have shape {given:?}, but {expected:?} is needed")]
    Shape {
        /// The block.
        parameter: Parameter,
        /// Given.
        given: (usize, usize),
        /// Needed.
        expected: (usize, usize),
    },
    /// Weights were given where nobody would read them: for a connection that the new units are not on, not on that side,
    /// or that this very plan adds.
    #[error("weights are given for {0}, where this edit starts none")]
    Unread(ConnectionId),
    /// Absorbed means do not match the units.
    #[error("{units} units go, but {means} mean outputs are given")]
    Absorb {
        /// Units.
        units: usize,
        /// Means.
        means: usize,
    },
    /// A number that is not finite or out of range.
    #[error("{what} is {value}, but has to be {range}")]
    Range {
        /// The number's name.
        what: &'static str,
        /// Its value.
        value: f32,
        /// What it may be.
        range: &'static str,
    },
    /// Values that are not finite.
    #[error("values for {0} are not all finite")]
    NotFinite(Parameter),
    /// More than this framework takes on.
    #[error("{asked} {what} are more than the limit of {limit}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// Asked for.
        asked: usize,
        /// Limit.
        limit: usize,
    },
    /// Tied layers would differ in width.
    #[error("{0} and {1} are tied and have to be resized together")]
    Tied(LayerId, LayerId),
    /// Two edits of one plan do not go together.
    #[error("the units of {0} change in this plan; insert a layer behind it in another")]
    Conflict(LayerId),
    /// Another invariant of the graph would break.
    #[error("{0}")]
    Broken(Broken),
}

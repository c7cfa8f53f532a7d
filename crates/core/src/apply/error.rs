//! The errors of refused plans.

use crate::graph::{Broken, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use thiserror::Error;

/// A plan that cannot be applied. Nothing was changed.
#[derive(Debug, Error, Clone, PartialEq)]
#[error("edit {index} ({edit}) of the plan cannot be done: {problem}")]
pub struct PlanError {
    /// The index of the edit, from 0.
    pub index: usize,
    /// The name of the edit.
    pub edit: &'static str,
    /// The reason why the edit cannot be applied.
    pub problem: Problem,
}

/// The reason for which an edit was refused.
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
        /// The layer.
        layer: LayerId,
    },
    /// A unit is named twice.
    #[error("{0} is named twice")]
    Repeated(UnitId),
    /// A unit that this same plan adds.
    #[error("{0} is born in this very plan; split, prune or replace it in a later one")]
    Newborn(UnitId),
    /// The id in the edit is not the next one.
    #[error("it was made for another graph: it would create number {given}, but the next is {expected}")]
    Stale {
        /// The id in the edit.
        given: u32,
        /// The graph's next id.
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
    /// The two layers are already connected.
    #[error("{from} and {to} are joined already by {by}")]
    Parallel {
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
        /// The existing connection.
        by: ConnectionId,
    },
    /// The input layer's units are the data's features.
    #[error("{0} is the input layer, whose units are the features of the data")]
    Input(LayerId),
    /// An edit that the input layer does not allow, since it would change the data.
    #[error("{0} is the input layer, which neither normalises nor pools nor drops")]
    Plain(LayerId),
    /// Units of one group of a convolution would move into another.
    #[error("{0} is a convolution in groups, and the units of its ends stay where they are")]
    Groups(ConnectionId),
    /// The graph already has an input layer.
    #[error("the graph has an input layer already: {0}")]
    SecondInput(LayerId),
    /// The name is taken.
    #[error("a layer called `{0}` is there already")]
    Name(String),
    /// The edit would change nothing, or leave nothing.
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
    /// Class names were given for a layer that has no classes.
    #[error("{0} is no head over classes")]
    NoClasses(LayerId),
    /// Given values have the wrong shape.
    #[error("values for {parameter} have shape {given:?}, but {expected:?} is needed")]
    Shape {
        /// The block.
        parameter: Parameter,
        /// The given shape.
        given: (usize, usize),
        /// The required shape.
        expected: (usize, usize),
    },
    /// Weights were given that would not be read: for a connection that is not at the new units, not on that side of them,
    /// or that is added by this same plan.
    #[error("weights are given for {0}, where this edit starts none")]
    Unread(ConnectionId),
    /// The number of folded means does not match the units.
    #[error("{units} units go, but {means} mean outputs are given")]
    FoldMean {
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
        /// The allowed range.
        range: &'static str,
    },
    /// Values that are not finite.
    #[error("values for {0} are not all finite")]
    NotFinite(Parameter),
    /// A limit of the framework is exceeded.
    #[error("{asked} {what} are more than the limit of {limit}")]
    TooLarge {
        /// The limited quantity.
        what: &'static str,
        /// The requested number.
        asked: usize,
        /// Limit.
        limit: usize,
    },
    /// Layers of one width group would differ in width.
    #[error("{0} and {1} are tied and have to be resized together")]
    Tied(LayerId, LayerId),
    /// Two edits of one plan contradict each other.
    #[error("the units of {0} change in this plan; insert a layer behind it in another")]
    Conflict(LayerId),
    /// Another invariant of the graph would break.
    #[error("{0}")]
    Broken(Broken),
}

//! Optional guarantees of a strategy, beyond those that all strategies must give.

use std::fmt;

/// A guarantee about growth. The conformance suite tests each claimed law, and `explain` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// An edit leaves the outputs of the heads unchanged within rounding: growth by itself changes no prediction. This
    /// excludes layers that are normalised over their units: there a new unit changes its neighbours, whatever its weights
    /// are.
    PreservesFunction,
    /// The output of a task's own head never changes once its experience is over: given the task, nothing is forgotten.
    FreezesThePast,
    /// No hidden layer grows beyond this many units.
    AtMost(usize),
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreservesFunction => f.write_str("an edit does not change the outputs of the heads"),
            Self::FreezesThePast => {
                f.write_str("the outputs of a task's head never change after its experience")
            }
            Self::AtMost(0) => f.write_str("no hidden layer grows"),
            Self::AtMost(units) => write!(f, "no hidden layer grows beyond {units} units"),
        }
    }
}

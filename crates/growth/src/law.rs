//! Laws that a strategy may claim beside those that all of them have to keep.

use std::fmt;

/// A promise about growth. What is claimed is tested by the conformance suite, and shown by `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// An edit leaves what the heads put out as it was, within rounding: growth by itself changes no answer. It is about layers
    /// that are not normalised over their units: there a newborn changes its neighbours, whatever its weights are.
    PreservesFunction,
    /// What a task's own head puts out never changes once its experience is over: with the task given, nothing is forgotten.
    FreezesThePast,
    /// No hidden layer grows beyond so many units.
    AtMost(usize),
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreservesFunction => f.write_str("an edit leaves what the heads put out as it was"),
            Self::FreezesThePast => {
                f.write_str("what a task's own head puts out never changes once its experience is over")
            }
            Self::AtMost(0) => f.write_str("no hidden layer grows"),
            Self::AtMost(units) => write!(f, "no hidden layer grows beyond {units} units"),
        }
    }
}

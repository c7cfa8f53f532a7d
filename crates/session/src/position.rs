//! The position of a session between two steps: enough to take the next one in another process.

use dentate_streams::SourcePosition;
use serde::{Deserialize, Serialize};

/// What comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// The experience begins.
    #[default]
    Begin,
    /// The learner does one thing.
    Learn,
    /// The evaluation before the first update, if there is an answer to evaluate.
    Untrained,
    /// An evaluation along the stream.
    Point,
    /// The full evaluation behind the experience.
    After,
    /// The experience is over.
    End,
}

/// The position of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Experiences (or groups of them, for a learner that is shown several as one) that are behind it.
    pub(crate) group: usize,
    /// What comes next.
    pub(crate) stage: Stage,
    /// The next measurement along the stream, counted from 1.
    pub(crate) point: usize,
    /// Whether the evaluation before the first update is made, or is not to be made.
    pub(crate) untrained: bool,
    /// Whether the problem of the stream, if it is one, was looked at.
    pub(crate) solved: bool,
    /// How far the experience's rows have been read.
    pub(crate) source: SourcePosition,
}

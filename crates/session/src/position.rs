//! The position of a session between two steps: enough to continue in another process.

use dentate_streams::SourcePosition;
use serde::{Deserialize, Serialize};

/// The stage of a session: its next action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SessionStage {
    /// The experience begins.
    #[default]
    Begin,
    /// The learner makes one step.
    Learn,
    /// The evaluation before the first update, if the learner has predictions.
    Untrained,
    /// An evaluation along the stream.
    Point,
    /// The full evaluation after the experience.
    After,
    /// The experience ends.
    End,
    /// A measurement of every task learned so far, between two updates.
    Within,
}

/// The position of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Number of completed experiences (or groups of them, for a learner that is shown several as one).
    pub(crate) group: usize,
    /// The next action.
    pub(crate) stage: SessionStage,
    /// The next measurement along the stream, counted from 1.
    pub(crate) point: usize,
    /// True if the evaluation before the first update is done, or not needed.
    pub(crate) untrained: bool,
    /// True if the stream's problem, if it has one, was checked.
    pub(crate) solved: bool,
    /// The position in the experience's rows.
    pub(crate) source: SourcePosition,
}

//! The steps of a session.

use dentate_core::Progress;

/// One step of a session: the work that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// An experience began: its number from 0.
    Began(usize),
    /// The learner did one thing.
    Learned(Progress),
    /// One batch of an evaluation was predicted.
    Evaluated {
        /// Whether the evaluation is whole, and its records are there.
        whole: bool,
    },
    /// An experience is over, evaluated and accounted for: its number from 0.
    EndedExperience(usize),
    /// Whether a function-learning problem is solved was looked at: the last thing before the end.
    Solved,
    /// There is nothing left to do.
    Finished,
}

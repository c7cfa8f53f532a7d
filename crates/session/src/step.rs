//! The steps of a session.

use dentate_core::Progress;

/// One step of a session, by the work done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// An experience began: its number from 0.
    Began(usize),
    /// The learner made one step.
    Learned(Progress),
    /// One batch of an evaluation was predicted.
    Evaluated {
        /// True if the evaluation is complete, and its records are available.
        whole: bool,
    },
    /// An experience ended, evaluated and logged: its number from 0.
    EndedExperience(usize),
    /// The last step: the check whether a function-learning problem is solved.
    Solved,
    /// There is nothing left to do.
    Finished,
}

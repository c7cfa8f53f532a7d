//! The settings of a session, beside its stream and its learner.

use crate::evaluation::Evaluation;
use dentate_core::Protocol;

/// Seed, protocol and evaluation of a session.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The run's seed, from which the learner's (`learner`) and the sources' (`source/0`, …) are derived by name.
    pub seed: u64,
    /// The data that the learner sees in each phase; by default the protocol of the learner.
    pub protocol: Option<Protocol>,
    /// Its evaluation.
    pub evaluation: Evaluation,
    /// The recipe of the learner, if known: a saved session of another one is refused.
    pub learner: Option<serde_json::Value>,
    /// The recipe of the stream, if known.
    pub stream: Option<serde_json::Value>,
}

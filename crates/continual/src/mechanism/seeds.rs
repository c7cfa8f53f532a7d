//! Names of the seeds of mechanisms.

use dentate_core::Seed;

/// The seed of a mechanism for something: `name` is its registered name, `earlier` how many of it come before in the list. Names of
/// seeds are a format, and those of the first two are older than mechanisms are.
pub(super) fn seed(learner: Seed, name: &str, earlier: usize, what: &str) -> Seed {
    match (name, earlier) {
        ("experience-replay", 0) => learner.derive("rehearsal"),
        ("elastic-weight-consolidation", 0) => learner.derive(&format!("regulariser/{what}")),
        (_, 0) => learner.derive(&format!("mechanism/{name}/{what}")),
        _ => learner.derive(&format!("mechanism/{name}/again/{earlier}/{what}")),
    }
}

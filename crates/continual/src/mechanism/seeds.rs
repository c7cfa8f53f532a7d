//! Names of the mechanisms' seeds.

use dentate_core::Seed;

/// The seed of a mechanism for a purpose: `name` is its registered name, `earlier` the number of mechanisms of that name
/// before it in the list. Names of seeds are a stable format, and those of the first two predate mechanisms.
pub(super) fn seed(learner: Seed, name: &str, earlier: usize, what: &str) -> Seed {
    match (name, earlier) {
        ("experience-replay", 0) => learner.derive("rehearsal"),
        ("elastic-weight-consolidation", 0) => learner.derive(&format!("regulariser/{what}")),
        (_, 0) => learner.derive(&format!("mechanism/{name}/{what}")),
        _ => learner.derive(&format!("mechanism/{name}/again/{earlier}/{what}")),
    }
}

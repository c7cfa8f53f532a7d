//! All laws, and lookup of a law by its name.

use super::case::Case;
use super::check_law::{Law, broken_law, catch_panics};
use super::subject::Subject;
use dentate_core::registry::Kind;

/// All laws that [`again`] accepts.
pub(super) const LAWS: [Law; 10] = [
    super::growing::WELL_FORMED,
    super::growing::DECLINING,
    super::growing::SURVIVING,
    super::growing::FROZEN,
    super::following::FOLLOWS,
    super::claims::CLAIMED,
    super::repeating::REPEATS,
    super::repeating::RESUMES,
    super::repeating::HARMLESS,
    super::journal::REPLAYS,
];

/// Try one law in one case. The test that a broken law prints calls this.
///
/// # Panics
/// If the law does not hold there, the law does not exist, or `toml` is not a linked configuration of this kind.
pub fn again(kind: Kind, toml: &str, law: &str, case: &Case) {
    let subject = Subject::read(kind, toml).unwrap_or_else(|e| panic!("not a {kind}: {e}"));
    let Some(law) = LAWS.iter().find(|known| known.name == law) else {
        panic!("there is no law `{law}`");
    };
    if let Err(what) = catch_panics(law.check, case, &subject) {
        panic!("{}", broken_law(law.name, &subject, case, &what));
    }
}

//! Shared code of the neural gases and grow-when-required: edges made by competitive Hebbian learning, with ages and
//! removal.

use super::codebook::{Codebook, Winners};
use dentate_core::Cause;

pub(crate) const LONELY: &str = "unit without an edge";

/// Connects winner and second, removes the winner's edges that are too old, and the units left without any. `removed` is
/// called with the slot of each removed unit, to keep data outside the codebook in step.
///
/// Winner and second have an edge then, so at least two units remain. Their slots may have changed.
pub(crate) fn join_and_shed(
    map: &mut Codebook,
    winners: Winners,
    max_age: u32,
    mut removed: impl FnMut(usize),
) {
    let (first, second) = (winners.first.slot, winners.second.slot);
    map.edges.refresh(first, second);
    for slot in map.edges.cut_older(first, max_age) {
        map.remove(slot, LONELY);
        removed(slot);
    }
}

/// Adds two initial units, connected by an edge: at the first two signals that differ, or at the same place if none do.
pub(crate) fn two_units(map: &mut Codebook, signals: &[&[f32]]) {
    let first = signals[0];
    let other = signals.iter().find(|signal| **signal != first).unwrap_or(&first);
    let (a, b) = (map.add(first, Cause::Initial), map.add(other, Cause::Initial));
    map.edges.refresh(a, b);
}

/// Inserts a unit halfway between two connected ones, and replaces their edge; returns its slot.
pub(crate) fn insert_between(map: &mut Codebook, a: usize, b: usize, cause: &'static str) -> usize {
    let other = map.prototype(b).to_vec();
    let new = map.add_between(a, &other, cause);
    map.edges.refresh(a, new);
    map.edges.refresh(new, b);
    map.edges.cut(a, b);
    new
}

//! What every map is made of: prototypes in one block of memory, edges, and how often each unit won for which class.

use super::edges::Edges;
use super::nearest::{Found, nearest, squared_distance};
use super::votes::Votes;
use dentate_core::{Cause, UnitId};
use serde::{Deserialize, Serialize};

/// A unit was born or died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Born { cause: Cause },
    Died { cause: Cause, unit: UnitId },
}

/// The units of a map by slot. A slot is where a unit's numbers lie; a unit that is removed leaves its slot to the last one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Codebook {
    features: usize,
    /// Prototypes, one after the other. Kept beside the rest when a map is saved.
    #[serde(skip)]
    values: Vec<f32>,
    ids: Vec<UnitId>,
    next_id: u64,
    pub(crate) edges: Edges,
    #[serde(skip)]
    pub(crate) votes: Votes,
    /// What has happened since it was last written down.
    #[serde(skip)]
    changes: Vec<Change>,
}

impl Codebook {
    /// No unit yet. Ids are those that an architecture gives: the inputs have the first ones.
    pub(crate) fn new(features: usize) -> Self {
        Self {
            features,
            next_id: features as u64,
            ..Self::default()
        }
    }

    pub(crate) fn features(&self) -> usize {
        self.features
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn ids(&self) -> &[UnitId] {
        &self.ids
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Put back what was kept beside.
    pub(crate) fn restore(&mut self, values: Vec<f32>, votes: Votes) {
        (self.values, self.votes) = (values, votes);
    }

    pub(crate) fn prototype(&self, slot: usize) -> &[f32] {
        &self.values[slot * self.features..][..self.features]
    }

    /// Add a unit; its slot.
    pub(crate) fn add(&mut self, prototype: &[f32], cause: impl Into<Cause>) -> usize {
        self.values.extend_from_slice(prototype);
        self.ids.push(UnitId(self.next_id));
        self.next_id += 1;
        self.edges.push();
        self.votes.push();
        self.changes.push(Change::Born { cause: cause.into() });
        self.len() - 1
    }

    /// Add a unit halfway between a unit and a point.
    pub(crate) fn add_between(&mut self, slot: usize, point: &[f32], cause: impl Into<Cause>) -> usize {
        let halves = self.prototype(slot).iter().zip(point);
        let between: Vec<f32> = halves.map(|(a, b)| f32::midpoint(*a, *b)).collect();
        self.add(&between, cause)
    }

    /// Remove a unit with its edges; the last one takes its slot.
    pub(crate) fn remove(&mut self, slot: usize, cause: impl Into<Cause>) {
        let last = self.len() - 1;
        let (from, to) = (last * self.features, slot * self.features);
        self.values.copy_within(from..from + self.features, to);
        self.values.truncate(from);
        let unit = self.ids.swap_remove(slot);
        self.edges.swap_remove(slot);
        self.votes.swap_remove(slot);
        let cause = cause.into();
        self.changes.push(Change::Died { cause, unit });
    }

    /// Move a prototype by this share of its way to the signal.
    pub(crate) fn pull(&mut self, slot: usize, signal: &[f32], share: f32) {
        let prototype = &mut self.values[slot * self.features..][..self.features];
        for (w, x) in prototype.iter_mut().zip(signal) {
            *w += share * (x - *w);
        }
    }

    /// Move the neighbours of a unit, each by its share.
    pub(crate) fn pull_neighbours(&mut self, slot: usize, signal: &[f32], share: impl Fn(usize) -> f32) {
        for neighbour in self.edges.neighbours(slot) {
            let prototype = &mut self.values[neighbour * self.features..][..self.features];
            let share = share(neighbour);
            for (w, x) in prototype.iter_mut().zip(signal) {
                *w += share * (x - *w);
            }
        }
    }

    /// The winner and the second. `None` where a signal is so far off, or no number, that distances are none.
    pub(crate) fn winners(&self, signal: &[f32]) -> Option<Winners> {
        let mut best = [Found::NONE; 2];
        nearest(&self.values, signal, None, &mut best);
        let [first, second] = best;
        (second != Found::NONE).then_some(Winners { first, second })
    }

    /// The squared distance of two units.
    pub(crate) fn between(&self, a: usize, b: usize) -> f32 {
        squared_distance(self.prototype(a), self.prototype(b))
    }

    /// Births and deaths since this was last asked.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }
}

/// The two units nearest to a signal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Winners {
    pub(crate) first: Found,
    pub(crate) second: Found,
}

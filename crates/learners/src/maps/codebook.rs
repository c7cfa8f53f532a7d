//! The common structure of all maps: prototypes in one block of memory, edges, and the wins of each unit by class.

use super::edges::Edges;
use super::nearest::{Found, nearest, squared_distance};
use super::votes::Votes;
use dentate_core::{Cause, UnitId};
use serde::{Deserialize, Serialize};

/// The birth or removal of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Born { cause: Cause },
    Died { cause: Cause, unit: UnitId },
}

/// The units of a map by slot. A slot is the index of a unit's data; when a unit is removed, the last unit takes its slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Codebook {
    features: usize,
    /// Prototypes, one after the other. Saved separately from the rest.
    #[serde(skip)]
    values: Vec<f32>,
    ids: Vec<UnitId>,
    next_id: u64,
    pub(crate) edges: Edges,
    #[serde(skip)]
    pub(crate) votes: Votes,
    /// Changes since the last call of `take_changes`.
    #[serde(skip)]
    changes: Vec<Change>,
}

impl Codebook {
    /// A codebook without units. Ids follow those of an architecture: the inputs have the first ones.
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

    /// Restores the separately saved prototypes and votes.
    pub(crate) fn restore(&mut self, values: Vec<f32>, votes: Votes) {
        (self.values, self.votes) = (values, votes);
    }

    pub(crate) fn prototype(&self, slot: usize) -> &[f32] {
        &self.values[slot * self.features..][..self.features]
    }

    /// Adds a unit; returns its slot.
    pub(crate) fn add(&mut self, prototype: &[f32], cause: impl Into<Cause>) -> usize {
        self.values.extend_from_slice(prototype);
        self.ids.push(UnitId(self.next_id));
        self.next_id += 1;
        self.edges.push();
        self.votes.push();
        self.changes.push(Change::Born { cause: cause.into() });
        self.len() - 1
    }

    /// Adds a unit halfway between a unit and a point.
    pub(crate) fn add_between(&mut self, slot: usize, point: &[f32], cause: impl Into<Cause>) -> usize {
        let halves = self.prototype(slot).iter().zip(point);
        let between: Vec<f32> = halves.map(|(a, b)| f32::midpoint(*a, *b)).collect();
        self.add(&between, cause)
    }

    /// Removes a unit with its edges; the last unit takes its slot.
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

    /// Moves a prototype by this share of its distance to the signal.
    pub(crate) fn pull(&mut self, slot: usize, signal: &[f32], share: f32) {
        let prototype = &mut self.values[slot * self.features..][..self.features];
        for (w, x) in prototype.iter_mut().zip(signal) {
            *w += share * (x - *w);
        }
    }

    /// Moves the neighbours of a unit, each by its own share.
    pub(crate) fn pull_neighbours(&mut self, slot: usize, signal: &[f32], share: impl Fn(usize) -> f32) {
        for neighbour in self.edges.neighbours(slot) {
            let prototype = &mut self.values[neighbour * self.features..][..self.features];
            let share = share(neighbour);
            for (w, x) in prototype.iter_mut().zip(signal) {
                *w += share * (x - *w);
            }
        }
    }

    /// The winner and the second. `None` if the signal is not finite, or so far away that distances are not.
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

    /// Returns and clears the births and removals since the last call.
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

//! The state of a plan while its edits are applied.

use super::error::Problem;
use crate::graph::{Graph, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::init::{BiasInit, NewWeights};
use crate::layer::{Layer, Moment, Origin, Unit};
use crate::receipt::{Adjustment, Birth, Death, FoldMean};
use crate::seed::Seed;
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};

/// The source of a unit's parameters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Provenance {
    /// The old unit at this position, its outgoing weights multiplied by a factor.
    Old { position: u32, outgoing: f32 },
    /// Fresh: the `ordinal`-th new unit of this edit.
    Fresh { edit: usize, ordinal: usize },
}

/// The provenance of a layer's units. Units at the front that keep their places are only counted, so that appending to a
/// wide layer costs only the appended units.
#[derive(Clone, Debug)]
pub(super) struct Lineage {
    kept: usize,
    changed: Vec<Provenance>,
}

impl Lineage {
    /// The lineage of a layer whose units are unchanged.
    fn unchanged(width: usize) -> Self {
        Self {
            kept: width,
            changed: Vec::new(),
        }
    }

    fn kept(&self) -> impl Iterator<Item = Provenance> + use<> {
        (0..self.kept as u32).map(|position| Provenance::Old {
            position,
            outgoing: 1.0,
        })
    }

    /// The provenance of each unit.
    pub(super) fn all(&self) -> impl Iterator<Item = Provenance> + '_ {
        self.kept().chain(self.changed.iter().copied())
    }

    /// The provenance of each unit behind those that are only counted.
    pub(super) fn changed(&self) -> &[Provenance] {
        &self.changed
    }

    /// The provenance of each unit, mutable.
    fn listed(&mut self) -> &mut Vec<Provenance> {
        let kept = self.kept();
        self.kept = 0;
        self.changed.splice(0..0, kept);
        &mut self.changed
    }

    /// Adds units at the end.
    pub(super) fn append(&mut self, fresh: impl Iterator<Item = Provenance>) {
        self.changed.extend(fresh);
    }

    /// The positions of fresh units, if the only change is that they were added at the end.
    pub(super) fn appended(&self) -> Option<std::ops::Range<u32>> {
        let fresh = |p: &Provenance| matches!(p, Provenance::Fresh { .. });
        let (start, count) = (self.kept as u32, self.changed.len() as u32);
        self.changed.iter().all(fresh).then_some(start..start + count)
    }
}

/// The initial values of the fresh units of one edit.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) name: &'static str,
    pub(super) layer: LayerId,
    pub(super) incoming: NewWeights,
    pub(super) outgoing: NewWeights,
    pub(super) bias: f32,
    pub(super) count: usize,
}

/// A connection added by the plan.
#[derive(Clone, Debug)]
pub(super) struct Added {
    pub(super) edit: usize,
    pub(super) weights: NewWeights,
}

pub(super) struct Draft<'a> {
    pub(super) old: &'a Graph,
    pub(super) graph: Graph,
    pub(super) moment: Moment,
    pub(super) seed: Seed,
    /// For each old layer whose units changed: the provenance of each unit.
    pub(super) units: BTreeMap<LayerId, Lineage>,
    /// For each edit that adds units: their initial values.
    pub(super) starts: BTreeMap<usize, Start>,
    pub(super) added: BTreeMap<ConnectionId, Added>,
    /// Layers added by the plan, with the initial value of their biases and its spread.
    pub(super) created: BTreeMap<LayerId, (f32, BiasInit)>,
    pub(super) split_noise: Vec<(usize, LayerId, UnitId, f32)>,
    pub(super) folded_means: Vec<FoldMean>,
    pub(super) adjustments: Vec<(usize, Parameter, Adjustment)>,
    pub(super) born: Vec<Birth>,
    pub(super) died: Vec<Death>,
    /// For each layer whose units were added or changed: the last edit that did so.
    pub(super) resized_by: BTreeMap<LayerId, (usize, &'static str)>,
    /// Layers behind which an identity layer was inserted: their units are fixed for the rest of the plan.
    pub(super) pinned: BTreeSet<LayerId>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(old: &'a Graph, moment: Moment, seed: Seed) -> Self {
        Self {
            old,
            graph: old.clone(),
            moment,
            seed,
            units: BTreeMap::new(),
            starts: BTreeMap::new(),
            added: BTreeMap::new(),
            created: BTreeMap::new(),
            split_noise: Vec::new(),
            folded_means: Vec::new(),
            adjustments: Vec::new(),
            born: Vec::new(),
            died: Vec::new(),
            resized_by: BTreeMap::new(),
            pinned: BTreeSet::new(),
        }
    }

    pub(super) fn layer(&self, id: LayerId) -> Result<&Layer, Problem> {
        self.graph.layers.get(&id).ok_or(Problem::NoLayer(id))
    }

    pub(super) fn layer_mut(&mut self, id: LayerId) -> Result<&mut Layer, Problem> {
        self.graph.layers.get_mut(&id).ok_or(Problem::NoLayer(id))
    }

    /// Creates a new unit of `layer`.
    pub(super) fn bear(&mut self, layer: LayerId, origin: Origin) -> Unit {
        let id = UnitId(self.graph.next_unit);
        self.graph.next_unit += 1;
        self.born.push(Birth {
            unit: id,
            layer,
            origin,
        });
        Unit {
            id,
            born: self.moment,
            origin,
            incoming_lr_scale: 1.0,
            outgoing_lr_scale: 0.0,
        }
    }

    /// The provenance of the units of a layer that is about to change. `None` for a layer added by this plan, whose units are all
    /// fresh.
    pub(super) fn provenance(&mut self, id: LayerId) -> Option<&mut Vec<Provenance>> {
        self.lineage(id).map(Lineage::listed)
    }

    /// The same, for appending.
    pub(super) fn lineage(&mut self, id: LayerId) -> Option<&mut Lineage> {
        let width = self.old.layers.get(&id)?.width();
        Some(self.units.entry(id).or_insert_with(|| Lineage::unchanged(width)))
    }

    /// The positions of `units` in `layer`; all of them existed before this plan.
    pub(super) fn positions(&self, layer: LayerId, units: &[UnitId]) -> Result<Vec<usize>, Problem> {
        let l = self.layer(layer)?;
        let place: BTreeMap<UnitId, usize> = l.units.iter().enumerate().map(|(i, u)| (u.id, i)).collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::with_capacity(units.len());
        for &unit in units {
            let position = *place.get(&unit).ok_or(Problem::NoUnit { unit, layer })?;
            if !seen.insert(unit) {
                return Err(Problem::Repeated(unit));
            }
            if unit.0 >= self.old.next_unit {
                return Err(Problem::Newborn(unit));
            }
            found.push(position);
        }
        Ok(found)
    }
}

/// Returns whether all given values are finite.
pub(super) fn all_finite(values: &Array2<f32>) -> bool {
    values.iter().all(|v| v.is_finite())
}

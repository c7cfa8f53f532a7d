//! When and where networks grew: units born, removed and replaced by layer, other edits, and the quantity that a trigger looked at.
//!
//! Runs that recorded counts by layer have them from there. Those of older versions recorded only the edits and the sizes of layers, of
//! which the differences are taken: where a layer lost and gained units in one edit, only what is left of both shows.

use crate::frames::{Frames, Observation, of_runs};
use crate::maps::LAYER;
use crate::trajectory::TimeAxis;
use dentate_core::record::metric;
use std::collections::{BTreeMap, BTreeSet};

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Born,
    Removed,
    Replaced,
    /// An edit that neither adds nor removes units.
    Other,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Born, Self::Removed, Self::Replaced, Self::Other];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Other => "other edits",
        }
    }
}

/// A change of one run's network.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) run: usize,
    /// The position along the stream.
    pub(crate) x: f64,
    /// The layer, if it is known.
    pub(crate) layer: Option<String>,
    pub(crate) kind: Kind,
    /// The number of units; of other edits 1.
    pub(crate) units: f64,
}

/// A decision of a trigger: the quantity that it looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decision {
    pub(crate) run: usize,
    pub(crate) x: f64,
    pub(crate) quantity: String,
    pub(crate) value: f64,
}

/// The growth of one method on one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) changes: Vec<Change>,
    pub(crate) decisions: Vec<Decision>,
}

impl History {
    /// The layers in which something changed, in the order of `known` ones, then those without a name.
    pub(crate) fn layers(&self, known: &[String]) -> Vec<Option<String>> {
        let changed: BTreeSet<&Option<String>> = self.changes.iter().map(|c| &c.layer).collect();
        let of_known = known.iter().map(|name| Some(name.clone()));
        let mut all: Vec<Option<String>> = of_known.filter(|layer| changed.contains(layer)).collect();
        for layer in changed.into_iter().rev() {
            if !all.contains(layer) {
                all.push(layer.clone());
            }
        }
        all
    }

    /// The units of a kind in a layer, of all runs together.
    pub(crate) fn units(&self, layer: &Option<String>, kind: Kind) -> f64 {
        let own = self
            .changes
            .iter()
            .filter(|c| c.layer == *layer && c.kind == kind);
        own.map(|c| c.units).sum()
    }
}

/// Records of growth, read once.
pub(crate) struct GrowthTraces {
    edits: Vec<Observation>,
    sizes: Vec<Observation>,
    replaced: Vec<Observation>,
    deaths: Vec<Observation>,
    by_layer: [(Kind, Vec<Observation>); 3],
    decisions: Vec<Observation>,
}

impl GrowthTraces {
    pub(crate) fn of(frames: &Frames) -> Self {
        let of = |kind, name| (kind, frames.observations(name));
        Self {
            edits: frames.observations(metric::GROWTH),
            sizes: frames.observations(metric::UNITS),
            replaced: frames.observations(metric::REPLACED),
            deaths: frames.observations(metric::DEATHS),
            by_layer: [
                of(Kind::Born, metric::UNITS_BORN),
                of(Kind::Removed, metric::UNITS_REMOVED),
                of(Kind::Replaced, metric::UNITS_REPLACED),
            ],
            decisions: frames.observations(metric::TRIGGER),
        }
    }

    /// The history of some runs.
    pub(crate) fn history(&self, runs: &[usize], clocks: &BTreeMap<usize, TimeAxis>) -> History {
        let mut history = History::default();
        for &run in runs {
            let position = |o: &Observation| {
                let clock = clocks.get(&run);
                clock.map_or(o.experience as f64, |c| c.position(o.experience, o.step))
            };
            let change = |o: &Observation, layer: Option<String>, kind, units| Change {
                run,
                x: position(o),
                layer,
                kind,
                units,
            };
            let own = |all| of_runs(all, std::slice::from_ref(&run)).collect::<Vec<&Observation>>();
            let mut changes: Vec<Change> = Vec::new();
            for (kind, all) in &self.by_layer {
                changes.extend(
                    own(all)
                        .into_iter()
                        .map(|o| change(o, o.item.clone(), *kind, o.value)),
                );
            }
            let mut moments: BTreeSet<(usize, u64)> = BTreeSet::new();
            if changes.is_empty() {
                changes.extend(
                    own(&self.replaced)
                        .into_iter()
                        .map(|o| change(o, None, Kind::Replaced, o.value)),
                );
                let deaths = own(&self.deaths);
                if deaths.is_empty() {
                    changes.extend(
                        differences(&own(&self.sizes))
                            .into_iter()
                            .map(|(o, layer, units)| {
                                moments.insert((o.experience, o.step));
                                let kind = if units > 0.0 { Kind::Born } else { Kind::Removed };
                                change(o, Some(layer.to_owned()), kind, units.abs())
                            }),
                    );
                } else {
                    let map = || Some(LAYER.to_owned());
                    changes.extend(
                        deaths
                            .into_iter()
                            .map(|o| change(o, map(), Kind::Removed, o.value)),
                    );
                    changes.extend(
                        own(&self.edits)
                            .into_iter()
                            .map(|o| change(o, map(), Kind::Born, o.value)),
                    );
                }
            } else {
                let counted = self.by_layer.iter().flat_map(|(_, all)| own(all));
                moments.extend(counted.map(|o| (o.experience, o.step)));
            }
            let others = own(&self.edits).into_iter().filter(|o| o.value == 0.0);
            let others = others.filter(|o| !moments.contains(&(o.experience, o.step)));
            changes.extend(others.map(|o| change(o, None, Kind::Other, 1.0)));
            changes.retain(|c| c.units > 0.0);
            history.changes.extend(changes);
            history
                .decisions
                .extend(own(&self.decisions).into_iter().map(|o| Decision {
                    run,
                    x: position(o),
                    quantity: o.item.clone().unwrap_or_else(|| "value".into()),
                    value: o.value,
                }));
        }
        history
    }
}

/// The changes of the sizes of layers in one run. Layers of the first record are there from the start, later ones are born.
fn differences<'a>(sizes: &[&'a Observation]) -> Vec<(&'a Observation, &'a str, f64)> {
    let mut known: BTreeMap<&str, f64> = BTreeMap::new();
    let first = sizes.first().map(|o| (o.experience, o.step));
    let mut all = Vec::new();
    for o in sizes {
        let layer = o.item.as_deref().unwrap_or_default();
        let before = known.insert(layer, o.value);
        let at_first = first == Some((o.experience, o.step)) && before.is_none();
        let units = o.value - before.unwrap_or(0.0);
        if units != 0.0 && !at_first {
            all.push((*o, layer, units));
        }
    }
    all
}

/// The runs of a history in order, with their places.
pub(crate) fn places(history: &History) -> BTreeMap<usize, usize> {
    let changed = history.changes.iter().map(|c| c.run);
    let runs: BTreeSet<usize> = changed.chain(history.decisions.iter().map(|d| d.run)).collect();
    runs.into_iter().zip(0..).collect()
}

#[cfg(test)]
mod tests;

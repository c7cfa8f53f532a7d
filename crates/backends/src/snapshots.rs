//! Snapshots as every backend reads and writes them: checked against a network before any state is taken over.

use super::ages::Age;
use super::network::{Network, Place};
use super::readings;
use super::settled::settled;
use dentate_core::{BackendError, Clock, LayerId, Meter, Parameter, Slot, Snapshot, UnitId};
use ndarray::{Array2, ArrayView2};
use std::collections::{BTreeMap, BTreeSet};

/// The error for a snapshot that does not fit.
pub(super) fn problem(text: impl Into<String>) -> BackendError {
    BackendError::Snapshot(text.into())
}

/// A saved slot, each block converted by `make`.
pub(super) fn blocks<T>(
    network: &Network,
    slot: Slot,
    saved: &BTreeMap<Parameter, Array2<f32>>,
    mut make: impl FnMut(&Place, ArrayView2<'_, f32>) -> T,
) -> Result<Vec<T>, BackendError> {
    if saved.len() != network.places.len() {
        return Err(problem(format!("slot {slot} has {} blocks", saved.len())));
    }
    let mut blocks = Vec::with_capacity(saved.len());
    for place in &network.places {
        let values = saved
            .get(&place.parameter)
            .filter(|values| values.dim() == place.shape);
        let values =
            values.ok_or_else(|| problem(format!("slot {slot} has no fitting {:?}", place.parameter)))?;
        blocks.push(make(place, values.mapv(settled).view()));
    }
    Ok(blocks)
}

/// The saved meters.
pub(super) fn meters(snapshot: &Snapshot) -> Vec<(Meter, Vec<f32>)> {
    let meters = snapshot.meters.iter();
    meters
        .map(|(meter, values)| (*meter, values.iter().copied().map(settled).collect()))
        .collect()
}

/// Reports for each block of a slot whether it was reached.
pub(super) fn reached(network: &Network, slot: Slot, snapshot: &Snapshot) -> Vec<bool> {
    let unreached = snapshot.unreached.get(&slot);
    let reached = |p: &Place| unreached.is_none_or(|all| !all.contains(&p.parameter));
    network.places.iter().map(reached).collect()
}

/// The blocks of a slot that were not reached, in the form of a snapshot.
pub(super) fn unreached(network: &Network, reached: impl Fn(usize) -> bool) -> Option<BTreeSet<Parameter>> {
    let places = network.places.iter().enumerate();
    let left: BTreeSet<_> = places
        .filter(|(p, _)| !reached(*p))
        .map(|(_, place)| place.parameter)
        .collect();
    (!left.is_empty()).then_some(left)
}

/// The ages of all blocks; `turned` says which are stored as their transpose.
pub(super) fn ages(
    network: &Network,
    snapshot: &Snapshot,
    turned: impl Fn(&Place) -> bool,
) -> Result<Vec<Age>, BackendError> {
    let ages = network.places.iter().map(|place| {
        let clock = snapshot.clocks.get(&place.parameter);
        let fits = |clock: &&Clock| (clock.rows.len(), clock.columns.len()) == place.shape;
        let clock = clock.filter(fits);
        let clock = clock.ok_or_else(|| problem(format!("it lacks the time of {}", place.parameter)))?;
        Ok(Age::of(clock, turned(place)))
    });
    ages.collect()
}

/// The creation times of all units whose layers are metered.
pub(super) fn births(
    network: &Network,
    snapshot: &Snapshot,
) -> Result<BTreeMap<LayerId, Vec<u64>>, BackendError> {
    let meters: Vec<Meter> = snapshot.meters.iter().map(|(meter, _)| *meter).collect();
    readings::accompanied(&meters).map_err(|e| problem(e.to_string()))?;
    let mut metered = BTreeMap::new();
    for (meter, values) in &snapshot.meters {
        let layer = network.position(meter.layer);
        let layer = layer.ok_or_else(|| problem(format!("there is no {} to be metered", meter.layer)))?;
        if values.len() != network.nodes[layer].width() * meter.of.numbers() {
            return Err(problem(format!("a meter of {} has another width", meter.layer)));
        }
        let born = |u: &UnitId| {
            let born = snapshot.metered.get(u).copied();
            born.ok_or_else(|| problem(format!("it lacks the birth of {u}")))
        };
        let births = network.nodes[layer]
            .units
            .iter()
            .map(born)
            .collect::<Result<_, _>>()?;
        metered.insert(meter.layer, births);
    }
    Ok(metered)
}

/// The creation times of metered units, unit by unit, in the form of a snapshot.
pub(super) fn metered(network: &Network, births: &BTreeMap<LayerId, Vec<u64>>) -> BTreeMap<UnitId, u64> {
    let mut metered = BTreeMap::new();
    for (layer, births) in births {
        if let Some(layer) = network.position(*layer) {
            let units = network.nodes[layer].units.iter().copied();
            metered.extend(units.zip(births.iter().copied()));
        }
    }
    metered
}

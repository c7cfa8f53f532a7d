//! The share of the gradient that newborn units get (Lillo & Cheney 2026, arXiv:2605.15435): new units may have outputs as large as others and
//! still learn nothing, because the error reaches them through outgoing weights that are small or 0.
//!
//! Before an update, for units of a layer that were added or replaced and are of age a,
//!
//! ```text
//! ρ(a) = RMS ∂L/∂w of the weights into them / RMS ∂L/∂w of the weights into the units that were there before
//! ```
//!
//! at the ages 1, 2, 4, … 128 in updates: a unit is of age 1 at the first update after its birth. With outgoing weights of 0
//! ρ(1) = 0. Those that were there before are the layer's initial units and those older than the last age. The gradient is that of the update
//! itself, penalties included and before mechanisms change it, so that no pass is added and nothing is counted twice: an update is made as a
//! gradient and an update from it, which is the same to the bit. Frozen units do not count; where the others get no gradient, neither
//! does the update.

use dentate_core::record::metric;
use dentate_core::{
    BackendError, GrowingNetwork, LearnError, MetricLog, Origin, Parameter, Request, Route, Rows, Slot, Unit,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest age that is looked at, in updates.
const OLDEST: u64 = 128;

/// The sums of ρ since the last record, by age.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct NewbornGradients {
    on: bool,
    /// The sum of ρ over updates and layers, and their number.
    sums: BTreeMap<u64, (f64, u64)>,
}

/// A unit's part in a look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Newborn, of an age that is looked at.
    Newborn(u64),
    /// There before.
    Before,
    /// Frozen, or of another age.
    None,
}

impl Part {
    /// The part of a unit in the update that is next after `step` updates.
    fn of(unit: &Unit, step: u64) -> Self {
        let age = step.saturating_sub(unit.born.step) + 1;
        if unit.incoming_lr_scale == 0.0 {
            Self::None
        } else if unit.origin == Origin::Initial || age > OLDEST {
            Self::Before
        } else if age.is_power_of_two() {
            Self::Newborn(age)
        } else {
            Self::None
        }
    }
}

impl NewbornGradients {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            sums: BTreeMap::new(),
        }
    }

    /// Returns whether the gradient of the next update is looked at.
    pub(crate) fn due(&self, network: &GrowingNetwork) -> bool {
        let step = network.clock().step;
        let newborn = |unit: &Unit| matches!(Part::of(unit, step), Part::Newborn(_));
        self.on
            && network
                .graph()
                .hidden()
                .any(|layer| layer.units.iter().any(newborn))
    }

    /// Looks at the gradient of the next update, in its slot.
    pub(crate) fn look(&mut self, network: &mut GrowingNetwork) -> Result<(), LearnError> {
        let step = network.clock().step;
        let graph = network.graph();
        let layers = graph.hidden().map(|layer| {
            let parts: Vec<Part> = layer.units.iter().map(|unit| Part::of(unit, step)).collect();
            let into = graph.into_layer(layer.id);
            let into = into.filter(|c| c.lr_scale > 0.0 && graph.weights_of(c).is_some());
            let blocks: Vec<Parameter> = into.map(|c| Parameter::Weight(c.id)).collect();
            (parts, blocks)
        });
        let newborn = |parts: &[Part]| parts.iter().any(|part| matches!(part, Part::Newborn(_)));
        let layers: Vec<_> = layers.filter(|(parts, _)| newborn(parts)).collect();
        for (parts, blocks) in layers {
            let request = Request::Slot(Slot::GRADIENT, blocks);
            let gradients = match network.measure(&request, &Rows::default(), &Route::default()) {
                // The loss was not finite, and there is no gradient.
                Err(BackendError::EmptySlot(_)) => return Ok(()),
                gradients => gradients?,
            };
            for (age, share) in shares(&parts, &gradients.arrays) {
                let (sum, count) = self.sums.entry(age).or_default();
                *sum += share;
                *count += 1;
            }
        }
        Ok(())
    }

    /// Logs the mean of ρ by age since the last record.
    pub(crate) fn record(&mut self, log: &mut MetricLog) {
        for (age, (sum, count)) in std::mem::take(&mut self.sums) {
            log.record(
                metric::NEWBORN_GRADIENT,
                Some(&age.to_string()),
                sum / count as f64,
            );
        }
    }
}

/// ρ by age, from the gradients `[units, inputs]` of the blocks into a layer; empty where the units that were there before have none.
fn shares(parts: &[Part], gradients: &[Array2<f32>]) -> BTreeMap<u64, f64> {
    let mean = |part: Part| {
        let rows = gradients
            .iter()
            .flat_map(|block| block.rows().into_iter().zip(parts));
        let rows = rows.filter(|(_, own)| **own == part);
        let (sum, count) = rows.fold((0.0, 0), |(sum, count), (row, _)| {
            let squares = row.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>();
            (sum + squares, count + row.len())
        });
        (count > 0).then(|| (sum / count as f64).sqrt())
    };
    let Some(before) = mean(Part::Before).filter(|rms| *rms > 0.0) else {
        return BTreeMap::new();
    };
    let ages = parts.iter().filter_map(|part| match part {
        Part::Newborn(age) => Some(*age),
        Part::Before | Part::None => None,
    });
    let share = |age| Some((age, mean(Part::Newborn(age))? / before));
    ages.filter_map(share)
        .filter(|(_, share)| share.is_finite())
        .collect()
}

#[cfg(test)]
mod tests;

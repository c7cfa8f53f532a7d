//! The change of weights and of the function when something is reset: units are replaced, or weights are set anew, by a strategy or by a
//! mechanism.
//!
//! For each replacement of units, and for each plan that replaces units or adjusts weights,
//!
//! ```text
//! weights    ‖θ' − θ‖₂ / ‖θ‖₂        θ all learned parameters whose block keeps its shape
//! function   mean |y' − y|           y the outputs of the heads before and after, on the rows of the last update
//! ```
//!
//! The function is that of the network in training, as it is evaluated: without dropout, and without what mechanisms put in its place for
//! predictions. What a reset leaves to the optimizer (moments) is no part of either. Before the first update nothing is measured. Passes for
//! it are not counted, and nothing that is trained changes; each reset takes a copy of the weights and two forward passes more.

use dentate_core::record::metric;
use dentate_core::{
    Edit, GrowingNetwork, LayerId, LearnError, MetricLog, Parameter, Plan, Request, Route, Rows, Slot,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sums of changes since the last record, by the author of the reset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResetChanges {
    on: bool,
    /// The rows of the last update on the stream.
    probe: Rows,
    sums: BTreeMap<String, Sums>,
}

/// The sums of one author.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Sums {
    weights: (f64, u64),
    function: (f64, u64),
}

/// A network at a time: its learned parameters, and what its heads put out.
pub(crate) struct Seen {
    weights: BTreeMap<Parameter, Array2<f32>>,
    outputs: BTreeMap<LayerId, Array2<f32>>,
}

impl ResetChanges {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            ..Self::default()
        }
    }

    /// Remembers the rows of an update.
    pub(crate) fn follow(&mut self, rows: &Rows) {
        if self.on {
            self.probe.clone_from(rows);
        }
    }

    /// The network before a plan, if it is to be measured.
    pub(crate) fn before(
        &self,
        plan: &Plan,
        network: &mut GrowingNetwork,
    ) -> Result<Option<Seen>, LearnError> {
        let resets = |edit: &Edit| matches!(edit, Edit::Replace { .. } | Edit::Adjust { .. });
        if plan.edits.iter().any(resets) {
            self.before_replacing(network)
        } else {
            Ok(None)
        }
    }

    /// The network before units are replaced, if it is to be measured.
    pub(crate) fn before_replacing(&self, network: &mut GrowingNetwork) -> Result<Option<Seen>, LearnError> {
        if self.on && !self.probe.is_empty() {
            self.see(network).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Adds the change since `before`.
    pub(crate) fn after(
        &mut self,
        before: Option<Seen>,
        by: &str,
        network: &mut GrowingNetwork,
    ) -> Result<(), LearnError> {
        let Some(before) = before else { return Ok(()) };
        let now = self.see(network)?;
        let sums = self.sums.entry(by.to_owned()).or_default();
        let both = [
            (weight_change(&before.weights, &now.weights), &mut sums.weights),
            (function_change(&before.outputs, &now.outputs), &mut sums.function),
        ];
        for (change, (sum, count)) in both {
            if let Some(change) = change {
                *sum += change;
                *count += 1;
            }
        }
        Ok(())
    }

    /// Logs the mean changes since the last record.
    pub(crate) fn note(&mut self, log: &mut MetricLog) {
        for (by, sums) in std::mem::take(&mut self.sums) {
            let found = [
                (metric::RESET_WEIGHT_CHANGE, sums.weights),
                (metric::RESET_FUNCTION_CHANGE, sums.function),
            ];
            for (metric, (sum, count)) in found {
                if count > 0 {
                    log.record(metric, Some(&by), sum / count as f64);
                }
            }
        }
    }

    fn see(&self, network: &mut GrowingNetwork) -> Result<Seen, LearnError> {
        let all = network.graph().parameters();
        let learned: Vec<Parameter> = all.into_keys().filter(|p| p.learned()).collect();
        let request = Request::Slot(Slot::WEIGHT, learned.clone());
        let weights = network.measure(&request, &Rows::default(), &Route::default())?;
        let heads: Vec<LayerId> = network.graph().heads().map(|(head, _)| head.id).collect();
        let outputs = network.forward(&self.probe, &Route::default(), &heads)?;
        Ok(Seen {
            weights: learned.into_iter().zip(weights.arrays).collect(),
            outputs: heads.into_iter().zip(outputs).collect(),
        })
    }
}

/// ‖θ' − θ‖ / ‖θ‖ over blocks that keep their shape; `None` for weights that are all 0.
fn weight_change(
    before: &BTreeMap<Parameter, Array2<f32>>,
    after: &BTreeMap<Parameter, Array2<f32>>,
) -> Option<f64> {
    let (mut change, mut all) = (0.0, 0.0);
    for (old, new) in same_shape(before, after) {
        for (old, new) in old.iter().zip(new) {
            let (old, new) = (f64::from(*old), f64::from(*new));
            change += (new - old).powi(2);
            all += old.powi(2);
        }
    }
    Some((change / all).sqrt()).filter(|share| share.is_finite())
}

/// Mean |y' − y| over rows and units of heads that keep their width; `None` without any.
fn function_change(
    before: &BTreeMap<LayerId, Array2<f32>>,
    after: &BTreeMap<LayerId, Array2<f32>>,
) -> Option<f64> {
    let (mut change, mut count) = (0.0, 0usize);
    for (old, new) in same_shape(before, after) {
        let pairs = old.iter().zip(new);
        change += pairs
            .map(|(old, new)| (f64::from(*new) - f64::from(*old)).abs())
            .sum::<f64>();
        count += old.len();
    }
    Some(change / count as f64).filter(|mean| mean.is_finite())
}

/// Arrays that are there before and after in the same shape.
fn same_shape<'a, K: Ord>(
    before: &'a BTreeMap<K, Array2<f32>>,
    after: &'a BTreeMap<K, Array2<f32>>,
) -> impl Iterator<Item = (&'a Array2<f32>, &'a Array2<f32>)> {
    let pairs = before
        .iter()
        .filter_map(|(key, old)| Some((old, after.get(key)?)));
    pairs.filter(|(old, new)| old.dim() == new.dim())
}

#[cfg(test)]
mod tests;

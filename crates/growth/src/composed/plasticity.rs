//! Plasticity by age: new units learn faster, mature ones more slowly, and unused weights of mature units decay.
//!
//! A unit that was added by growth `a` updates ago has the learning-rate scale and the maturity
//!
//! ```text
//! r(a) = mature + (newborn − mature) · 2^(−a / half_life),     m(a) = 1 − 2^(−a / half_life);
//! ```
//!
//! a unit that came with its layer always has r = mature and m = 1. r is the learning-rate scale of the unit's bias and
//! incoming weights and, for units added by growth, the minimum scale of its outgoing ones; heads learn at scale 1 or at r,
//! whichever is larger. When n updates have passed since the last decay, the bias and incoming weights of a unit are
//! multiplied by `max(0, 1 − decay · n · m(a))`.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `newborn` | learning-rate scale at birth; above 0 | 4 |
//! | `half_life` | age at which half of the difference is gone, in updates | 500 |
//! | `mature` | learning-rate scale of mature units; above 0 | 1 |
//! | `decay` | share of a mature unit's incoming weights that decays per update, in [0, 1] | 0 |
//! | `every` | updates between two changes of learning-rate scales | 50 |
//!
//! Age is now − birth and is not stored. Learning-rate scales change at the first check after `every` updates, and those of
//! new units at birth; beyond ten half-lives they equal `mature`, so that an old network is no longer edited. Frozen
//! parameters stay frozen. Decay reads and writes the weights, which is its cost. Biological analogue: adult-born neurons
//! pass through a window of raised plasticity (Ge, S. et al. 2007, *Neuron* 54, 559–566). **Departures.** No canonical
//! algorithm exists.

use crate::parts::{Answer, Answered, Question};
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Adjustment, Cause, Edit, Layer, LayerId, LrScaleOf, Origin, Parameter, Plan, PlanBuilder, Request, Unit,
    UnitId,
};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings of plasticity by age; see the module for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Plasticity {
    // A scale of 0 would be read as that of a frozen unit, and never rise again.
    /// Learning-rate scale of a unit at birth.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub newborn: f32,
    /// Age at which half of the excess of new units over mature ones is gone, in updates.
    #[schemars(range(min = 1))]
    pub half_life: u64,
    /// Learning-rate scale of a mature unit.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub mature: f32,
    /// Share of a mature unit's incoming weights that decays per update.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub decay: f32,
    /// Updates between two changes of learning-rate scales.
    #[schemars(range(min = 1))]
    pub every: u64,
}

impl Default for Plasticity {
    fn default() -> Self {
        Self {
            newborn: 4.0,
            half_life: 500,
            mature: 1.0,
            decay: 0.0,
            every: 50,
        }
    }
}

/// Half-lives after which a unit counts as fully mature.
const GROWN_UP: u64 = 10;

impl Plasticity {
    /// The remaining share of the newborn excess: 1 at birth, 0 in maturity.
    fn youth(&self, unit: &Unit, now: u64) -> f64 {
        let age = now.saturating_sub(unit.born.step);
        if unit.origin == Origin::Initial || age >= self.half_life.saturating_mul(GROWN_UP) {
            return 0.0;
        }
        (-(age as f64) / self.half_life as f64).exp2()
    }

    fn rate(&self, unit: &Unit, now: u64) -> f32 {
        let (newborn, mature) = (f64::from(self.newborn), f64::from(self.mature));
        (mature + (newborn - mature) * self.youth(unit, now)) as f32
    }

    /// The edits that set learning-rate scales by age: of all units if `all`, else of those born at this step only.
    pub(super) fn rates(&self, view: &View<'_>, all: bool) -> Option<Plan> {
        let now = view.moment.step;
        let mut plan = PlanBuilder::new(view.graph, Cause::Ageing, view.seed);
        let mut any = false;
        for layer in view.graph.hidden() {
            let (mut incoming, mut outgoing) = (BTreeMap::new(), BTreeMap::new());
            let concerned = |u: &&Unit| u.incoming_lr_scale > 0.0 && (all || u.born.step == now);
            for unit in layer.units.iter().filter(concerned) {
                let rate = self.rate(unit, now);
                // A scale is positive or 0, so its bits sort in the same order.
                let of =
                    |by: &mut BTreeMap<u32, Vec<UnitId>>| by.entry(rate.to_bits()).or_default().push(unit.id);
                if unit.incoming_lr_scale != rate {
                    of(&mut incoming);
                }
                if unit.origin != Origin::Initial && unit.outgoing_lr_scale != rate {
                    of(&mut outgoing);
                }
            }
            for (rate, units) in incoming {
                any = true;
                plan.lr_scale(LrScaleOf::Incoming(layer.id, units), f32::from_bits(rate));
            }
            for (rate, units) in outgoing {
                any = true;
                plan.lr_scale(LrScaleOf::Outgoing(layer.id, units), f32::from_bits(rate));
            }
        }
        any.then(|| plan.finish())
    }

    /// The parameters that decay reads: all weights and biases into hidden layers that are not frozen.
    fn fading(view: &View<'_>) -> Vec<(Parameter, LayerId)> {
        let graph = view.graph;
        let hidden = |layer: LayerId| graph.hidden().any(|l| l.id == layer);
        let weights = graph
            .connections()
            .filter(|c| c.lr_scale > 0.0 && hidden(c.to) && graph.weights_of(c).is_some());
        let weights = weights.map(|c| (Parameter::Weight(c.id), c.to));
        let biases = graph.hidden().filter(|l| l.bias && l.lr_scale > 0.0);
        weights
            .chain(biases.map(|l| (Parameter::Bias(l.id), l.id)))
            .collect()
    }

    /// The edits that decay the weights, the last decay having been at update `since`.
    pub(super) fn fade(&self, view: &View<'_>, since: u64) -> Answered<Option<Plan>> {
        let (now, blocks) = (view.moment.step, Self::fading(view));
        if self.decay == 0.0 || now == since || blocks.is_empty() {
            return Ok(Answer::Is(None));
        }
        let Some(measured) = view.measured else {
            let request = Request::Parameters(blocks.iter().map(|(parameter, _)| *parameter).collect());
            return Ok(Answer::Ask(Question::new(request, 0)));
        };
        if measured.arrays.iter().flatten().any(|value| !value.is_finite()) {
            return Ok(Answer::Is(None)); // the run is about to end because of it, and reports it itself
        }
        let mut plan = PlanBuilder::new(view.graph, Cause::Ageing, view.seed);
        for ((parameter, layer), values) in blocks.iter().zip(&measured.arrays) {
            let layer = view
                .graph
                .layer(*layer)
                .ok_or_else(|| StrategyError::Missing(layer.to_string()))?;
            let by = Adjustment::Set(self.faded(layer, values, now, since));
            plan.edit(Edit::Adjust {
                parameter: *parameter,
                by,
            });
        }
        Ok(Answer::Is(Some(plan.finish())))
    }

    /// Decayed values of a block in which each unit has a row, or each an entry of the only row.
    fn faded(&self, layer: &Layer, values: &Array2<f32>, now: u64, since: u64) -> Array2<f32> {
        let mut faded = values.clone();
        let rows = values.nrows() == layer.width();
        for (position, unit) in layer
            .units
            .iter()
            .enumerate()
            .filter(|(_, u)| u.incoming_lr_scale > 0.0)
        {
            let updates = now.saturating_sub(unit.born.step.max(since)) as f64;
            let kept = 1.0 - f64::from(self.decay) * updates * (1.0 - self.youth(unit, now));
            let kept = kept.max(0.0) as f32;
            if rows {
                faded.row_mut(position).mapv_inplace(|value| value * kept);
            } else {
                faded.column_mut(position).mapv_inplace(|value| value * kept);
            }
        }
        faded
    }
}

#[cfg(test)]
mod tests;

//! Plasticity by age: newborn units learn faster, mature ones more slowly, and what mature units do not use fades.
//!
//! A unit born by growth that is `a` updates old has the rate and the maturity
//!
//! ```text
//! r(a) = mature + (newborn − mature) · 2^(−a / half_life),     m(a) = 1 − 2^(−a / half_life);
//! ```
//!
//! a unit that came with its layer has r = mature and m = 1 from the first. r is the rate of the unit's bias and incoming
//! weights and, for those born by growth, the least rate of its outgoing ones; heads learn at rate 1 or at r, whichever is larger.
//! The bias and incoming weights of a unit are multiplied, for n updates since they last were, by `max(0, 1 − decay · n · m(a))`.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `newborn` | rate at birth; above 0 | 4 |
//! | `half_life` | age at which half of the difference is gone, in updates | 500 |
//! | `mature` | rate in old age; above 0 | 1 |
//! | `decay` | share of a mature unit's incoming weights that fades per update, in [0, 1] | 0 |
//! | `every` | updates between two changes of rates | 50 |
//!
//! Age is now − birth and nowhere stored. Rates change with the first look after `every` updates, and for newborns at their birth;
//! beyond ten half-lives they are `mature`, so that an old network is edited no more. What is frozen stays so. Decay reads and
//! writes the weights, which is what it costs. Mirrors: adult-born neurons pass a window of raised plasticity (Ge, S. et al.
//! 2007, *Neuron* 54, 559–566). **Departures.** No canonical algorithm exists.

use crate::parts::{Answer, Answered, Question};
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Adjustment, Cause, Edit, Layer, LayerId, Origin, Parameter, Plan, PlanBuilder, RateOf, Request, Unit,
    UnitId,
};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings; see the module for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Plasticity {
    // A rate of 0 would be taken for that of a frozen unit, and never rise again.
    /// Rate of a unit at birth.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub newborn: f32,
    /// Age at which half of what newborns have beyond mature units is gone, in updates.
    #[schemars(range(min = 1))]
    pub half_life: u64,
    /// Rate of a mature unit.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub mature: f32,
    /// Share of a mature unit's incoming weights that fades per update.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub decay: f32,
    /// Updates between two changes of rates.
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

/// Half-lives after which a unit is as mature as it gets.
const GROWN_UP: u64 = 10;

impl Plasticity {
    /// What is left of youth: 1 at birth, 0 in maturity.
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

    /// The edits that give units the rates of their age; `all`, or who was born just now.
    pub(super) fn rates(&self, view: &View<'_>, all: bool) -> Option<Plan> {
        let now = view.moment.step;
        let mut plan = PlanBuilder::new(view.graph, Cause::Ageing, view.seed);
        let mut any = false;
        for layer in view.graph.hidden() {
            let (mut incoming, mut outgoing) = (BTreeMap::new(), BTreeMap::new());
            let concerned = |u: &&Unit| u.incoming_rate > 0.0 && (all || u.born.step == now);
            for unit in layer.units.iter().filter(concerned) {
                let rate = self.rate(unit, now);
                // A rate is positive or 0, so its bits are in its order.
                let of =
                    |by: &mut BTreeMap<u32, Vec<UnitId>>| by.entry(rate.to_bits()).or_default().push(unit.id);
                if unit.incoming_rate != rate {
                    of(&mut incoming);
                }
                if unit.origin != Origin::Initial && unit.outgoing_rate != rate {
                    of(&mut outgoing);
                }
            }
            for (rate, units) in incoming {
                any = true;
                plan.rate(RateOf::Incoming(layer.id, units), f32::from_bits(rate));
            }
            for (rate, units) in outgoing {
                any = true;
                plan.rate(RateOf::Outgoing(layer.id, units), f32::from_bits(rate));
            }
        }
        any.then(|| plan.finish())
    }

    /// What decay has to read: all that comes into hidden layers and is not frozen.
    fn fading(view: &View<'_>) -> Vec<(Parameter, LayerId)> {
        let graph = view.graph;
        let hidden = |layer: LayerId| graph.hidden().any(|l| l.id == layer);
        let weights = graph
            .connections()
            .filter(|c| c.rate > 0.0 && hidden(c.to) && graph.weights_of(c).is_some());
        let weights = weights.map(|c| (Parameter::Weight(c.id), c.to));
        let biases = graph.hidden().filter(|l| l.bias && l.rate > 0.0);
        weights
            .chain(biases.map(|l| (Parameter::Bias(l.id), l.id)))
            .collect()
    }

    /// The edits by which weights fade that were last at `since`.
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
            return Ok(Answer::Is(None)); // the run is about to end of it, and says so itself
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

    /// Values of a block, of which each unit has a row, or each an entry of the only row.
    fn faded(&self, layer: &Layer, values: &Array2<f32>, now: u64, since: u64) -> Array2<f32> {
        let mut faded = values.clone();
        let rows = values.nrows() == layer.width();
        for (position, unit) in layer
            .units
            .iter()
            .enumerate()
            .filter(|(_, u)| u.incoming_rate > 0.0)
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

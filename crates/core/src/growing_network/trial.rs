//! Trials: the value of an objective after each of several plans, none of which is kept.

use super::{GrowError, GrowingNetwork};
use crate::backend::Purpose;
use crate::data::Rows;
use crate::objective::{Objective, Route};
use crate::plan::Plan;
use crate::slot::Slot;

impl GrowingNetwork {
    /// The value of the objective, penalties included, of the network as it is, followed by its values after each of these plans
    /// alone. Nothing is kept but the count of multiply-adds. Factors on units that a route has are 1 for units that a plan adds.
    ///
    /// Each plan costs a copy of the whole state beside its passes, so trials are for rare decisions.
    ///
    /// # Errors
    /// [`GrowError`]; then nothing has changed.
    pub fn values_after(
        &mut self,
        plans: &[Plan],
        rows: &Rows,
        route: &Route,
        objective: &Objective,
    ) -> Result<Vec<f64>, GrowError> {
        self.version += 1;
        let mut numbers = self.backend.snapshot();
        let mut values = Vec::with_capacity(1 + plans.len());
        for plan in std::iter::once(None).chain(plans.iter().map(Some)) {
            let value = self.value_after(plan, rows, route, objective);
            numbers.stats.multiply_adds = self.backend.drain().multiply_adds;
            self.backend.restore(self.architecture.graph(), &numbers)?;
            values.push(value?);
        }
        Ok(values)
    }

    fn value_after(
        &mut self,
        plan: Option<&Plan>,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
    ) -> Result<f64, GrowError> {
        let mut route = route.clone();
        if let Some(plan) = plan {
            let (graph, receipt) = self.graph().apply(plan, self.clock)?;
            self.backend.apply(&graph, &receipt)?;
            for (layer, gates) in &mut route.gates {
                gates.resize(graph.layer(*layer).map_or(gates.len(), |l| l.width()), 1.0);
            }
        }
        let (into, purpose) = (Slot::GRADIENT, Purpose::ReadOnly);
        Ok(self.backend.gradient(rows, &route, objective, into, purpose)?)
    }
}

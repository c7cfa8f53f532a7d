//! The changes of the network at the end of a task: expansion, removal of what it has left unused, splits.

use super::{
    Both, DynamicallyExpandableNetwork, Expandable, NAME, TaskPhase, own_heads, shrinking, splitting,
};
use crate::mechanism::{Context, Work};
use dentate_core::{Edit, Graph, Init, LayerId, LearnError, Observation, PlanBuilder, Route, UnitId};

impl DynamicallyExpandableNetwork {
    /// The mean loss on rows of the experience.
    fn loss(&self, cx: &mut Context<'_>) -> Result<f64, LearnError> {
        let seed = cx.seed(&cx.network.clock().step.to_string());
        let rows = cx.sample(self.samples, seed)?;
        if rows.is_empty() {
            return Ok(0.0);
        }
        let (rows, objective) = cx.objective(&rows)?;
        let values = cx.network.values_after(&[], &rows, &Route::default(), &objective);
        Ok(values
            .map_err(|error| error.of(NAME))?
            .first()
            .copied()
            .unwrap_or(0.0))
    }

    /// The hidden layers, each with the number of units that it may still get.
    fn rooms<'g>(&self, graph: &'g Graph) -> impl Iterator<Item = (LayerId, usize)> + 'g {
        let most = self.max_units;
        let layers = graph.hidden().filter(|layer| graph.resizable(layer.id));
        layers.map(move |layer| (layer.id, most.saturating_sub(layer.width())))
    }

    /// Adds units if the task is not learned well enough; else goes on to the drift.
    pub(super) fn expand(&self, state: &mut Expandable, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let loss = self.loss(cx)?;
        let seed = cx.seed("expand").derive(&cx.network.clock().step.to_string());
        let graph = cx.network.graph();
        let mut plan = PlanBuilder::new(graph, "expand", seed);
        let mut any = false;
        for (layer, room) in self.rooms(graph).filter(|_| loss > self.loss_threshold) {
            let count = self.units.min(room);
            if count > 0 {
                any = true;
                plan.widen(layer, count, cx.init(), Init::Zero);
            }
        }
        if !any {
            state.stage = TaskPhase::Drifted;
            return Ok(Work::Again);
        }
        state.stage = TaskPhase::Expanded(graph.next_unit());
        plan.because(Observation::new("loss", loss));
        Ok(Work::Apply(plan.finish()))
    }

    /// Removes the new units that nothing comes into any more.
    pub(super) fn remove(
        &self,
        first: UnitId,
        state: &mut Expandable,
        cx: &mut Context<'_>,
    ) -> Result<Work, LearnError> {
        state.stage = TaskPhase::Drifted;
        let weights = Both::of(cx)?.now;
        let graph = cx.network.graph();
        let mut plan = PlanBuilder::new(graph, "remove-unused", cx.seed("remove"));
        let mut any = false;
        for layer in graph.hidden() {
            let units = shrinking::unused(graph, &weights, layer, first);
            if !units.is_empty() && units.len() < layer.width() {
                any = true;
                let (layer, fold_mean) = (layer.id, Vec::new());
                plan.edit(Edit::Prune {
                    layer,
                    units,
                    fold_mean,
                });
            }
        }
        Ok(if any {
            Work::Apply(plan.finish())
        } else {
            Work::Again
        })
    }

    /// Splits the units that have drifted.
    pub(super) fn split(&self, state: &mut Expandable, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let both = Both::of(cx)?;
        let (graph, now) = (cx.network.graph(), cx.network.clock().experience);
        let drifts = splitting::drifts(graph, &both.now, &both.before, now);
        let rooms = self.rooms(graph).collect();
        let chosen = splitting::most_drifted(&drifts, self.drift_threshold, &rooms);
        let Some(largest) = chosen
            .values()
            .flatten()
            .map(|(_, drift)| *drift)
            .reduce(f64::max)
        else {
            state.stage = TaskPhase::Over;
            return Ok(Work::Again);
        };
        let mut plan = PlanBuilder::new(graph, "split", cx.seed("split"));
        plan.because(Observation::new("drift", largest));
        let heads = own_heads(cx);
        splitting::plan(graph, &both.now, &both.before, &chosen, &heads, now, &mut plan);
        state.stage = TaskPhase::Split;
        Ok(Work::Apply(plan.finish()))
    }
}

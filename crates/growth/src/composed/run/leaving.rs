//! Removal of units: by the survival rule, with or without replacement, and by schedule.

use super::phase::CheckPhase;
use super::{ComposedRun, Turn, ask};
use crate::composed::plans;
use crate::composed::replacing::{replaceable, replacements};
use crate::parts::{Answer, Answered, NewUnit, Removals, Start};
use crate::strategy::{Action, View};
use dentate_core::Origin;

impl ComposedRun {
    /// Calls the survival rule, which decides which units are removed.
    pub(super) fn evaluating(&mut self, view: &View<'_>) -> Turn {
        let young = self.young(view);
        match self.survival.removals(view, &young, self.threshold_scale())? {
            Answer::Ask(question) => {
                self.state.phase = CheckPhase::Evaluating;
                Ok(Some(ask(question)))
            }
            Answer::Is(dead) if self.survival.replaces() => {
                let gone = replaceable(view.graph, dead);
                let starts = Vec::new();
                self.state.phase = CheckPhase::Replacing { gone, starts };
                Ok(None)
            }
            Answer::Is(dead) => {
                self.state.phase = CheckPhase::Pruning;
                Ok(plans::pruned(view, dead, "not-survived").map(Action::Grow))
            }
        }
    }

    /// Calls the initializer for the next layer; once all are covered, replaces the units.
    pub(super) fn replacing(&mut self, view: &View<'_>, gone: Vec<Removals>, mut starts: Vec<Start>) -> Turn {
        match gone.get(starts.len()) {
            None => {
                self.state.phase = CheckPhase::Pruning;
                let requests = replacements(view, gone, starts)?;
                Ok((!requests.is_empty()).then_some(Action::Replace(requests)))
            }
            Some(Removals { layer, units, .. }) => {
                let asked = self.start(view, *layer, units.len(), &mut starts)?;
                self.state.phase = CheckPhase::Replacing { gone, starts };
                Ok(asked)
            }
        }
    }

    /// Prunes units if that is due.
    pub(super) fn pruning(&mut self, view: &View<'_>) -> Turn {
        match self.prune(view)? {
            Answer::Ask(question) => {
                self.state.phase = CheckPhase::Pruning;
                Ok(Some(ask(question)))
            }
            Answer::Is(dead) => {
                self.state.phase = CheckPhase::Rating;
                Ok(plans::pruned(view, dead, "pruned").map(Action::Grow))
            }
        }
    }

    /// All units that were added by growth.
    fn young(&self, view: &View<'_>) -> Vec<NewUnit> {
        let layers = view.graph.hidden();
        layers
            .flat_map(|layer| {
                layer
                    .units
                    .iter()
                    .enumerate()
                    .filter(|(_, u)| u.origin != Origin::Initial)
                    .map(move |(position, unit)| NewUnit {
                        layer: layer.id,
                        position,
                        unit: unit.id,
                        age: view.moment.step.saturating_sub(unit.born.step),
                    })
            })
            .collect()
    }

    /// The units to prune by schedule; none if pruning is not due.
    fn prune(&mut self, view: &View<'_>) -> Answered<Vec<Removals>> {
        let last = self.state.pruned;
        let Some(pruning) = self.pruning.as_ref().filter(|p| p.due(view, last)) else {
            return Ok(Answer::Is(Vec::new()));
        };
        let answer = pruning.removals(view)?;
        if matches!(answer, Answer::Is(_)) {
            self.state.pruned = view.moment.step;
        }
        Ok(answer)
    }
}

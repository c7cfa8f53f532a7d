//! Who has to go: by the survival rule, whether or not others take their places, and by schedule.

use super::stage::Stage;
use super::{ComposedRun, Turn, ask};
use crate::composed::plans;
use crate::composed::replacing::{replaceable, replacements};
use crate::parts::{Answer, Answered, Dead, Start, Young};
use crate::strategy::{Action, View};
use dentate_core::Origin;

impl ComposedRun {
    /// The survival rule says who has to go.
    pub(super) fn judging(&mut self, view: &View<'_>) -> Turn {
        let young = self.young(view);
        match self.survival.judge(view, &young, self.leniency())? {
            Answer::Ask(question) => {
                self.standing.stage = Stage::Judging;
                Ok(Some(ask(question)))
            }
            Answer::Is(dead) if self.survival.replaces() => {
                let gone = replaceable(view.graph, dead);
                let starts = Vec::new();
                self.standing.stage = Stage::Replacing { gone, starts };
                Ok(None)
            }
            Answer::Is(dead) => {
                self.standing.stage = Stage::Pruning;
                Ok(plans::pruned(view, dead, "not-survived").map(Action::Grow))
            }
        }
    }

    /// The initializer says how the next newborns start, and then all of them take their places.
    pub(super) fn replacing(&mut self, view: &View<'_>, gone: Vec<Dead>, mut starts: Vec<Start>) -> Turn {
        match gone.get(starts.len()) {
            None => {
                self.standing.stage = Stage::Pruning;
                let requests = replacements(view, gone, starts)?;
                Ok((!requests.is_empty()).then_some(Action::Replace(requests)))
            }
            Some(Dead { layer, units, .. }) => {
                let asked = self.start(view, *layer, units.len(), &mut starts)?;
                self.standing.stage = Stage::Replacing { gone, starts };
                Ok(asked)
            }
        }
    }

    /// Units are pruned if it is time.
    pub(super) fn pruning(&mut self, view: &View<'_>) -> Turn {
        match self.prune(view)? {
            Answer::Ask(question) => {
                self.standing.stage = Stage::Pruning;
                Ok(Some(ask(question)))
            }
            Answer::Is(dead) => {
                self.standing.stage = Stage::Rating;
                Ok(plans::pruned(view, dead, "pruned").map(Action::Grow))
            }
        }
    }

    /// Living units that did not come with their layer.
    fn young(&self, view: &View<'_>) -> Vec<Young> {
        let layers = view.graph.hidden();
        layers
            .flat_map(|layer| {
                layer
                    .units
                    .iter()
                    .enumerate()
                    .filter(|(_, u)| u.origin != Origin::Initial)
                    .map(move |(position, unit)| Young {
                        layer: layer.id,
                        position,
                        unit: unit.id,
                        age: view.moment.step.saturating_sub(unit.born.step),
                    })
            })
            .collect()
    }

    /// Who is pruned by schedule; nobody when it is not time.
    fn prune(&mut self, view: &View<'_>) -> Answered<Vec<Dead>> {
        let last = self.standing.pruned;
        let Some(pruning) = self.pruning.as_ref().filter(|p| p.due(view, last)) else {
            return Ok(Answer::Is(Vec::new()));
        };
        let answer = pruning.judge(view)?;
        if matches!(answer, Answer::Is(_)) {
            self.standing.pruned = view.moment.step;
        }
        Ok(answer)
    }
}

//! When to grow, where, and how new units are initialised.

use super::phase::CheckPhase;
use super::{ComposedRun, Turn, ask};
use crate::composed::{MOST, plans};
use crate::parts::{Answer, Decision, GrowthEvent, Place, Start};
use crate::strategy::{Action, Reason, StrategyError, View};
use dentate_core::{Graph, LayerId};
use std::collections::BTreeMap;

/// Number of growths kept in the history.
const HISTORY: usize = 32;

/// Returns whether no layer could grow even without a cap on its width.
fn nothing_to_grow(graph: &Graph, places: &[Place]) -> bool {
    let fixed = |place: &Place| matches!(*place, Place::Wider { layer, .. } if !graph.resizable(layer));
    match places {
        [] => graph.hidden().next().is_none(),
        some => some.iter().all(fixed),
    }
}

impl ComposedRun {
    /// Calls the trigger, which decides whether anything grows at this check.
    pub(super) fn triggering(&mut self, view: &View<'_>) -> Turn {
        match self.trigger.fires(view)? {
            Answer::Ask(question) => {
                self.state.phase = CheckPhase::Triggering;
                Ok(Some(ask(question)))
            }
            Answer::Is(Decision::Wait(reason)) => Ok(Some(self.hold(reason))),
            Answer::Is(Decision::Grow { demand, because }) => match self.amount(demand) {
                0 => Ok(Some(self.hold(Reason::Waiting))),
                units => {
                    self.state.because = because;
                    self.state.phase = CheckPhase::Placing { units };
                    Ok(None)
                }
            },
        }
    }

    /// Calls the placement, which decides where the units are added.
    pub(super) fn placing(&mut self, view: &View<'_>, units: usize) -> Turn {
        match self.placement.place(view, units)? {
            Answer::Ask(question) => {
                self.state.phase = CheckPhase::Placing { units };
                Ok(Some(ask(question)))
            }
            Answer::Is(places) => {
                let stuck = nothing_to_grow(view.graph, &places);
                let places = self.capped(view.graph, places);
                if places.is_empty() {
                    return Ok(Some(self.hold(if stuck { Reason::NoLayer } else { Reason::Cap })));
                }
                let starts = Vec::new();
                self.state.phase = CheckPhase::Starting { places, starts };
                Ok(None)
            }
        }
    }

    /// Calls the initializer for the next place; once all places are covered, grows.
    pub(super) fn starting(&mut self, view: &View<'_>, places: Vec<Place>, mut starts: Vec<Start>) -> Turn {
        let wider = |place: &Place| match *place {
            Place::Wider { layer, units } => Some((layer, units)),
            Place::Deeper { .. } | Place::Residual { .. } => None,
        };
        match places.iter().filter_map(wider).nth(starts.len()) {
            None => {
                let (mut plan, units) = plans::grown(view, &places, starts);
                if plan.edits.is_empty() {
                    return Ok(Some(self.hold(Reason::NotNow)));
                }
                plan.observed = self.state.because.take();
                self.remember(view, units);
                self.state.phase = CheckPhase::Over;
                Ok(Some(Action::Grow(plan)))
            }
            Some((layer, units)) => {
                let asked = self.start(view, layer, units, &mut starts)?;
                self.state.phase = CheckPhase::Starting { places, starts };
                Ok(asked)
            }
        }
    }

    /// Converts a demand into a number of units.
    fn amount(&mut self, demand: f64) -> usize {
        let wanted = self.units * demand.max(0.0) * self.state.factors.growth + self.state.left;
        let whole = if wanted.is_finite() {
            wanted.floor().min(MOST as f64)
        } else {
            0.0
        };
        self.state.left = if wanted.is_finite() {
            (wanted - whole).min(1.0)
        } else {
            0.0
        };
        whole as usize
    }

    /// Limits places to as many units as each layer may still get.
    fn capped(&self, graph: &Graph, places: Vec<Place>) -> Vec<Place> {
        let mut left = BTreeMap::new();
        let mut allowed = Vec::new();
        for place in places {
            match place {
                Place::Wider { layer, .. } if !graph.resizable(layer) => {}
                Place::Wider { layer, units } => {
                    let room = left.entry(layer).or_insert_with(|| {
                        let width = graph.layer(layer).map_or(0, |l| l.width());
                        self.max_units.saturating_sub(width)
                    });
                    let units = units.min(*room);
                    *room -= units;
                    if units > 0 {
                        allowed.push(Place::Wider { layer, units });
                    }
                }
                Place::Deeper { connection } | Place::Residual { connection, .. } => {
                    let width = graph.connection(connection).and_then(|c| graph.layer(c.from));
                    if width.is_none_or(|l| l.width() <= self.max_units) {
                        allowed.push(place);
                    }
                }
            }
        }
        allowed
    }

    /// Records a growth in the history.
    fn remember(&mut self, view: &View<'_>, units: usize) {
        self.state.history.push(GrowthEvent {
            step: view.moment.step,
            units,
            before: self.state.loss,
            after: None,
        });
        if self.state.history.len() > HISTORY {
            self.state.history.remove(0);
        }
    }

    /// Appends the initialisation of a layer's new units to `starts`, unless the initializer requests a measurement first.
    /// The number of copies has to equal `units`.
    pub(super) fn start(
        &mut self,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
        starts: &mut Vec<Start>,
    ) -> Turn {
        match self.initializer.initialize(view, layer, units)? {
            Answer::Ask(question) => Ok(Some(ask(question))),
            Answer::Is(start) if start.copies() && !self.initializer.copies() => {
                let sentence = "its initializer starts units as copies, which its `copies` does not say; let that return true";
                Err(StrategyError::Unsuited(sentence.into()))
            }
            Answer::Is(start) if start.moves() && !self.initializer.moves() => {
                let sentence = "its initializer moves existing units, which its `moves` does not say; let that return true";
                Err(StrategyError::Unsuited(sentence.into()))
            }
            Answer::Is(Start::Copies { of, .. }) if of.len() != units => {
                let copies = of.len();
                let sentence = format!("its initializer copies {copies} units where {units} were asked for");
                Err(StrategyError::Unsuited(sentence))
            }
            Answer::Is(start) => {
                starts.push(start);
                Ok(None)
            }
        }
    }
}

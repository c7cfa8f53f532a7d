//! The context of a step: the network in training, the experience with its rows, and the log of the run.

use crate::budget::Quota;
use crate::config::Gradient;
use crate::heads;
use crate::mechanism::{At, Pass, Sight};
use crate::train_loop::{TrainPhase, Within};
use crate::train_state::{Grower, TrainState};
use dentate_core::{
    ExperienceInfo, LearnError, MetricLog, Notes, Plan, Replacement, Route, Seed, Slot, Source,
};

/// Everything that a call of the learner works with.
pub(crate) struct StrategyContext<'a> {
    pub(crate) config: &'a Gradient,
    pub(crate) seed: Seed,
    pub(crate) train_state: &'a mut TrainState,
    pub(crate) experience: &'a ExperienceInfo,
    pub(crate) stage: &'a mut TrainPhase,
    pub(crate) within: &'a mut Within,
    pub(crate) source: &'a mut dyn Source,
    pub(crate) log: &'a mut MetricLog,
    /// Values that the strategy and mechanisms record; they go into the log when the step is over.
    pub(crate) notes: &'a Notes,
}

impl StrategyContext<'_> {
    /// The training budget of the experience.
    pub(crate) fn quota(&self) -> Quota {
        self.config.budget.of(self.experience.index)
    }

    /// The position of this call for mechanisms, the network in training, and the metric log.
    pub(crate) fn parts(&mut self) -> (At<'_>, &mut TrainState, &mut MetricLog) {
        let at = At {
            experience: self.experience,
            pass: self.within.pass,
            source: Some(&*self.source),
            optimizer: &self.config.optimizer,
            init: self.config.init,
            notes: Some(self.notes),
        };
        (at, &mut *self.train_state, &mut *self.log)
    }

    /// Applies a plan.
    pub(crate) fn apply(&mut self, plan: &Plan, by: Grower<'_>) -> Result<(), LearnError> {
        let (at, train_state, log) = self.parts();
        train_state.apply(plan, by, at, log)
    }

    /// Replaces units in place.
    pub(crate) fn replace(&mut self, request: &Replacement, by: &str) -> Result<(), LearnError> {
        let (at, train_state, log) = self.parts();
        train_state.replace(request, by, at, log)
    }

    /// The plan for heads that the experience needs and the network lacks.
    pub(crate) fn missing_heads(&self) -> Option<Plan> {
        let seed = self.seed.derive(&format!("head/{}", self.experience.index));
        let (graph, form) = (self.train_state.network.graph(), self.config.head_form());
        heads::missing(graph, self.experience, form, seed)
    }

    /// Applies the mechanisms' views to a route of the learner. Returns the slot that scales updates down, if any.
    pub(crate) fn seen(&mut self, pass: Pass, route: &mut Route) -> Result<Option<Slot>, LearnError> {
        let task = match &self.experience.tasks[..] {
            [one] => Some(one.id),
            _ => None,
        };
        let (at, train_state, _) = self.parts();
        let TrainState {
            network, mechanisms, ..
        } = train_state;
        Ok(mechanisms.view(network, at, Sight { pass, task })?.over(route))
    }

    /// Logs a measurement.
    pub(crate) fn measured(&mut self) {
        let TrainState { network, stats, .. } = &mut *self.train_state;
        stats.drain(network, self.log);
        self.log.measurements += 1;
    }

    /// Counts an update and logs it.
    pub(crate) fn count_update(&mut self) -> Result<(), LearnError> {
        self.train_state.network.tick();
        self.train_state.book(&self.config.optimizer, self.log)
    }
}

//! Learning-rate scales by age, and weight decay of old units.

use super::phase::CheckPhase;
use super::{ComposedRun, Turn, ask};
use crate::composed::Plasticity;
use crate::parts::Answer;
use crate::strategy::{Action, Reason, View};

impl ComposedRun {
    /// Sets learning-rate scales by age if that is due.
    pub(super) fn rating(&mut self, view: &View<'_>) -> Option<Action> {
        let due = self.ages(view).filter(|p| p.decay > 0.0).is_some();
        let plan = self.ages(view).and_then(|p| p.rates(view, true));
        if due {
            self.state.phase = CheckPhase::Fading;
        } else {
            self.aged(view);
        }
        plan.map(Action::Grow)
    }

    /// Decays the weights of old units.
    pub(super) fn fading(&mut self, view: &View<'_>) -> Turn {
        let since = self.state.aged;
        let fades = self.plasticity.as_ref().map(|p| p.fade(view, since));
        match fades.unwrap_or(Ok(Answer::Is(None)))? {
            Answer::Ask(question) => {
                self.state.phase = CheckPhase::Fading;
                Ok(Some(ask(question)))
            }
            Answer::Is(plan) => {
                self.aged(view);
                Ok(plan.map(Action::Grow))
            }
        }
    }

    /// Sets the learning-rate scales of new units after a growth.
    pub(super) fn over(&mut self, view: &View<'_>) -> Action {
        match self.plasticity.as_ref().and_then(|p| p.rates(view, false)) {
            Some(plan) => {
                // Still the same check: new units have their learning-rate scales now, and nothing grows a second time.
                self.state.phase = CheckPhase::Over;
                Action::Grow(plan)
            }
            None => self.hold(Reason::NotNow),
        }
    }

    /// The plasticity settings, if plasticity is due.
    fn ages(&self, view: &View<'_>) -> Option<&Plasticity> {
        let (now, last) = (view.moment.step, self.state.aged);
        let due = |p: &&Plasticity| now == 0 || now >= last.saturating_add(p.every);
        self.plasticity.as_ref().filter(due)
    }

    /// Marks learning-rate scales and decay as done for this check.
    fn aged(&mut self, view: &View<'_>) {
        if self.ages(view).is_some() {
            self.state.aged = view.moment.step;
        }
        self.state.phase = CheckPhase::Triggering;
    }
}

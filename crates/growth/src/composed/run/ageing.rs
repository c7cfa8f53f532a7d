//! Rates by age, and weights that fade.

use super::stage::Stage;
use super::{ComposedRun, Turn, ask};
use crate::composed::Plasticity;
use crate::parts::Answer;
use crate::strategy::{Action, Reason, View};

impl ComposedRun {
    /// Units get the rates of their age if it is time.
    pub(super) fn rating(&mut self, view: &View<'_>) -> Option<Action> {
        let due = self.ages(view).filter(|p| p.decay > 0.0).is_some();
        let plan = self.ages(view).and_then(|p| p.rates(view, true));
        if due {
            self.standing.stage = Stage::Fading;
        } else {
            self.aged(view);
        }
        plan.map(Action::Grow)
    }

    /// Old weights fade.
    pub(super) fn fading(&mut self, view: &View<'_>) -> Turn {
        let since = self.standing.aged;
        let fades = self.plasticity.as_ref().map(|p| p.fade(view, since));
        match fades.unwrap_or(Ok(Answer::Is(None)))? {
            Answer::Ask(question) => {
                self.standing.stage = Stage::Fading;
                Ok(Some(ask(question)))
            }
            Answer::Is(plan) => {
                self.aged(view);
                Ok(plan.map(Action::Grow))
            }
        }
    }

    /// After a growth, the newborns get their rates.
    pub(super) fn over(&mut self, view: &View<'_>) -> Action {
        match self.plasticity.as_ref().and_then(|p| p.rates(view, false)) {
            Some(plan) => {
                // Still this look: what has just been born has its rates now, and nothing grows a second time.
                self.standing.stage = Stage::Over;
                Action::Grow(plan)
            }
            None => self.hold(Reason::NotNow),
        }
    }

    /// Plasticity, when it is time for it.
    fn ages(&self, view: &View<'_>) -> Option<&Plasticity> {
        let (now, last) = (view.moment.step, self.standing.aged);
        let due = |p: &&Plasticity| now == 0 || now >= last.saturating_add(p.every);
        self.plasticity.as_ref().filter(due)
    }

    /// Rates and decay are done with at this look.
    fn aged(&mut self, view: &View<'_>) {
        if self.ages(view).is_some() {
            self.standing.aged = view.moment.step;
        }
        self.standing.stage = Stage::Triggering;
    }
}

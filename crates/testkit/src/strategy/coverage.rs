//! Observations of a conformance run: a law that was never put to the test was not satisfied, only not broken.

use super::part::PartCalls;
use super::subject::Subject;
use dentate_core::registry::Kind;
use dentate_core::{Cause, Edit, Event};
use dentate_growth::parts::{Never, TriggerSpec};
use dentate_growth::{Composed, Law};
use std::collections::BTreeMap;
use std::fmt;

/// Events in the cases that a subject ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Number of cases.
    pub cases: u64,
    /// Cases that were refused as unsuitable, or stopped because a loss was NaN.
    pub refused: u64,
    /// The number of times the law was put to the test.
    pub checks: u64,
    /// Number of updates.
    pub updates: u64,
    /// The subject's own plans, and replacements in place.
    pub edits: u64,
    /// Units that these added.
    pub births: u64,
    /// Units that these removed.
    pub prunings: u64,
    /// Units that were replaced by new ones.
    pub replacements: u64,
    /// Plans that set learning-rate scales and values by age.
    pub ageings: u64,
    /// Plans that pruned by schedule.
    pub schedules: u64,
    /// Cases in which a mechanism changed the weights or the predictions.
    pub effects: u64,
    /// Calls of each part of a composed strategy.
    pub parts: BTreeMap<(Kind, String), PartCalls>,
}

/// Returns whether a subject says that it changes the architecture. Mechanisms are tested on a growing network.
pub(super) fn grows(subject: &Subject, _: &Coverage) -> bool {
    match subject {
        Subject::Strategy(strategy) => strategy.grows(),
        Subject::Mechanism(_) => true,
        Subject::Learner(spec) => spec.grows(),
    }
}

/// Returns whether a composed strategy is set to prune and never to grow.
fn only_prunes(subject: &Subject) -> bool {
    let never = |composed: Composed| composed.trigger.typetag_name() == Never {}.typetag_name();
    subject.composed().is_some_and(never)
}

impl Coverage {
    /// The same, with one more occasion if the law was put to the test.
    #[must_use]
    pub(super) fn and_tested(self, tested: bool) -> Self {
        Self {
            checks: self.checks + u64::from(tested),
            ..self
        }
    }

    /// Count one of the subject's own events.
    pub(super) fn count(&mut self, event: &Event) {
        self.edits += 1;
        match event {
            Event::Applied { plan, born, died, .. } => {
                let replaced = |edit: &Edit| match edit {
                    Edit::Replace { units, .. } => units.len() as u64,
                    _ => 0,
                };
                let replaced: u64 = plan.edits.iter().map(replaced).sum();
                self.births += *born as u64;
                self.replacements += replaced;
                self.prunings += (*died as u64).saturating_sub(replaced);
                self.ageings += u64::from(plan.cause == Cause::Ageing);
                self.schedules += u64::from(plan.cause == Cause::from("pruned"));
            }
            Event::Replaced { units, .. } => {
                self.births += units.len() as u64;
                self.replacements += units.len() as u64;
            }
        }
    }

    /// Add other observations.
    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.cases, other.cases),
            (&mut self.refused, other.refused),
            (&mut self.checks, other.checks),
            (&mut self.updates, other.updates),
            (&mut self.edits, other.edits),
            (&mut self.births, other.births),
            (&mut self.prunings, other.prunings),
            (&mut self.replacements, other.replacements),
            (&mut self.ageings, other.ageings),
            (&mut self.schedules, other.schedules),
            (&mut self.effects, other.effects),
        ];
        for (own, other) in pairs {
            *own += other;
        }
        for (name, part) in &other.parts {
            let own = self.parts.entry(name.clone()).or_default();
            own.calls += part.calls;
            own.effects += part.effects;
        }
    }

    /// The first claim of `subject` that was not observed, in words; `None` if it did everything.
    pub fn missing(&self, subject: &Subject) -> Option<String> {
        if self.cases == self.refused && self.updates == 0 {
            return Some("it refused every case".into());
        }
        if self.updates == 0 {
            return Some("it never made an update".into());
        }
        match subject {
            Subject::Mechanism(_) if self.effects == 0 => {
                return Some("it never made a difference to what was learned".into());
            }
            Subject::Learner(spec) if spec.grows() && self.births == 0 => {
                return Some("it says that it grows (`grows`), and no unit was ever born".into());
            }
            Subject::Strategy(strategy) if strategy.grows() => {
                let widens = !strategy.laws().contains(&Law::AtMost(0));
                let changed = self.births + if only_prunes(subject) { self.prunings } else { 0 };
                if self.edits == 0 || (widens && changed == 0) {
                    return Some("it says that it grows (`grows`), and it never did".into());
                }
            }
            _ => {}
        }
        self.idle_part(subject)
    }

    /// A part of a composed strategy that never had an effect.
    fn idle_part(&self, subject: &Subject) -> Option<String> {
        let composed = subject.composed()?;
        let coverage = |kind| self.parts.iter().find(move |((of, _), _)| *of == kind);
        for (kind, done) in [
            (Kind::Trigger, "fired"),
            (Kind::Placement, "placed a unit"),
            (Kind::Initializer, "initialised a unit"),
            (Kind::Survival, "removed a unit"),
            (Kind::Modulation, "scaled anything"),
        ] {
            let Some(((_, name), part)) = coverage(kind) else {
                continue;
            };
            if part.calls == 0 {
                return Some(format!("its {kind} `{name}` was never called"));
            }
            if part.effects == 0 {
                return Some(format!(
                    "its {kind} `{name}` was called {} times and never {done}",
                    part.calls
                ));
            }
        }
        if composed.plasticity.is_some() && self.ageings == 0 {
            return Some("its plasticity never set a learning-rate scale".into());
        }
        if composed.pruning.is_some() && self.schedules == 0 {
            return Some("its pruning never removed a unit".into());
        }
        None
    }
}

/// "24 cases (3 refused): 812 updates, 312 edits, 340 births, 41 prunings": zero counts are left out.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cases", self.cases)?;
        if self.refused > 0 {
            write!(f, " ({} refused or given up)", self.refused)?;
        }
        write!(f, ": {} updates, {} edits", self.updates, self.edits)?;
        for (count, what) in [
            (self.births, "births"),
            (self.prunings, "prunings"),
            (self.replacements, "replacements"),
            (self.effects, "cases with an effect"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        for ((kind, name), part) in &self.parts {
            write!(
                f,
                "; {kind} `{name}` called {} times, {} with an effect",
                part.calls, part.effects
            )?;
        }
        Ok(())
    }
}

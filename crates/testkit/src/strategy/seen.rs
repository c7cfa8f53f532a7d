//! Observations of a conformance run: a law that was never put to the test was not satisfied, only not broken.

use super::candidate::Candidate;
use super::part::Part;
use dentate_core::registry::Kind;
use dentate_core::{Cause, Edit, Event};
use dentate_growth::parts::{Never, TriggerSpec};
use dentate_growth::{Composed, Law};
use std::collections::BTreeMap;
use std::fmt;

/// Events in the worlds that a subject ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Number of worlds.
    pub worlds: u64,
    /// Worlds that were refused as unsuitable, or stopped because a loss was NaN.
    pub refused: u64,
    /// The number of times the law was put to the test.
    pub occasions: u64,
    /// Updates.
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
    /// Worlds in which a mechanism changed the weights or the predictions.
    pub effects: u64,
    /// Calls and effects of each part of a composed strategy.
    pub parts: BTreeMap<(Kind, String), Part>,
}

/// Returns whether a subject says that it changes the architecture. Mechanisms are tested on a growing network.
pub(super) fn grows(candidate: &Candidate, _: &Seen) -> bool {
    match candidate {
        Candidate::Strategy(strategy) => strategy.grows(),
        Candidate::Mechanism(_) => true,
        Candidate::Learner(spec) => spec.grows(),
    }
}

/// Returns whether a composed strategy is set to prune and never to grow.
fn only_prunes(candidate: &Candidate) -> bool {
    let never = |composed: Composed| composed.trigger.typetag_name() == Never {}.typetag_name();
    candidate.composed().is_some_and(never)
}

impl Seen {
    /// The same, with one more occasion if the law was put to the test.
    #[must_use]
    pub(super) fn and_tested(self, tested: bool) -> Self {
        Self {
            occasions: self.occasions + u64::from(tested),
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
            (&mut self.worlds, other.worlds),
            (&mut self.refused, other.refused),
            (&mut self.occasions, other.occasions),
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
            own.asked += part.asked;
            own.acted += part.acted;
        }
    }

    /// The first claim of `candidate` that was not seen, in words; `None` if it did everything.
    pub fn missing(&self, candidate: &Candidate) -> Option<String> {
        if self.worlds == self.refused && self.updates == 0 {
            return Some("it refused every world".into());
        }
        if self.updates == 0 {
            return Some("it never made an update".into());
        }
        match candidate {
            Candidate::Mechanism(_) if self.effects == 0 => {
                return Some("it never made a difference to what was learned".into());
            }
            Candidate::Learner(spec) if spec.grows() && self.births == 0 => {
                return Some("it says that it grows (`grows`), and no unit was ever born".into());
            }
            Candidate::Strategy(strategy) if strategy.grows() => {
                let widens = !strategy.laws().contains(&Law::AtMost(0));
                let changed = self.births + if only_prunes(candidate) { self.prunings } else { 0 };
                if self.edits == 0 || (widens && changed == 0) {
                    return Some("it says that it grows (`grows`), and it never did".into());
                }
            }
            _ => {}
        }
        self.idle_part(candidate)
    }

    /// A part of a composed strategy that never acted.
    fn idle_part(&self, candidate: &Candidate) -> Option<String> {
        let composed = candidate.composed()?;
        let seen = |kind| self.parts.iter().find(move |((of, _), _)| *of == kind);
        for (kind, done) in [
            (Kind::Trigger, "fired"),
            (Kind::Placement, "said where"),
            (Kind::Initializer, "said how"),
            (Kind::Survival, "took a unit"),
            (Kind::Modulation, "scaled anything"),
        ] {
            let Some(((_, name), part)) = seen(kind) else {
                continue;
            };
            if part.asked == 0 {
                return Some(format!("its {kind} `{name}` was never asked"));
            }
            if part.acted == 0 {
                return Some(format!(
                    "its {kind} `{name}` was asked {} times and never {done}",
                    part.asked
                ));
            }
        }
        if composed.plasticity.is_some() && self.ageings == 0 {
            return Some("its plasticity never set a rate".into());
        }
        if composed.pruning.is_some() && self.schedules == 0 {
            return Some("its pruning never took a unit".into());
        }
        None
    }
}

/// "24 worlds (3 refused): 812 updates, 312 edits, 340 births, 41 prunings": zero counts are left out.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} worlds", self.worlds)?;
        if self.refused > 0 {
            write!(f, " ({} refused or given up)", self.refused)?;
        }
        write!(f, ": {} updates, {} edits", self.updates, self.edits)?;
        for (count, what) in [
            (self.births, "births"),
            (self.prunings, "prunings"),
            (self.replacements, "replacements"),
            (self.effects, "worlds made different"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        for ((kind, name), part) in &self.parts {
            write!(f, "; {kind} `{name}` asked {}, acted {}", part.asked, part.acted)?;
        }
        Ok(())
    }
}

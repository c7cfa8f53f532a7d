//! The training loop of an experience: the next stage, and the progress of training.

use crate::alone;
use crate::budget::{Quota, Spent};
use dentate_core::{Access, ExperienceInfo, Graph, LearnError, Rows, Source};
use dentate_growth::Hook;
use serde::{Deserialize, Serialize};

/// The next stage of the training loop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) enum TrainPhase {
    /// No experience is running.
    #[default]
    Idle,
    /// The strategy is called.
    Ask(Hook),
    /// Missing heads are added.
    Heads,
    /// The mechanism at this index begins the experience.
    Begin(usize),
    /// Training.
    Train,
    /// The mechanisms at these indices have a turn, followed by the given stage.
    Turns(Vec<usize>, Box<TrainPhase>),
    /// The mechanism at this index ends the experience.
    End(usize),
    /// The experience is done.
    Done,
}

/// The progress of training on an experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Within {
    /// Pass over the rows.
    pub(crate) pass: u64,
    /// Rows used in this pass.
    rows: usize,
    /// Rows of a pass.
    length: Option<usize>,
    /// Updates in this experience.
    updates: u64,
    /// Updates since the last call of the strategy.
    since: u64,
    /// The costs of the run when the experience began.
    base: Option<Spent>,
    /// The costs of this experience.
    spent: Spent,
    /// Growth has stopped for this experience.
    pub(crate) stopped: bool,
    /// Updates, and completed passes, of earlier experiences.
    earlier: (u64, u64),
}

/// The place of an update among the learner's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Updates and completed passes before it in the experience.
    pub(crate) experience: (u64, u64),
    /// The same in the run.
    pub(crate) run: (u64, u64),
    /// The share of the current pass before it, where the length of a pass is known.
    pub(crate) share: Option<f64>,
    /// The costs of the experience before it.
    pub(crate) spent: Spent,
}

impl Place {
    /// The share of the experience's budget before it, from 0 to below 1.
    pub(crate) fn progress(self, quota: Quota) -> Option<f64> {
        let (updates, passes) = self.experience;
        match quota {
            Quota::Epochs(n) => Some((passes as f64 + self.share?) / n as f64),
            Quota::Updates(n) => Some(updates as f64 / n as f64),
            Quota::AllUpdates(n) => Some(self.spent.updates as f64 / n.max(1) as f64),
            Quota::MultiplyAdds(n) => Some(self.spent.multiply_adds as f64 / n.max(1) as f64),
        }
    }
}

/// The training loop of an experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainLoop {
    pub(crate) experience: Option<ExperienceInfo>,
    pub(crate) stage: TrainPhase,
    pub(crate) within: Within,
}

impl TrainLoop {
    /// Begins an experience.
    pub(crate) fn begin(&mut self, experience: &ExperienceInfo) {
        let Within {
            updates,
            pass,
            earlier,
            ..
        } = self.within;
        *self = Self {
            experience: Some(experience.clone()),
            stage: TrainPhase::Ask(Hook::Begin),
            within: Within {
                earlier: (earlier.0 + updates, earlier.1 + pass),
                ..Within::default()
            },
        };
    }

    /// The progress, from 0 to 1.
    pub(crate) fn fraction(&self, quota: Quota) -> f64 {
        if self.stage == TrainPhase::Done {
            return 1.0;
        }
        match quota {
            Quota::Updates(n) => self.within.updates as f64 / n as f64,
            Quota::AllUpdates(n) => (self.within.spent.updates as f64 / n.max(1) as f64).min(1.0),
            Quota::MultiplyAdds(n) => (self.within.spent.multiply_adds as f64 / n.max(1) as f64).min(1.0),
            Quota::Epochs(n) => {
                let length = self.within.length;
                let pass = length.map_or(0.0, |l| self.within.rows as f64 / l.max(1) as f64);
                ((self.within.pass as f64 + pass) / n as f64).min(1.0)
            }
        }
    }
}

impl Within {
    fn out_of(&self, quota: Quota) -> bool {
        match quota {
            Quota::Epochs(n) => self.pass >= n,
            Quota::Updates(n) => self.updates >= n,
            Quota::AllUpdates(n) => self.spent.updates >= n,
            Quota::MultiplyAdds(n) => self.spent.multiply_adds >= n,
        }
    }

    /// Takes note of what the whole run has spent so far.
    pub(crate) fn account(&mut self, run: Spent) {
        let before = *self.base.get_or_insert(run);
        self.spent = Spent {
            updates: run.updates.saturating_sub(before.updates),
            multiply_adds: run.multiply_adds.saturating_sub(before.multiply_adds),
        };
    }

    /// Sets the length of a pass, if known.
    pub(crate) fn measure(&mut self, source: &dyn Source) {
        self.length = source.len();
    }

    /// The next rows of the experience, through as many passes as the budget allows.
    pub(crate) fn next_rows(
        &mut self,
        source: &mut dyn Source,
        graph: &Graph,
        batch: usize,
        quota: Quota,
    ) -> Result<Option<Rows>, LearnError> {
        loop {
            if self.out_of(quota) {
                return Ok(None);
            }
            let left = self.length.map(|l| l.saturating_sub(self.rows));
            let wanted = alone::batch(graph, batch, left);
            if let Some(rows) = source.next(wanted).filter(|r| !r.is_empty()) {
                self.rows += rows.len();
                return Ok(Some(rows));
            }
            if self.rows == 0 {
                return Err(LearnError::Unsuited("the experience has no row".into()));
            }
            if quota.ends_with_rows() && source.access() == Access::Once {
                return Ok(None);
            }
            self.pass += 1;
            self.rows = 0;
            if !self.out_of(quota) {
                source.rewind(self.pass)?;
            }
        }
    }

    /// The place of the update on the last `taken` rows, before it is counted.
    pub(crate) fn place(&self, taken: usize) -> Place {
        let before = self.rows.saturating_sub(taken) as f64;
        Place {
            experience: (self.updates, self.pass),
            run: (self.earlier.0 + self.updates, self.earlier.1 + self.pass),
            share: self.length.map(|length| before / length.max(1) as f64),
            spent: self.spent,
        }
    }

    /// Counts an update.
    pub(crate) fn count(&mut self) {
        self.updates += 1;
        self.since += 1;
    }

    /// Returns whether a strategy with this cadence is called now.
    pub(crate) fn asks(&mut self, cadence: Option<u64>) -> bool {
        let due = !self.stopped && cadence.is_some_and(|every| self.since >= every);
        if due {
            self.since = 0;
        }
        due
    }
}

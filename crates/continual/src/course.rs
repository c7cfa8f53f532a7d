//! The course of an experience: what comes next, and how far training on it is.

use crate::alone;
use crate::config::Budget;
use dentate_core::{ExperienceInfo, Graph, LearnError, Rows, Source};
use dentate_growth::Occasion;
use serde::{Deserialize, Serialize};

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Nothing: no experience is running.
    #[default]
    Idle,
    /// The strategy is asked.
    Ask(Occasion),
    /// Heads that are missing are added.
    Heads,
    /// The mechanism with this number begins.
    Begin(usize),
    /// Training.
    Train,
    /// Mechanisms with these numbers have a turn, and then this comes.
    Turns(Vec<usize>, Box<Stage>),
    /// The mechanism with this number looks back.
    End(usize),
    /// The experience is done.
    Done,
}

/// How far training on an experience is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Within {
    /// Pass over the rows.
    pub(crate) pass: u64,
    /// Rows of this pass that have gone by.
    rows: usize,
    /// Rows of a pass.
    length: Option<usize>,
    /// Updates in this experience.
    updates: u64,
    /// Updates since the strategy was last asked.
    since: u64,
    /// Growth has stopped for this experience.
    pub(crate) stopped: bool,
}

/// The course of an experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Course {
    pub(crate) experience: Option<ExperienceInfo>,
    pub(crate) stage: Stage,
    pub(crate) within: Within,
}

impl Course {
    /// An experience begins.
    pub(crate) fn begin(&mut self, experience: &ExperienceInfo) {
        *self = Self {
            experience: Some(experience.clone()),
            stage: Stage::Ask(Occasion::Begin),
            within: Within::default(),
        };
    }

    /// From 0 to 1.
    pub(crate) fn fraction(&self, budget: Budget) -> f64 {
        if self.stage == Stage::Done {
            return 1.0;
        }
        match budget {
            Budget::Updates(n) => self.within.updates as f64 / n as f64,
            Budget::Epochs(n) => {
                let length = self.within.length;
                let pass = length.map_or(0.0, |l| self.within.rows as f64 / l.max(1) as f64);
                ((self.within.pass as f64 + pass) / n as f64).min(1.0)
            }
        }
    }
}

impl Within {
    fn out_of(&self, budget: Budget) -> bool {
        match budget {
            Budget::Updates(n) => self.updates >= n,
            Budget::Epochs(n) => self.pass >= n,
        }
    }

    /// How many rows a pass has, where that is known.
    pub(crate) fn measure(&mut self, source: &dyn Source) {
        self.length = source.len();
    }

    /// The next rows of the experience, through as many passes as the budget allows.
    pub(crate) fn next_rows(
        &mut self,
        source: &mut dyn Source,
        graph: &Graph,
        batch: usize,
        budget: Budget,
    ) -> Result<Option<Rows>, LearnError> {
        loop {
            if self.out_of(budget) {
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
            self.pass += 1;
            self.rows = 0;
            if !self.out_of(budget) {
                source.rewind(self.pass)?;
            }
        }
    }

    /// An update has been made.
    pub(crate) fn count(&mut self) {
        self.updates += 1;
        self.since += 1;
    }

    /// Whether a strategy that is asked every so many updates is asked now.
    pub(crate) fn asks(&mut self, cadence: Option<u64>) -> bool {
        let due = !self.stopped && cadence.is_some_and(|every| self.since >= every);
        if due {
            self.since = 0;
        }
        due
    }
}

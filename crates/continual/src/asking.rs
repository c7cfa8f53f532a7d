//! Asking the strategy, and doing what it answers.

use crate::batch::assemble;
use crate::learner::{GradientLearner, Stage};
use crate::phase::PhaseRun;
use dentate_core::profile::{self, Kind};
use dentate_core::record::metric;
use dentate_core::{
    LayerId, LearnError, Learner, Ledger, Measured, Progress, Readings, Replacement, Request, Rows, Seed,
    Source, TaskId,
};
use dentate_growth::{Action, Occasion, Select, StopReason, StrategyError, View};
use rand::seq::index::sample;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The most actions that a strategy may take at one occasion: beyond it, it is going in circles.
const MOST_ACTIONS: u32 = 100_000;

/// Where a conversation with the strategy stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asking {
    /// Calls in the whole run: each gets a seed of its own.
    pub(crate) calls: u64,
    /// Actions at this occasion.
    pub(crate) actions: u32,
    /// The answer to its last measurement.
    pub(crate) measured: Option<Measured>,
    /// The loss it is told at this occasion.
    pub(crate) loss: Option<f64>,
    /// Whether this occasion's first question was put.
    pub(crate) open: bool,
    /// Whether the strategy has asked for its meters on this occasion.
    pub(crate) reads: bool,
}

impl GradientLearner {
    pub(crate) fn ask(
        &mut self,
        occasion: Occasion,
        source: &mut dyn Source,
        ledger: &mut Ledger,
    ) -> Result<Progress, LearnError> {
        let _growth = profile::enter(Kind::Growth);
        if !self.asking.open {
            self.asking.open = true;
            self.asking.loss = if occasion == Occasion::Update {
                self.books.answer()
            } else {
                None
            };
        }
        let measured = self.asking.measured.take();
        let seed = self.seed.derive(&format!("strategy/{}", self.asking.calls));
        let readings = if self.asking.reads {
            Some(self.readings()?)
        } else {
            None
        };
        let moment = self.moment();
        let Some(experience) = &self.experience else {
            return Ok(Progress::Finished);
        };
        let view = View {
            occasion,
            graph: self.architecture.graph(),
            experience,
            moment,
            loss: self.asking.loss.take(),
            measured: measured.as_ref(),
            readings: readings.as_ref(),
            init: self.config.init,
            seed,
        };
        self.asking.calls += 1;
        self.asking.actions += 1;
        let action = self.strategy.propose(&view);
        let action = action.map_err(|error| self.failed(error))?;
        if self.asking.actions > MOST_ACTIONS {
            let sentence = format!("it took {MOST_ACTIONS} actions in a row without holding");
            return Err(self.failed(StrategyError::Unsuited(sentence)));
        }
        match action {
            Action::Hold(reason) => {
                if self.config.strategy.grows() {
                    self.books.hold(reason);
                }
                self.close(occasion, ledger);
                Ok(Progress::Measured)
            }
            Action::Grow(plan) => self.apply(&plan, ledger).map(|()| Progress::Edited),
            Action::Replace(requests) => {
                for request in &requests {
                    self.replace(request, ledger)?;
                }
                Ok(Progress::Edited)
            }
            Action::Read => {
                self.asking.reads = true;
                Ok(Progress::Measured)
            }
            Action::Train(phase) => {
                if phase.objective.is_empty() {
                    self.make_heads(ledger)?;
                }
                self.start_phase(PhaseRun::new(*phase), source)?;
                Ok(Progress::Measured)
            }
            Action::Measure(request, select, route) => {
                // What the learner trains for needs its heads, which otherwise come after the strategy had its say.
                if left_to_the_learner(&request) {
                    self.make_heads(ledger)?;
                }
                let rows = self.select(&select, source, seed)?;
                let (request, rows) = self.completed(request, rows)?;
                self.asking.measured = Some(self.backend.measure(&request, &rows, &route)?);
                self.forget(&select);
                self.books.drain(self.backend.as_mut(), ledger);
                ledger.measurements += 1;
                Ok(Progress::Measured)
            }
            Action::Done(reason) => {
                ledger.note(metric::STOP, Some(reason.name()), 1.0);
                self.progress.stopped = true;
                self.close(occasion, ledger);
                if reason == StopReason::Solved && occasion == Occasion::Update {
                    self.books.note_loss(ledger);
                    self.stage = Stage::Ask(Occasion::End);
                }
                Ok(Progress::Measured)
            }
        }
    }

    /// The strategy holds: go on with what comes after this occasion.
    fn close(&mut self, occasion: Occasion, ledger: &mut Ledger) {
        if occasion == Occasion::End {
            self.books.note_held(ledger);
        }
        let calls = self.asking.calls;
        self.asking = Asking {
            calls,
            ..Asking::default()
        };
        self.stage = match occasion {
            Occasion::Begin => Stage::Heads,
            Occasion::Update => Stage::Train,
            Occasion::End => Stage::Done,
        };
    }

    fn failed(&self, error: StrategyError) -> LearnError {
        match error {
            StrategyError::Unsuited(sentence) => LearnError::Unsuited(sentence),
            other => {
                let (strategy, message) = (self.config.strategy.name().to_string(), other.to_string());
                LearnError::Strategy { strategy, message }
            }
        }
    }

    /// Let go of data of a strategy's own when the action that brought it is over: it is brought again when it is needed.
    pub(crate) fn forget(&mut self, select: &Select) {
        if let Select::Own(data) = select {
            self.backend.unload(data.id());
            self.data.remove(&data.id());
        }
    }

    /// Replace units in place.
    fn replace(&mut self, request: &Replacement, ledger: &mut Ledger) -> Result<(), LearnError> {
        let moment = self.moment();
        let replaced = self.architecture.replace(request, moment);
        let receipt = replaced.map_err(|error| LearnError::Plan {
            strategy: self.config.strategy.name().to_string(),
            error,
        })?;
        self.backend.apply(self.architecture.graph(), &receipt)?;
        self.books.replaced += receipt.born.len() as u64;
        self.follow_lives(&receipt, ledger);
        ledger.edits += 1;
        Ok(())
    }

    /// What the strategy's meters say.
    fn readings(&mut self) -> Result<BTreeMap<LayerId, Readings>, LearnError> {
        let meters = self.strategy.meters(self.architecture.graph());
        let mut all = BTreeMap::new();
        for meter in meters {
            if let Entry::Vacant(place) = all.entry(meter.layer) {
                place.insert(self.backend.readings(meter.layer)?);
            }
        }
        Ok(all)
    }

    /// A request whose objective is left to the learner, with that objective and the rows in its order.
    fn completed(&self, mut request: Request, rows: Rows) -> Result<(Request, Rows), LearnError> {
        let left = left_to_the_learner(&request);
        match &mut request {
            Request::Gradients(objective, _)
            | Request::VirtualGradient { objective, .. }
            | Request::Ablations { objective, .. }
                if left =>
            {
                let (rows, own) = assemble(self.architecture.graph(), &self.data, &rows)?;
                *objective = own;
                Ok((request, rows))
            }
            _ => Ok((request, rows)),
        }
    }

    /// The rows a strategy's action is about. A sample is drawn from `seed`.
    pub(crate) fn select(
        &mut self,
        select: &Select,
        source: &dyn Source,
        seed: Seed,
    ) -> Result<Rows, LearnError> {
        match select {
            // What looks at no row asks nothing of the source, which in a single pass would refuse.
            Select::Sample(0) => Ok(Rows::default()),
            Select::Sample(most) => {
                let n = source.count()?;
                let some = sample(&mut seed.derive("sample").random(), n, n.min(*most as usize));
                let mut positions: Vec<u32> = some.iter().map(|i| i as u32).collect();
                positions.sort_unstable();
                Ok(source.gather(&positions)?)
            }
            Select::Experience => {
                let n = source.count()? as u32;
                Ok(source.gather(&(0..n).collect::<Vec<_>>())?)
            }
            Select::Positions(positions) => Ok(source.gather(positions)?),
            Select::Own(data) => {
                self.recall(data)?;
                let all = (0..data.len() as u32).collect();
                let task = self
                    .experience
                    .as_ref()
                    .and_then(|e| e.tasks.first())
                    .map_or(TaskId(0), |t| t.id);
                Ok(Rows::of(data.id(), task, all))
            }
        }
    }
}

/// Whether a request leaves the objective to the learner.
fn left_to_the_learner(request: &Request) -> bool {
    match request {
        Request::Gradients(objective, _)
        | Request::VirtualGradient { objective, .. }
        | Request::Ablations { objective, .. } => objective.is_empty(),
        _ => false,
    }
}

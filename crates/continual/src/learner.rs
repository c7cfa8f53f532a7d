//! The gradient learner. One call of `advance` does one thing; between two calls the whole of what is going on lies in
//! [`Stage`], so that a run can stop and go on anywhere.

use crate::alone;
use crate::asking::Asking;
use crate::batch::assemble;
use crate::books::Books;
use crate::config::{Budget, Gradient};
use crate::heads;
use crate::lives::Lives;
use crate::network;
use crate::phase::PhaseRun;
use crate::regulariser::{Consolidating, RegulariserRun, Update};
use crate::replay::Reservoir;
use dentate_core::record::metric;
use dentate_core::{
    Architecture, Backend, Cause, DataId, Dataset, Examined, ExperienceInfo, LearnError, Learner, Ledger,
    Losses, Moment, Objective, Plan, Predictions, Progress, Request, Route, Rows, Saved, Scope, Seed, Source,
    TaskId,
};
use dentate_growth::{GrowthRun, Occasion};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What comes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Nothing: no experience is running.
    Idle,
    /// The strategy is asked.
    Ask(Occasion),
    /// Heads that are missing are added.
    Heads,
    /// Training.
    Train,
    /// The regulariser looks back.
    Consolidate,
    /// The experience is done.
    Done,
}

/// A multilayer perceptron that learns by gradient descent and may grow.
pub struct GradientLearner {
    pub(crate) config: Gradient,
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) architecture: Architecture,
    pub(crate) strategy: Box<dyn GrowthRun>,
    pub(crate) memory: Option<Reservoir>,
    pub(crate) regulariser: Option<Box<dyn RegulariserRun>>,
    pub(crate) consolidating: Option<Consolidating>,
    pub(crate) data: BTreeMap<DataId, Dataset>,
    pub(crate) seed: Seed,
    pub(crate) experience: Option<ExperienceInfo>,
    pub(crate) stage: Stage,
    pub(crate) progress: Within,
    pub(crate) asking: Asking,
    pub(crate) books: Books,
    pub(crate) lives: Lives,
    pub(crate) phase: Option<PhaseRun>,
}

/// How far the current experience is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Within {
    /// Pass over the rows.
    pub(crate) pass: u64,
    /// Rows of this pass that have gone by.
    pub(crate) rows: usize,
    /// Rows of a pass.
    pub(crate) length: Option<usize>,
    /// Updates in this experience.
    pub(crate) updates: u64,
    /// Updates since the strategy was last asked.
    pub(crate) since: u64,
    /// Updates of the whole run.
    pub(crate) total: u64,
    /// Growth has stopped for this experience.
    pub(crate) stopped: bool,
}

impl GradientLearner {
    /// A learner that has seen nothing.
    #[must_use]
    pub fn new(config: Gradient, backend: Box<dyn Backend>, seed: Seed) -> Self {
        let strategy = config.strategy.start();
        let memory = config
            .rehearsal
            .as_ref()
            .map(|r| Reservoir::new(r.capacity, seed.derive("rehearsal")));
        let regulariser = config.regulariser.as_ref().map(|r| r.start());
        Self {
            config,
            backend,
            architecture: Architecture::empty(),
            strategy,
            memory,
            regulariser,
            consolidating: None,
            data: BTreeMap::new(),
            seed,
            experience: None,
            stage: Stage::Idle,
            progress: Within::default(),
            asking: Asking::default(),
            books: Books::default(),
            lives: Lives::default(),
            phase: None,
        }
    }

    pub(crate) fn moment(&self) -> Moment {
        let experience = self.experience.as_ref().map_or(0, |e| e.index as u32);
        Moment {
            experience,
            step: self.progress.total,
        }
    }

    /// Carry out a plan on the architecture and the backend.
    pub(crate) fn apply(&mut self, plan: &Plan, ledger: &mut Ledger) -> Result<(), LearnError> {
        let applied = self.architecture.graph().apply(plan, self.moment());
        let (graph, receipt) = applied.map_err(|error| LearnError::Plan {
            strategy: self.config.strategy.name().to_string(),
            error,
        })?;
        self.backend.apply(&graph, &receipt)?;
        self.architecture.commit(plan, graph, &receipt);
        let meters = self.meters();
        if !meters.is_empty() {
            self.backend.watch(&meters)?;
        }
        ledger.edits += 1;
        match &plan.cause {
            Cause::Ageing => return Ok(()), // neither growth nor another size
            Cause::Own(word) => {
                self.follow_lives(&receipt, ledger);
                ledger.note(metric::GROWTH, Some(word), receipt.born.len() as f64);
            }
            Cause::Initial | Cause::Head | Cause::Phase => {}
        }
        ledger.note_size(&self.architecture);
        Ok(())
    }

    /// Make the source's data sets known.
    fn meet(&mut self, source: &dyn Source) -> Result<(), LearnError> {
        for data in source.datasets() {
            if !self.data.contains_key(&data.id()) {
                self.recall(data)?;
            }
        }
        Ok(())
    }

    fn add_heads(&mut self, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        self.stage = Stage::Train;
        if self.experience.is_none() {
            return Ok(Progress::Finished);
        }
        self.make_heads(ledger)
    }

    /// Make what heads and outputs the experience needs and the network has not.
    pub(crate) fn make_heads(&mut self, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let Some(experience) = &self.experience else {
            return Ok(Progress::Measured);
        };
        let seed = self.seed.derive(&format!("head/{}", experience.index));
        let (output, init) = (self.config.output, self.config.init);
        match heads::missing(self.architecture.graph(), experience, output, init, seed) {
            None => Ok(Progress::Measured),
            Some(plan) => self.apply(&plan, ledger).map(|()| Progress::Edited),
        }
    }

    fn out_of_budget(&self) -> bool {
        match self.config.budget {
            Budget::Updates(n) => self.progress.updates >= n,
            Budget::Epochs(n) => self.progress.pass >= n,
        }
    }

    /// The next rows of the experience, through as many passes as the budget allows.
    fn next_rows(&mut self, source: &mut dyn Source) -> Result<Option<Rows>, LearnError> {
        loop {
            if self.out_of_budget() {
                return Ok(None);
            }
            let left = self.progress.length.map(|l| l.saturating_sub(self.progress.rows));
            let wanted = alone::batch(self.architecture.graph(), self.config.batch, left);
            if let Some(rows) = source.next(wanted).filter(|r| !r.is_empty()) {
                self.progress.rows += rows.len();
                return Ok(Some(rows));
            }
            if self.progress.rows == 0 {
                return Err(LearnError::Unsuited("the experience has no row".into()));
            }
            self.progress.pass += 1;
            self.progress.rows = 0;
            if !self.out_of_budget() {
                source.rewind(self.progress.pass)?;
            }
        }
    }

    fn train(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let Some(current) = self.next_rows(source)? else {
            self.books.note_loss(ledger);
            self.check_parameters()?;
            self.look_back(source)?;
            return Ok(Progress::Measured);
        };
        let mut rows = current.clone();
        if let (Some(memory), Some(replay)) = (&mut self.memory, &self.config.rehearsal) {
            rows.extend(memory.draw(replay.batch.unwrap_or(current.len())));
            if self.progress.pass == 0 {
                memory.offer(&current);
            }
        }
        let (rows, objective) = assemble(self.architecture.graph(), &self.data, &rows)?;
        alone::refuse(self.architecture.graph(), rows.len(), &objective)?;
        self.make_update(&rows, &Route::default(), objective)?;
        self.progress.updates += 1;
        self.progress.since += 1;
        self.count_update(ledger)?;
        if Losses::due(self.progress.total) {
            self.books.note_loss(ledger);
        }
        let due = self
            .strategy
            .cadence()
            .is_some_and(|every| self.progress.since >= every);
        if due && !self.progress.stopped {
            self.progress.since = 0;
            self.stage = Stage::Ask(Occasion::Update);
        }
        Ok(Progress::Updated)
    }

    /// One update towards what the learner trains for, with what its regulariser adds and has to see.
    fn make_update(
        &mut self,
        rows: &Rows,
        route: &Route,
        mut objective: Objective,
    ) -> Result<(), LearnError> {
        if let Some(regulariser) = &mut self.regulariser {
            let update = Update {
                rows,
                route,
                objective: &objective,
            };
            regulariser.before_update(self.backend.as_mut(), &update)?;
            objective.penalties = regulariser.penalties();
        }
        self.backend
            .step(rows, route, &objective, &self.config.optimizer)?;
        if let Some(regulariser) = &mut self.regulariser {
            regulariser.after_update(self.backend.as_mut())?;
        }
        Ok(())
    }

    /// The loss of an update is worked out before its step, so what the last step of an experience did shows in no loss.
    fn check_parameters(&mut self) -> Result<(), LearnError> {
        let all = self.architecture.graph().parameters().into_keys().collect();
        let none = Rows::default();
        let measured = self
            .backend
            .measure(&Request::Parameters(all), &none, &Route::default())?;
        if measured.arrays.iter().flatten().all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(self.diverged())
    }

    /// Book an update, and refuse to go on with a network whose loss is no number any more.
    pub(crate) fn count_update(&mut self, ledger: &mut Ledger) -> Result<(), LearnError> {
        self.progress.total += 1;
        let stats = self.books.drain(self.backend.as_mut(), ledger);
        if stats.diverged {
            Err(self.diverged())
        } else {
            self.look_at_lives(ledger)
        }
    }
}

impl Learner for GradientLearner {
    fn scope(&self) -> Scope {
        self.config.scope
    }

    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        if self.config.reset_optimizer {
            self.backend.reset_optimizer();
        }
        self.experience = Some(experience.clone());
        let total = self.progress.total;
        self.progress = Within {
            total,
            ..Within::default()
        };
        self.asking = Asking::default();
        self.books.answer();
        self.stage = Stage::Ask(Occasion::Begin);
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let Some(experience) = &self.experience else {
            return Ok(Progress::Finished);
        };
        if self.architecture.graph().input().is_none() {
            let flat = [experience.features];
            let shape = source.datasets().first().map_or(&flat[..], |data| data.shape());
            let whole = shape.iter().product::<usize>() == experience.features;
            let shape = if whole { shape } else { &flat };
            let plan = network::initial(&self.config, shape, self.seed.derive("initial"))?;
            return self.apply(&plan, ledger).map(|()| Progress::Edited);
        }
        self.meet(source)?;
        self.progress.length = source.len();
        if self.phase.is_some() {
            return self.advance_phase(source, ledger);
        }
        match self.stage.clone() {
            Stage::Idle | Stage::Done => Ok(Progress::Finished),
            Stage::Ask(occasion) => self.ask(occasion, source, ledger),
            Stage::Heads => self.add_heads(ledger),
            Stage::Train => self.train(source, ledger),
            Stage::Consolidate => self.consolidate(ledger),
        }
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        self.backend.load(data)?;
        let heads = heads::answering(self.architecture.graph(), task);
        if heads.is_empty() || rows.is_empty() {
            return Ok(Predictions::Abstain);
        }
        let layers: Vec<_> = heads.iter().map(|(id, _)| *id).collect();
        let batch = Rows::of(data.id(), task.unwrap_or(TaskId(0)), rows.to_vec());
        let outputs = self.backend.forward(&batch, &Route::default(), &layers)?;
        if heads.iter().all(|(_, classes)| classes.is_empty()) {
            return Ok(outputs
                .into_iter()
                .next()
                .map_or(Predictions::Abstain, Predictions::Values));
        }
        let classes = heads
            .iter()
            .flat_map(|(_, c)| c)
            .max()
            .map_or(0, |m| *m as usize + 1);
        let mut scores = Array2::from_elem((rows.len(), classes), f32::NEG_INFINITY);
        for ((_, classes), output) in heads.iter().zip(outputs) {
            for (column, &class) in classes.iter().enumerate() {
                scores.column_mut(class as usize).assign(&output.column(column));
            }
        }
        Ok(Predictions::Scores(scores))
    }

    fn examine(&mut self, data: &Dataset, rows: &[u32]) -> Result<Vec<Examined>, LearnError> {
        self.hidden(data, rows)
    }

    fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    fn fraction(&self) -> f64 {
        if self.stage == Stage::Done {
            return 1.0;
        }
        match self.config.budget {
            Budget::Updates(n) => self.progress.updates as f64 / n as f64,
            Budget::Epochs(n) => {
                let pass = self
                    .progress
                    .length
                    .map_or(0.0, |l| self.progress.rows as f64 / l.max(1) as f64);
                ((self.progress.pass as f64 + pass) / n as f64).min(1.0)
            }
        }
    }

    fn save(&mut self) -> Result<Saved, LearnError> {
        self.give()
    }

    fn recall(&mut self, data: &Dataset) -> Result<(), LearnError> {
        self.backend.load(data)?;
        self.data.insert(data.id(), data.clone());
        Ok(())
    }

    fn load(&mut self, saved: &Saved) -> Result<(), LearnError> {
        self.take(saved)
    }
}

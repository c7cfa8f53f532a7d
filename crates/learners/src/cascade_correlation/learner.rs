//! A cascade as a [`Learner`]: an epoch of a phase per call.

use super::CascadeCorrelation;
use super::candidates::{Errors, Pool};
use super::cascade::{Answer, Cascade};
use super::plans;
use super::quickprop::Quickprop;
use super::samples::{Label, Samples, labels};
use dentate_core::{
    Architecture, Dataset, ExperienceInfo, GrowthLog, LearnError, Learner, LearnerMemory, MetricLog, Moment,
    Observation, Plan, Predictions, Progress, SavedState, Seed, Source, TargetKind, TaskId,
};
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An output within this distance of its target is right.
const RIGHT: f64 = 0.4;

/// Waits for a quantity to change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Patience {
    /// Epochs of the phase so far.
    epoch: u64,
    last: Option<f64>,
    /// The epoch at which it ends without a further change.
    quit: u64,
}

impl Patience {
    /// Takes note of the quantity of an epoch, and returns whether the phase is over.
    pub(super) fn over(&mut self, now: f64, change: f64, patience: u64, epochs: u64) -> bool {
        self.epoch += 1;
        let changed = self
            .last
            .is_none_or(|last| (now - last).abs() > change * last.abs());
        if changed {
            (self.last, self.quit) = (Some(now), self.epoch + patience);
        }
        self.epoch >= self.quit || self.epoch > epochs
    }
}

/// The phase of an experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Phase {
    #[default]
    Done,
    Outputs(Patience),
    Candidates(Pool, Patience),
}

/// The saved state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct State {
    architecture: Architecture,
    cascade: Cascade,
    /// The outputs, in the order of the cascade's.
    labels: Vec<Label>,
    values: bool,
    answer: Option<Answer>,
    experience: Option<ExperienceInfo>,
    phase: Phase,
    /// Hidden units when the experience began.
    began_with: usize,
    /// Updates of all experiences, and units that were ever drawn.
    updates: u64,
    pools: u64,
    /// The classes of each task so far.
    tasks: BTreeMap<TaskId, Vec<u32>>,
}

/// The learner.
#[derive(Debug)]
pub(super) struct CascadeLearner {
    config: CascadeCorrelation,
    seed: Seed,
    state: State,
    /// The rows of the experience, and what its units see of them; gathered anew after a resumption.
    samples: Option<(Samples, Array2<f64>)>,
}

impl CascadeLearner {
    pub(super) fn new(config: CascadeCorrelation, seed: Seed) -> Self {
        Self {
            config,
            seed,
            state: State::default(),
            samples: None,
        }
    }

    fn apply(&mut self, plan: &Plan, log: &mut MetricLog) -> Result<(), LearnError> {
        let experience = self.state.experience.as_ref().map_or(0, |e| e.index as u32);
        let moment = Moment {
            experience,
            step: self.state.updates,
        };
        let growth = GrowthLog::before(self.state.architecture.graph());
        let applied = self.state.architecture.apply(plan, moment);
        let receipt = applied.map_err(|error| LearnError::Plan {
            strategy: "cascade-correlation".into(),
            error,
        })?;
        if plan.observed.is_some() {
            growth.record(plan, &receipt, self.state.architecture.graph(), log);
        }
        log.edits += 1;
        log.record_size(&self.state.architecture);
        Ok(())
    }

    /// Adds the outputs of classes that are new.
    fn add_outputs(&mut self, experience: &ExperienceInfo) {
        self.state.cascade.inputs = experience.features;
        for label in labels(experience) {
            if !self.state.labels.contains(&label) {
                let seed = self.seed.derive(&format!("output/{}", self.state.labels.len()));
                self.state.labels.push(label);
                self.state
                    .cascade
                    .add_output(self.config.range, &mut seed.random());
            }
        }
    }

    fn samples(
        &mut self,
        source: &dyn Source,
        experience: &ExperienceInfo,
    ) -> Result<(Samples, Array2<f64>), LearnError> {
        if let Some(held) = self.samples.take() {
            return Ok(held);
        }
        let seed = self.seed.derive(&format!("rows/{}", experience.index));
        let samples = Samples::of(source, experience, &self.state.labels, (self.config.rows, seed))?;
        if samples.inputs.ncols() != self.state.cascade.inputs {
            let (own, found) = (self.state.cascade.inputs, samples.inputs.ncols());
            let sentence = format!("it has learned rows of {own} features, and these have {found}");
            return Err(LearnError::Unsuited(sentence));
        }
        let seen = self.state.cascade.seen(&samples.inputs);
        Ok((samples, seen))
    }

    /// The activation of the outputs: settled by the first targets.
    fn answer(&mut self, samples: &Samples) -> Answer {
        let all = || samples.targets.iter().copied();
        let (least, most) = (
            all().fold(f64::INFINITY, f64::min),
            all().fold(f64::NEG_INFINITY, f64::max),
        );
        let found = if most - least <= 1.0 {
            Answer::Sigmoid {
                middle: (least + most) / 2.0,
            }
        } else {
            Answer::Linear
        };
        *self.state.answer.get_or_insert(found)
    }

    /// The errors of the trained outputs `[rows, outputs]`, times their slopes; the sum of the squares without these, and whether all are right.
    fn errors(&self, samples: &Samples, seen: &Array2<f64>, answer: Answer) -> (Array2<f64>, f64, bool) {
        let mut errors = Array2::zeros((seen.nrows(), samples.trained.len()));
        let (mut squares, mut right) = (0.0, true);
        for (mut column, &index) in errors.columns_mut().into_iter().zip(&samples.trained) {
            let outputs = self.state.cascade.output(seen, index, answer);
            let targets = samples.targets.column(index);
            for ((error, output), target) in column.iter_mut().zip(&outputs).zip(targets) {
                let off = output - target;
                squares += off * off;
                right &= off.abs() < RIGHT;
                *error = off * answer.slope(*output, self.config.offset);
            }
        }
        (errors, squares, right)
    }

    /// One epoch of the outputs.
    fn outputs(
        &mut self,
        mut patience: Patience,
        held: (&Samples, &Array2<f64>),
        answer: Answer,
    ) -> Progress {
        let (samples, seen) = held;
        let (errors, squares, right) = self.errors(samples, seen, answer);
        let config = &self.config;
        if right {
            self.state.phase = Phase::Done;
            return Progress::Measured;
        }
        let by = Quickprop {
            epsilon: config.output_rate / seen.nrows().max(1) as f64,
            mu: config.mu,
            decay: config.output_decay,
        };
        if patience.over(
            squares,
            config.output_change,
            config.output_patience,
            config.epochs,
        ) {
            self.state.phase = if self.added() < config.max_units {
                self.state.pools += 1;
                let seed = self.seed.derive(&format!("candidates/{}", self.state.pools));
                let inputs = self.state.cascade.fan_in();
                let pool = Pool::draw(config.candidates, inputs, config.range, &mut seed.random());
                Phase::Candidates(pool, Patience::default())
            } else {
                Phase::Done
            };
            return Progress::Measured;
        }
        for (errors, &index) in errors.columns().into_iter().zip(&samples.trained) {
            if let Some(weights) = self.state.cascade.outputs.get_mut(index) {
                by.update(weights, errors.dot(seen).into_iter());
            }
        }
        self.state.phase = Phase::Outputs(patience);
        Progress::Updated
    }

    /// One epoch of the candidates; at the end of their phase the best of them with its correlations.
    fn candidates(
        &mut self,
        (mut pool, mut patience): (Pool, Patience),
        held: (&Samples, &Array2<f64>),
        answer: Answer,
    ) -> Option<(Vec<f64>, Array1<f64>)> {
        let (samples, seen) = held;
        let errors = Errors::of(&self.errors(samples, seen, answer).0);
        let config = &self.config;
        let (best, score, correlations) = pool.best(seen, &errors)?;
        if patience.over(
            score,
            config.candidate_change,
            config.candidate_patience,
            config.epochs,
        ) {
            let chosen = pool.units.into_iter().nth(best)?;
            return Some((chosen.values, correlations));
        }
        let by = Quickprop {
            epsilon: config.candidate_rate / (seen.len().max(1) as f64),
            mu: config.mu,
            decay: config.candidate_decay,
        };
        pool.learn(seen, &errors, &by);
        self.state.phase = Phase::Candidates(pool, patience);
        None
    }

    /// The number of hidden units that the experience has added.
    fn added(&self) -> usize {
        self.state
            .cascade
            .hidden
            .len()
            .saturating_sub(self.state.began_with)
    }

    fn finite(&self) -> Result<(), LearnError> {
        let cascade = &self.state.cascade;
        let outputs = cascade.outputs.iter().flat_map(|o| &o.values);
        if cascade
            .hidden
            .iter()
            .flatten()
            .chain(outputs)
            .all(|w| w.is_finite())
        {
            return Ok(());
        }
        Err(LearnError::Diverged {
            step: self.state.updates,
        })
    }
}

impl Learner for CascadeLearner {
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        let cascade = &self.state.cascade;
        if cascade.inputs > 0 && cascade.inputs != experience.features {
            let (own, found) = (cascade.inputs, experience.features);
            let sentence = format!("it has learned rows of {own} features, and these have {found}");
            return Err(LearnError::Unsuited(sentence));
        }
        self.state.values = matches!(experience.target, TargetKind::Values(_));
        for task in &experience.tasks {
            self.state.tasks.insert(task.id, task.classes.clone());
        }
        self.state.experience = Some(experience.clone());
        self.state.began_with = self.state.cascade.hidden.len();
        self.state.phase = Phase::Outputs(Patience::default());
        self.samples = None;
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        let Some(experience) = self.state.experience.clone() else {
            return Ok(Progress::Finished);
        };
        if self.state.phase == Phase::Done {
            return Ok(Progress::Finished);
        }
        if let Some(plan) = plans::missing(self.state.architecture.graph(), &experience) {
            self.apply(&plan, log)?;
            self.add_outputs(&experience);
            return Ok(Progress::Edited);
        }
        let (samples, seen) = self.samples(source, &experience)?;
        let answer = self.answer(&samples);
        let rows = seen.nrows();
        let units = match std::mem::take(&mut self.state.phase) {
            Phase::Done => return Ok(Progress::Finished),
            Phase::Outputs(patience) => {
                let progress = self.outputs(patience, (&samples, &seen), answer);
                let work = 2 * seen.len() * samples.trained.len();
                self.samples = Some((samples, seen));
                return self.count(progress, (rows, work), log);
            }
            Phase::Candidates(pool, patience) => {
                let work = 2 * seen.len() * (pool.units.len() + samples.trained.len());
                let Some(chosen) = self.candidates((pool, patience), (&samples, &seen), answer) else {
                    self.samples = Some((samples, seen));
                    return self.count(Progress::Updated, (rows, work), log);
                };
                chosen
            }
        };
        let (incoming, correlations) = units;
        let place = |index: usize| samples.trained.iter().position(|own| *own == index);
        let outgoing = |index: usize| {
            place(index)
                .and_then(|at| correlations.get(at))
                .map_or(0.0, |c| -c)
        };
        self.state.cascade.install(incoming, outgoing);
        self.state.phase = Phase::Outputs(Patience::default());
        let score = correlations.iter().map(|c| c.abs()).sum();
        let mut plan = plans::unit(self.state.architecture.graph());
        plan.observed = Observation::new("score S of the candidate", score);
        self.apply(&plan, log)?;
        Ok(Progress::Edited)
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let (Some(answer), true) = (self.state.answer, self.state.updates > 0) else {
            return Ok(Predictions::Abstain);
        };
        let inputs = data.gather(rows)?.mapv(f64::from);
        if inputs.ncols() != self.state.cascade.inputs {
            let (own, found) = (self.state.cascade.inputs, inputs.ncols());
            let sentence = format!("it has learned rows of {own} features, and these have {found}");
            return Err(LearnError::Unsuited(sentence));
        }
        let seen = self.state.cascade.seen(&inputs);
        let output = |index| self.state.cascade.output(&seen, index, answer).mapv(|v| v as f32);
        if self.state.values {
            let mut values = Array2::zeros((rows.len(), self.state.labels.len()));
            for (index, mut column) in values.columns_mut().into_iter().enumerate() {
                column.assign(&output(index));
            }
            return Ok(Predictions::Values(values));
        }
        let Some(classes) = data.classes() else {
            return Ok(Predictions::Abstain);
        };
        let most = self.state.labels.iter().map(|(_, class)| class + 1).max();
        let width = classes.max(most.unwrap_or(0)) as usize;
        let mut scores = Array2::from_elem((rows.len(), width), f32::NEG_INFINITY);
        for (index, (own, class)) in self.state.labels.iter().enumerate() {
            let asked = task.is_none_or(|task| own.is_none_or(|own| own == task));
            let among = task.and_then(|task| self.state.tasks.get(&task));
            if asked && among.is_none_or(|classes| classes.contains(class)) {
                scores.column_mut(*class as usize).assign(&output(index));
            }
        }
        Ok(Predictions::Scores(scores))
    }

    /// Weights and, for Quickprop, the last step and slope of each that learns.
    fn memory(&self) -> LearnerMemory {
        let cascade = &self.state.cascade;
        let learning: usize = cascade.outputs.iter().map(|o| o.values.len()).sum();
        let fixed: usize = cascade.hidden.iter().map(Vec::len).sum();
        LearnerMemory {
            parameters: LearnerMemory::of(2 * (learning + fixed)),
            statistics: LearnerMemory::of(4 * learning),
            ..LearnerMemory::default()
        }
    }

    fn architecture(&self) -> &Architecture {
        &self.state.architecture
    }

    fn fraction(&self) -> f64 {
        let units = self.added() as f64;
        match self.state.phase {
            Phase::Done => 1.0,
            _ => units / (self.config.max_units as f64 + 1.0),
        }
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        // Weights in double precision would lose bits as arrays.
        Ok(SavedState {
            state: dentate_core::state::to_bytes(&self.state)?,
            arrays: BTreeMap::new(),
        })
    }

    fn attach_data(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(()) // rows are gathered from the source
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        let state: State = dentate_core::state::from_bytes(&saved.state)?;
        let cascade = &state.cascade;
        let fits = |(at, unit): (usize, &Vec<f64>)| unit.len() == 1 + cascade.inputs + at;
        let hidden = cascade.hidden.iter().enumerate().all(fits);
        let outputs = cascade.outputs.iter().all(|o| o.values.len() == cascade.fan_in());
        if !hidden || !outputs || cascade.outputs.len() != state.labels.len() {
            return Err(LearnError::State(
                "its units and outputs do not see what they should".into(),
            ));
        }
        (self.state, self.samples) = (state, None);
        Ok(())
    }
}

impl CascadeLearner {
    /// Counts an epoch.
    fn count(
        &mut self,
        progress: Progress,
        (rows, work): (usize, usize),
        log: &mut MetricLog,
    ) -> Result<Progress, LearnError> {
        log.multiply_adds += work as u64;
        match progress {
            Progress::Updated => {
                self.state.updates += 1;
                log.updates += 1;
                log.rows += rows as u64;
                self.finite()?;
            }
            _ => log.measurements += 1,
        }
        Ok(progress)
    }
}

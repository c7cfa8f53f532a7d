//! The training loop: experiences one after the other, training one step at a time, evaluations one batch at a time.

use crate::by_class;
use crate::error::SessionError;
use crate::evaluation::EvaluateTasks;
use crate::identity;
use crate::measurement::{EvalContext, Kind, Measurement, evaluation_part};
use crate::outcome::Outcome;
use crate::position::{Position, SessionStage};
use crate::saved::{SavedSession, SessionState};
use crate::scores;
use crate::setup::Setup;
use crate::step::Step;
use dentate_core::Protocol;
use dentate_core::profile;
use dentate_core::record::{Record, metric};
use dentate_core::{ExperienceInfo, LearnError, Learner, LearnerMemory, MetricLog, Network, Progress, Seed};
use dentate_streams::{PartSource, ProblemInfo, Stream};

/// A function that makes an untrained learner from a seed.
pub type MakeLearner = Box<dyn Fn(Seed) -> Result<Box<dyn Learner>, LearnError> + Send>;

/// A running experiment.
///
/// ```
/// use dentate_continual::Gradient;
/// use dentate_session::{Experiment, Step};
/// use dentate_streams::StreamSpec;
///
/// let stream = r#"{ "kind": "split", "scenario": "task-incremental", "data": { "kind": "digits", "train": 200, "test": 100 } }"#;
/// let stream: Box<dyn StreamSpec> = serde_json::from_str(stream).unwrap();
/// let mut session = Experiment::from_recipes(stream, Box::new(Gradient::mlp([16]))).session()?;
/// let mut ended = 0;
/// loop {
///     match session.step()? {
///         Step::EndedExperience(_) => ended += 1,
///         Step::Finished => break,
///         _ => {}
///     }
/// }
/// assert_eq!(ended, session.stream().experiences.len());
/// # Ok::<(), dentate_session::SessionError>(())
/// ```
pub struct Session {
    stream: Stream,
    setup: Setup,
    protocol: Protocol,
    /// The experiences, grouped as the learner is shown them.
    groups: Vec<Vec<usize>>,
    make: Option<MakeLearner>,
    learner: Box<dyn Learner>,
    /// The rows of the current experience.
    source: Option<PartSource>,
    log: MetricLog,
    position: Position,
    /// The evaluation in progress.
    measurement: Option<Measurement>,
    earlier: Vec<Record>,
    parameters: u64,
    /// The digest of the stream's rows, computed when it is needed.
    data: Option<String>,
}

impl Session {
    /// Makes a session at its beginning, with learners from a recipe.
    ///
    /// # Errors
    /// [`SessionError::Learn`] if the learner cannot be made, [`SessionError::Stream`] if the stream has nothing to learn or to
    /// evaluate on.
    pub fn new(stream: Stream, make: MakeLearner, setup: Setup) -> Result<Self, SessionError> {
        let learner = make(Seed(setup.seed).derive("learner"))?;
        Self::begin(stream, learner, Some(make), setup)
    }

    /// Makes a session at its beginning, with a learner that is already built.
    ///
    /// # Errors
    /// As [`Session::new`], and [`SessionError::OneLearner`].
    pub fn with_learner(
        stream: Stream,
        learner: Box<dyn Learner>,
        setup: Setup,
    ) -> Result<Self, SessionError> {
        Self::begin(stream, learner, None, setup)
    }

    fn begin(
        stream: Stream,
        learner: Box<dyn Learner>,
        make: Option<MakeLearner>,
        setup: Setup,
    ) -> Result<Self, SessionError> {
        let validation = setup.evaluation.on == crate::EvaluateOn::Validation;
        stream.measurable(validation)?;
        let protocol = setup.protocol.unwrap_or_else(|| learner.protocol());
        if protocol == Protocol::Separate && make.is_none() {
            return Err(SessionError::OneLearner);
        }
        Ok(Self {
            groups: protocol.groups(stream.experiences.len()),
            stream,
            setup,
            protocol,
            make,
            learner,
            source: None,
            log: MetricLog::default(),
            position: Position::default(),
            measurement: None,
            earlier: Vec::new(),
            parameters: 0,
            data: None,
        })
    }

    /// Makes the next step.
    ///
    /// # Errors
    /// [`SessionError::Learn`]; the session is then unusable.
    pub fn step(&mut self) -> Result<Step, SessionError> {
        let group = self.position.group;
        if group >= self.groups.len() {
            return self.close();
        }
        match self.position.stage {
            SessionStage::Begin => {
                self.begin_experience(group)?;
                Ok(Step::Began(group))
            }
            SessionStage::Learn => self.learn().map(Step::Learned),
            SessionStage::Untrained => self.evaluate(Kind::Untrained),
            SessionStage::Within => self.evaluate(Kind::Within),
            SessionStage::Point => self.evaluate(Kind::Along),
            SessionStage::After => self.evaluate(Kind::Full),
            SessionStage::End => {
                self.end_experience();
                Ok(Step::EndedExperience(group))
            }
        }
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn run(mut self) -> Result<Outcome, SessionError> {
        while self.step()? != Step::Finished {}
        Ok(self.finish())
    }

    /// The outcome so far.
    #[must_use]
    pub fn finish(self) -> Outcome {
        Outcome::new(self.stream.info, self.log, self.learner)
    }

    fn begin_experience(&mut self, group: usize) -> Result<(), SessionError> {
        if let (true, Protocol::Separate, Some(make)) = (group > 0, self.protocol, &self.make) {
            self.parameters += self.learner.architecture().graph().parameter_count() as u64;
            self.learner = make(self.seed_of(group))?;
        }
        self.source = Some(self.source_of(group));
        self.log.experience = group as u32;
        self.learner.begin(&self.info(group))?;
        if group == 0 {
            self.record_rows();
        }
        self.position.stage = SessionStage::Learn;
        self.position.point = 1;
        Ok(())
    }

    fn learn(&mut self) -> Result<Progress, SessionError> {
        let Some(source) = &mut self.source else {
            return Err(LearnError::State("it stands within an experience that has not begun".into()).into());
        };
        let (before, updates) = (self.log.records.len(), self.log.updates);
        let progress = self.learner.advance(source, &mut self.log)?;
        // Sizes are those of all networks together.
        for record in &mut self.log.records[before..] {
            if record.metric == metric::PARAMETERS {
                record.value += self.parameters as f64;
            }
        }
        if progress == Progress::Finished {
            self.position.stage = SessionStage::After;
            return Ok(progress);
        }
        // Heads are added while an experience begins, so the network may become able to predict after each of its first steps.
        if progress != Progress::Updated && self.is_untrained() {
            self.position.stage = SessionStage::Untrained;
        }
        if progress == Progress::Updated {
            let every = self.setup.evaluation.every;
            let due = every.is_some_and(|n| self.log.updates / n.max(1) > updates / n.max(1));
            self.position.stage = if due {
                SessionStage::Within
            } else {
                self.after_update()
            };
        }
        Ok(progress)
    }

    /// The stage after an update that nothing more is measured of: a point along the experience, if one is due, or learning. Points are
    /// evenly spaced; the last one is the full evaluation after it.
    fn after_update(&mut self) -> SessionStage {
        let (points, fraction) = (self.setup.evaluation.points, self.learner.fraction());
        if self.position.point < points && fraction >= self.position.point as f64 / points as f64 {
            self.position.point = (fraction * points as f64) as usize + 1;
            return SessionStage::Point;
        }
        SessionStage::Learn
    }

    /// Returns whether nothing has been learned, and the evaluation before the first update is still to be made. If tasks are evaluated
    /// only when they are learned, it is not made.
    fn is_untrained(&self) -> bool {
        let all = self.setup.evaluation.tasks == EvaluateTasks::All;
        all && !self.position.untrained && self.log.updates == 0
    }

    /// Makes one batch of an evaluation.
    fn evaluate(&mut self, kind: Kind) -> Result<Step, SessionError> {
        let _evaluation = profile::enter(profile::Kind::Evaluation);
        let seen = self.seen();
        let mut on = EvalContext {
            stream: &self.stream,
            evaluation: &self.setup.evaluation,
            learner: self.learner.as_mut(),
            log: &self.log,
            seen,
            earlier: (self.protocol == Protocol::Separate).then_some(&self.earlier),
        };
        let measurement = self
            .measurement
            .get_or_insert_with(|| Measurement::new(kind, &on));
        let Some(measured) = measurement.advance(&mut on)? else {
            return Ok(Step::Evaluated { whole: false });
        };
        self.measurement = None;
        if kind == Kind::Untrained {
            self.position.untrained = measured.answered;
        }
        if kind == Kind::Full && self.protocol == Protocol::Separate {
            let scores = [
                metric::ACCURACY,
                metric::SQUARED_ERROR,
                metric::QUANTIZATION_ERROR,
            ];
            let of = measured.records.iter();
            self.earlier = of
                .filter(|r| scores.contains(&r.metric.as_ref()))
                .cloned()
                .chain(by_class::pairs(&measured.confusion, &self.log))
                .collect();
        }
        self.log.records.extend(measured.records);
        if kind == Kind::Full && self.position.group + 1 == self.groups.len() {
            let records = by_class::records(&measured.confusion, &self.log);
            self.log.records.extend(records);
        }
        self.position.stage = match kind {
            Kind::Untrained | Kind::Along => SessionStage::Learn,
            Kind::Within => self.after_update(),
            Kind::Full => SessionStage::End,
        };
        Ok(Step::Evaluated { whole: true })
    }

    fn end_experience(&mut self) {
        self.log.record(metric::UPDATES, None, self.log.updates as f64);
        let spent = self.log.multiply_adds as f64;
        self.log.record(metric::COMPUTE, None, spent);
        let memory = self.learner.memory();
        let earlier = LearnerMemory::of(self.parameters as usize);
        for (part, bytes) in memory.parts() {
            // Networks of earlier experiences are kept, and no more trained.
            let bytes = if part == "parameters" {
                bytes + earlier
            } else {
                bytes
            };
            if bytes > 0 {
                self.log.record(metric::MEMORY, Some(part), bytes as f64);
            }
        }
        self.source = None;
        self.position = Position {
            group: self.position.group + 1,
            untrained: true,
            ..Position::default()
        };
    }

    fn close(&mut self) -> Result<Step, SessionError> {
        if self.position.solved {
            return Ok(Step::Finished);
        }
        self.position.solved = true;
        let Some(problem) = self.stream.info.problem else {
            return Ok(Step::Finished);
        };
        self.look_at_problem(&problem)?;
        Ok(Step::Solved)
    }

    /// Checks whether a function was learned: every output of every row within the tolerance.
    fn look_at_problem(&mut self, problem: &ProblemInfo) -> Result<(), SessionError> {
        let part = &self.stream.experiences[0].train;
        let worst = scores::largest_error(self.learner.as_mut(), &part.data, &part.rows.to_vec())?;
        if let Some(worst) = worst {
            let solved = f64::from(u8::from(worst <= problem.tolerance));
            self.log.record(metric::SOLVED, None, solved);
        }
        let graph = self.learner.architecture().graph();
        let hidden: usize = graph.hidden().map(|l| l.width()).sum();
        self.log.record(metric::HIDDEN_UNITS, None, hidden as f64);
        let sizes = [
            (metric::KNOWN_MINIMUM, problem.known_minimum),
            (metric::CUSTOMARY, problem.customary),
        ];
        for (metric, size) in sizes {
            if let Some(units) = size {
                self.log.record(metric, None, units as f64);
            }
        }
        Ok(())
    }

    /// Records the number of rows that each task is evaluated on, which determines the resolution of its accuracy.
    fn record_rows(&mut self) {
        for task in 0..self.stream.experiences.len() {
            let part = evaluation_part(&self.stream, &self.setup.evaluation, task);
            let evaluation = &self.setup.evaluation;
            let within = part.rows.len().min(evaluation.sample);
            let counts = [
                Some((metric::TEST_ROWS, part.rows.len())),
                evaluation.every.map(|_| (metric::ROWS_WITHIN, within)),
            ];
            for (metric, rows) in counts.into_iter().flatten() {
                self.log.records.push(Record {
                    metric: metric.into(),
                    experience: self.log.experience,
                    step: self.log.updates,
                    task: Some(task as u32),
                    item: None,
                    value: rows as f64,
                });
            }
        }
    }

    fn info(&self, group: usize) -> ExperienceInfo {
        match &self.groups[group][..] {
            [one] => self.stream.experiences[*one].info.clone(),
            several => ExperienceInfo {
                index: group,
                ..self.stream.merged_info(several)
            },
        }
    }

    fn source_of(&self, group: usize) -> PartSource {
        let seed = Seed(self.setup.seed).derive(&format!("source/{group}"));
        self.stream.source(&self.groups[group], seed)
    }

    /// The seed of the learner for a group.
    fn seed_of(&self, group: usize) -> Seed {
        Seed(self.setup.seed).derive(&format!("learner/{group}"))
    }

    /// The last experience shown to the learner.
    fn seen(&self) -> usize {
        let group = self.groups.get(self.position.group);
        group.and_then(|group| group.last()).copied().unwrap_or(0)
    }

    /// Saves its complete state. An incomplete evaluation is dropped, and repeated by the session that continues; this session continues
    /// as if it had not been saved.
    ///
    /// # Errors
    /// [`LearnError::State`].
    pub fn save(&mut self) -> Result<SavedSession, SessionError> {
        let learner = self.learner.save()?;
        if let Some(source) = &self.source {
            self.position.source = source.position();
        }
        Ok(SavedSession {
            state: SessionState {
                data: self.digest().to_owned(),
                experiment: identity::identity(&self.setup, self.protocol),
                log: self.log.clone(),
                position: self.position,
                earlier: self.earlier.clone(),
                parameters: self.parameters,
            },
            learner,
        })
    }

    /// Continues from a saved session of the same stream, recipe and seed.
    ///
    /// # Errors
    /// [`SessionError::OtherExperiment`], [`SessionError::OtherRows`], [`SessionError::Position`], [`LearnError::State`]; the session
    /// is then unusable.
    pub fn load(&mut self, saved: SavedSession) -> Result<(), SessionError> {
        let SavedSession { state, learner } = saved;
        identity::compare(&state.experiment, &identity::identity(&self.setup, self.protocol))?;
        if state.data != self.digest() {
            return Err(SessionError::OtherRows);
        }
        let (position, groups) = (state.position, self.groups.len());
        if position.group > groups {
            let group = position.group;
            return Err(SessionError::Position { group, groups });
        }
        // The learner's buffers refer to rows of experiences it was shown.
        let last = position.group.min(groups - 1);
        let met = if self.protocol == Protocol::Separate {
            last..last + 1
        } else {
            0..last + 1
        };
        for &experience in met.flat_map(|group| &self.groups[group]) {
            let experience = &self.stream.experiences[experience];
            for part in [&experience.train].into_iter().chain(&experience.ahead) {
                self.learner.attach_data(&part.data)?;
            }
        }
        self.learner.load(&learner)?;
        self.source = None;
        if position.stage != SessionStage::Begin && position.group < groups {
            let mut source = self.source_of(position.group);
            source.resume(position.source);
            self.source = Some(source);
        }
        self.measurement = None;
        self.log = state.log;
        self.position = position;
        self.earlier = state.earlier;
        self.parameters = state.parameters;
        Ok(())
    }

    /// SHA-256, in hex, of the stream's rows in memory.
    pub fn digest(&mut self) -> &str {
        self.data.get_or_insert_with(|| self.stream.digest())
    }

    /// Takes away the records since the last call.
    pub fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.log.records)
    }

    /// The log: updates, rows, multiply-adds, edits.
    #[must_use]
    pub fn log(&self) -> &MetricLog {
        &self.log
    }

    /// The log, mutable, for taking records away or logging more.
    pub fn log_mut(&mut self) -> &mut MetricLog {
        &mut self.log
    }

    /// The learner in training, for inspection between steps.
    #[must_use]
    pub fn learner(&self) -> &dyn Learner {
        self.learner.as_ref()
    }

    /// The learner, mutable, for instance for predictions. A learner that is trained here no longer corresponds to the session.
    pub fn learner_mut(&mut self) -> &mut dyn Learner {
        self.learner.as_mut()
    }

    /// The network as it is between two steps.
    ///
    /// # Errors
    /// [`SessionError::Learn`] for a learner without one.
    pub fn network(&mut self) -> Result<Network, SessionError> {
        Ok(self.learner.network()?)
    }

    /// The stream of the experiment.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Progress, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let within = match self.position.stage {
            SessionStage::Begin => 0.0,
            SessionStage::After | SessionStage::End => 1.0,
            _ => self.learner.fraction().clamp(0.0, 1.0),
        };
        let groups = self.groups.len() as f64;
        ((self.position.group as f64 + within) / groups).min(1.0)
    }
}

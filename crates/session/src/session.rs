//! The loop: experiences one after the other, the learner driven one step at a time, evaluations a batch at a time.

use crate::error::SessionError;
use crate::evaluation::{Evaluation, Extent};
use crate::measurement::{Kind, Measurement, Subject, judging};
use crate::outcome::Outcome;
use crate::position::{Position, Stage};
use crate::protocol::Protocol;
use crate::saved::{SavedSession, Standing};
use crate::scores;
use crate::step::Step;
use dentate_core::profile;
use dentate_core::record::{Record, metric};
use dentate_core::{ExperienceInfo, LearnError, Learner, Ledger, Network, Progress, Seed};
use dentate_streams::{PartSource, ProblemInfo, Stream};

/// Makes a learner that has seen nothing, from a seed.
pub type MakeLearner = Box<dyn Fn(Seed) -> Result<Box<dyn Learner>, LearnError> + Send>;

/// Seed, protocol and evaluation of a session.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The run's seed, from which the learner's (`learner`) and the sources' (`source/0`, …) are derived by name.
    pub seed: u64,
    /// Which data the learner sees when; what the learner asks for, where nothing is said.
    pub protocol: Option<Protocol>,
    /// Its evaluation.
    pub evaluation: Evaluation,
}

/// An experiment that is running.
pub struct Session {
    stream: Stream,
    setup: Setup,
    protocol: Protocol,
    /// The experiences, as the learner is shown them.
    groups: Vec<Vec<usize>>,
    make: Option<MakeLearner>,
    learner: Box<dyn Learner>,
    /// The rows of the experience that is running.
    source: Option<PartSource>,
    ledger: Ledger,
    position: Position,
    /// The evaluation that is under way.
    measurement: Option<Measurement>,
    earlier: Vec<Record>,
    parameters: u64,
    /// The digest of its rows, once it is needed.
    data: Option<String>,
}

impl Session {
    /// A session at its beginning, with learners from a recipe.
    ///
    /// # Errors
    /// [`SessionError::Learn`] when the learner cannot be made, [`SessionError::Stream`] when there is nothing to learn or to
    /// evaluate on the stream.
    pub fn new(stream: Stream, make: MakeLearner, setup: Setup) -> Result<Self, SessionError> {
        let learner = make(Seed(setup.seed).derive("learner"))?;
        Self::begin(stream, learner, Some(make), setup)
    }

    /// A session at its beginning, with a learner that is built already.
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
        let validation = setup.evaluation.on == crate::Judge::Validation;
        stream.measurable(validation)?;
        let protocol = setup.protocol.unwrap_or_else(|| Protocol::of(learner.scope()));
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
            ledger: Ledger::default(),
            position: Position::default(),
            measurement: None,
            earlier: Vec::new(),
            parameters: 0,
            data: None,
        })
    }

    /// Do the next thing.
    ///
    /// # Errors
    /// [`SessionError::Learn`]; the session is then not to be used.
    pub fn step(&mut self) -> Result<Step, SessionError> {
        let group = self.position.group;
        if group >= self.groups.len() {
            return self.close();
        }
        match self.position.stage {
            Stage::Begin => {
                self.begin_experience(group)?;
                Ok(Step::Began(group))
            }
            Stage::Learn => self.learn().map(Step::Learned),
            Stage::Untrained => self.evaluate(Kind::Untrained),
            Stage::Point => self.evaluate(Kind::Along),
            Stage::After => self.evaluate(Kind::Full),
            Stage::End => {
                self.end_experience();
                Ok(Step::EndedExperience(group))
            }
        }
    }

    /// Go to the end.
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
        Outcome::new(self.stream.info, self.ledger, self.learner)
    }

    fn begin_experience(&mut self, group: usize) -> Result<(), SessionError> {
        if let (true, Protocol::Separate, Some(make)) = (group > 0, self.protocol, &self.make) {
            self.parameters += self.learner.architecture().graph().parameter_count() as u64;
            self.learner = make(self.seed_of(group))?;
        }
        self.source = Some(self.source_of(group));
        self.ledger.experience = group as u32;
        self.learner.begin(&self.info(group))?;
        if group == 0 {
            self.note_rows();
        }
        self.position.stage = Stage::Learn;
        self.position.point = 1;
        Ok(())
    }

    fn learn(&mut self) -> Result<Progress, SessionError> {
        let Some(source) = &mut self.source else {
            return Err(LearnError::State("it stands within an experience that has not begun".into()).into());
        };
        let before = self.ledger.records.len();
        let progress = self.learner.advance(source, &mut self.ledger)?;
        // Sizes are those of all networks that there are.
        for record in &mut self.ledger.records[before..] {
            if record.metric == metric::PARAMETERS {
                record.value += self.parameters as f64;
            }
        }
        if progress == Progress::Finished {
            self.position.stage = Stage::After;
            return Ok(progress);
        }
        // Heads come while an experience begins, so that after each of its first steps the network may have become able to answer.
        if progress != Progress::Updated && self.is_untrained() {
            self.position.stage = Stage::Untrained;
        }
        // Measure along the way at evenly spaced points; the last one is the full measurement behind the experience.
        let (points, fraction) = (self.setup.evaluation.points, self.learner.fraction());
        if progress == Progress::Updated
            && self.position.point < points
            && fraction >= self.position.point as f64 / points as f64
        {
            self.position.point = (fraction * points as f64) as usize + 1;
            self.position.stage = Stage::Point;
        }
        Ok(progress)
    }

    /// Whether nothing has been learned, and the evaluation before the first update is still to be made. Where tasks are evaluated
    /// only when they are learned, it is not made.
    fn is_untrained(&self) -> bool {
        let all = self.setup.evaluation.tasks == Extent::All;
        all && !self.position.untrained && self.ledger.updates == 0
    }

    /// One batch of an evaluation.
    fn evaluate(&mut self, kind: Kind) -> Result<Step, SessionError> {
        let _evaluation = profile::enter(profile::Kind::Evaluation);
        let seen = self.seen();
        let mut on = Subject {
            stream: &self.stream,
            evaluation: &self.setup.evaluation,
            learner: self.learner.as_mut(),
            ledger: &self.ledger,
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
                .collect();
        }
        self.ledger.records.extend(measured.records);
        self.position.stage = match kind {
            Kind::Untrained | Kind::Along => Stage::Learn,
            Kind::Full => Stage::End,
        };
        Ok(Step::Evaluated { whole: true })
    }

    fn end_experience(&mut self) {
        self.ledger
            .note(metric::UPDATES, None, self.ledger.updates as f64);
        let spent = self.ledger.multiply_adds as f64;
        self.ledger.note(metric::COMPUTE, None, spent);
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

    /// Whether a function was learned: every output of every row within the tolerance.
    fn look_at_problem(&mut self, problem: &ProblemInfo) -> Result<(), SessionError> {
        let part = &self.stream.experiences[0].train;
        let worst = scores::largest_error(self.learner.as_mut(), &part.data, &part.rows.to_vec())?;
        if let Some(worst) = worst {
            let solved = f64::from(u8::from(worst <= problem.tolerance));
            self.ledger.note(metric::SOLVED, None, solved);
        }
        let graph = self.learner.architecture().graph();
        let hidden: usize = graph.hidden().map(|l| l.width()).sum();
        self.ledger.note(metric::HIDDEN_UNITS, None, hidden as f64);
        let sizes = [
            (metric::KNOWN_MINIMUM, problem.known_minimum),
            (metric::CUSTOMARY, problem.customary),
        ];
        for (metric, size) in sizes {
            if let Some(units) = size {
                self.ledger.note(metric, None, units as f64);
            }
        }
        Ok(())
    }

    /// Note on how many rows each task is evaluated, which says in what steps its accuracy changes.
    fn note_rows(&mut self) {
        for task in 0..self.stream.experiences.len() {
            let part = judging(&self.stream, &self.setup.evaluation, task);
            let (task, rows) = (Some(task as u32), part.rows.len() as f64);
            self.ledger.records.push(Record {
                metric: metric::TEST_ROWS.into(),
                experience: self.ledger.experience,
                step: self.ledger.updates,
                task,
                item: None,
                value: rows,
            });
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

    /// The seed of the learner that meets a group of its own.
    fn seed_of(&self, group: usize) -> Seed {
        Seed(self.setup.seed).derive(&format!("learner/{group}"))
    }

    /// The last experience that the learner has met.
    fn seen(&self) -> usize {
        let group = self.groups.get(self.position.group);
        group.and_then(|group| group.last()).copied().unwrap_or(0)
    }

    /// Its whole state. An evaluation that is half made is dropped from it, and made again by who goes on; this session goes on
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
            standing: Standing {
                data: self.digest().to_owned(),
                ledger: self.ledger.clone(),
                position: self.position,
                earlier: self.earlier.clone(),
                parameters: self.parameters,
            },
            learner,
        })
    }

    /// Go on from a saved session of the same stream, recipe and seed.
    ///
    /// # Errors
    /// [`SessionError::OtherRows`], [`SessionError::Position`], [`LearnError::State`]; the session is then not to be used.
    pub fn load(&mut self, saved: SavedSession) -> Result<(), SessionError> {
        let SavedSession { standing, learner } = saved;
        if standing.data != self.digest() {
            return Err(SessionError::OtherRows);
        }
        let (position, groups) = (standing.position, self.groups.len());
        if position.group > groups {
            let group = position.group;
            return Err(SessionError::Position { group, groups });
        }
        // What the learner remembers are rows of experiences it was shown.
        let last = position.group.min(groups - 1);
        let met = if self.protocol == Protocol::Separate {
            last..last + 1
        } else {
            0..last + 1
        };
        for &experience in met.flat_map(|group| &self.groups[group]) {
            self.learner
                .recall(&self.stream.experiences[experience].train.data)?;
        }
        self.learner.load(&learner)?;
        self.source = None;
        if position.stage != Stage::Begin && position.group < groups {
            let mut source = self.source_of(position.group);
            source.resume(position.source);
            self.source = Some(source);
        }
        self.measurement = None;
        self.ledger = standing.ledger;
        self.position = position;
        self.earlier = standing.earlier;
        self.parameters = standing.parameters;
        Ok(())
    }

    /// SHA-256, in hex, of the stream's rows as they are in memory.
    pub fn digest(&mut self) -> &str {
        self.data.get_or_insert_with(|| self.stream.digest())
    }

    /// Take away the records that have come since the last call.
    pub fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.ledger.records)
    }

    /// The books: updates, rows, multiply-adds, edits.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The same, to take records away or to note more.
    pub fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// The learner.
    #[must_use]
    pub fn learner(&self) -> &dyn Learner {
        self.learner.as_ref()
    }

    /// The learner, to predict with it, for instance. One that is trained here is not the session's any more.
    pub fn learner_mut(&mut self) -> &mut dyn Learner {
        self.learner.as_mut()
    }

    /// The network as it is between these two steps.
    ///
    /// # Errors
    /// [`SessionError::Learn`] from a learner that keeps none.
    pub fn network(&mut self) -> Result<Network, SessionError> {
        Ok(self.learner.network()?)
    }

    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Progress, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let within = match self.position.stage {
            Stage::Begin => 0.0,
            Stage::After | Stage::End => 1.0,
            _ => self.learner.fraction().clamp(0.0, 1.0),
        };
        let groups = self.groups.len() as f64;
        ((self.position.group as f64 + within) / groups).min(1.0)
    }
}

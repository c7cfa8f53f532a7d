//! The course of a run: experiences one after the other, the learner driven one step at a time, and between any two steps a
//! chance to measure, to save and to stop.

use super::log::RecordLog;
use super::pace::Pace;
use super::position::{Position, Stage};
use super::timing::{self, Timing};
use super::{Manner, bounds, parent, resume};
use crate::checkpoint::{Checkpoint, Standing};
use crate::error::RunnerError;
use crate::job::Job;
use crate::places::{RunFolder, json, write_whole};
use crate::stop;
use crate::suite::Judge;
use dentate_backends::Ready;
use dentate_core::profile;
use dentate_core::record::{Reach, Sum, metric};
use dentate_core::{ExperienceInfo, LearnError, Learner, Ledger, Progress, Saved, Scope, Seed, Setting};
use dentate_streams::{PartSource, Stream, StreamError};
use std::time::{Duration, Instant};

/// How a run's course ended, when nothing went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Finished {
        /// Its records and its wall times, as they were written.
        log: Sum,
        timing: Sum,
    },
    Stopped,
}

pub(super) fn learning(error: LearnError) -> RunnerError {
    RunnerError::Run {
        kind: error.kind(),
        message: error.to_string(),
    }
}

fn streaming(error: StreamError) -> RunnerError {
    RunnerError::Run {
        kind: "data",
        message: error.to_string(),
    }
}

/// How far a record of a run on this stream may reach.
fn reach(stream: &Stream) -> Reach {
    let experiences = stream.experiences.len();
    Reach {
        experiences,
        tasks: experiences.max(stream.info.task_names.len()),
    }
}

pub(super) struct Driver<'a> {
    pub(super) job: &'a Job,
    folder: &'a RunFolder,
    pub(super) stream: Stream,
    /// The experiences, as the learner is shown them: one by one, or all as one.
    groups: Vec<Vec<usize>>,
    pub(super) learner: Box<dyn Learner>,
    /// The rows of the experience that is running.
    source: Option<PartSource>,
    pub(super) ledger: Ledger,
    log: RecordLog,
    pub(super) position: Position,
    pace: Pace,
    pub(super) timing: Timing,
    fingerprint: String,
    /// The digest of its rows, once it is needed.
    data: Option<String>,
    /// When this process took the run up, less what the run had taken before.
    started: Instant,
    before: f64,
    told: Instant,
}

impl<'a> Driver<'a> {
    /// A run at its beginning, or where its checkpoint says it was.
    pub(super) fn start(job: &'a Job, folder: &'a RunFolder, manner: Manner) -> Result<Self, RunnerError> {
        let started = Instant::now();
        profile::fine(manner.profile);
        let stream = job
            .stream_spec
            .build(&job.env(), Seed(job.seed).derive("stream"))
            .map_err(streaming)?;
        let validation = job.evaluation.on == Judge::Validation;
        stream.measurable(validation).map_err(streaming)?;
        let backend = job.computing.0.ready()?;
        let fingerprint = format!("{}; {}", backend.make().fingerprint(), env!("DENTATE_BUILD"));
        if let Some((checkpoint, inexact)) =
            resume::found(job, folder, &|| stream.digest(), &fingerprint, manner)
        {
            let (taken, mark) = (stream.clone(), checkpoint.standing.log);
            let log = RecordLog::resume(&folder.unfinished(), mark, reach(&stream));
            let resumed = log.and_then(|log| {
                let mut driver = Self::new(job, folder, backend, taken, log, fingerprint.clone(), started)
                    .map_err(|e| e.to_string())?;
                driver.take(checkpoint).map_err(|e| e.to_string())?;
                driver.timing.inexact |= inexact;
                Ok(driver)
            });
            match resumed {
                Ok(driver) => {
                    super::note(&format!("goes on after {} updates", driver.ledger.updates));
                    return Ok(driver);
                }
                Err(reason) => super::note(&resume::unusable(&reason)),
            }
        }
        let log = RecordLog::create(&folder.unfinished(), reach(&stream))?;
        Self::new(job, folder, backend, stream, log, fingerprint, started)
    }

    fn new(
        job: &'a Job,
        folder: &'a RunFolder,
        backend: Ready,
        stream: Stream,
        log: RecordLog,
        fingerprint: String,
        started: Instant,
    ) -> Result<Self, RunnerError> {
        let backend = || backend.make();
        let setting = Setting {
            backend: &backend,
            seed: Seed(job.seed).derive("learner"),
        };
        let learner = job.learner.build(setting).map_err(learning)?;
        let count = stream.experiences.len();
        let groups = match learner.scope() {
            Scope::Current => (0..count).map(|i| vec![i]).collect(),
            Scope::Everything => vec![(0..count).collect()],
        };
        Ok(Self {
            job,
            folder,
            stream,
            groups,
            learner,
            source: None,
            ledger: Ledger::default(),
            log,
            position: Position::default(),
            pace: Pace::new(&job.checkpoints, 0),
            timing: Timing::default(),
            fingerprint,
            data: None,
            started,
            before: 0.0,
            told: started,
        })
    }

    /// Take over what a checkpoint holds.
    fn take(&mut self, checkpoint: Checkpoint) -> Result<(), RunnerError> {
        let Checkpoint { standing, saved } = checkpoint;
        let position = standing.position;
        // What the learner remembers are rows of experiences it was shown.
        for group in self.groups.iter().take(position.group + 1) {
            for &experience in group {
                self.learner
                    .recall(&self.stream.experiences[experience].train.data)
                    .map_err(learning)?;
            }
        }
        self.learner.load(&saved).map_err(learning)?;
        if position.stage != Stage::Begin && position.group < self.groups.len() {
            let mut source = self.source_of(position.group);
            source.resume(position.source);
            self.source = Some(source);
        }
        self.pace = Pace::new(&self.job.checkpoints, standing.ledger.updates);
        self.data = Some(standing.data);
        self.before = standing.timing.seconds;
        self.timing = standing.timing;
        self.timing.resumed += 1;
        self.ledger = standing.ledger;
        self.position = position;
        Ok(())
    }

    /// Seconds that the run has taken, in all processes.
    pub(super) fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }

    /// Go through the rest of the run.
    pub(super) fn drive(mut self) -> Result<Outcome, RunnerError> {
        while self.position.group < self.groups.len() {
            let boundary = match self.step() {
                Ok(boundary) => boundary,
                // A measurement was broken off: what it had noted is measured again.
                Err(RunnerError::Stopped) => {
                    self.ledger.records.clear();
                    self.save()?;
                    return Ok(Outcome::Stopped);
                }
                Err(error) => return Err(error),
            };
            self.log.take(&mut self.ledger)?;
            self.tell();
            if stop::requested() {
                self.save()?;
                return Ok(Outcome::Stopped);
            }
            let (updates, spent) = (self.ledger.updates, self.timing.checkpoints);
            if self.pace.due(boundary, updates, self.seconds(), spent) {
                self.save()?;
            }
        }
        if let Some(problem) = self.stream.info.problem {
            self.judge_problem(&problem)?;
        }
        self.log.take(&mut self.ledger)?;
        self.timing.parameters = self.learner.architecture().graph().parameter_count() as u64;
        let log = self.log.finish(&self.folder.records())?;
        self.timing.record_bytes = log.bytes;
        self.timing.peak_bytes = timing::peak();
        self.timing.gather();
        self.timing.seconds = self.before + self.started.elapsed().as_secs_f64();
        let path = self.folder.timing();
        let text = json(&path, &self.timing)?;
        write_whole(&path, &text)?;
        let timing = Sum::of(&text);
        Ok(Outcome::Finished { log, timing })
    }

    /// Do the next thing; whether it ended an experience.
    fn step(&mut self) -> Result<bool, RunnerError> {
        match self.position.stage {
            Stage::Begin => {
                let group = self.position.group;
                self.source = Some(self.source_of(group));
                self.ledger.experience = group as u32;
                self.learner.begin(&self.info(group)).map_err(learning)?;
                if group == 0 {
                    self.note_rows();
                }
                self.position.stage = Stage::Learn;
                self.position.point = 1;
            }
            Stage::Learn => self.learn()?,
            Stage::Untrained => {
                self.position.untrained = self.measure_untrained()?;
                self.position.stage = Stage::Learn;
            }
            Stage::Point => {
                self.measure_along(self.seen())?;
                self.position.stage = Stage::Learn;
            }
            Stage::After => {
                self.measure_all(self.seen())?;
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
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn learn(&mut self) -> Result<(), RunnerError> {
        let Some(source) = &mut self.source else {
            self.position.stage = Stage::Begin;
            return Ok(());
        };
        let before = Instant::now();
        let progress = self.learner.advance(source, &mut self.ledger).map_err(learning)?;
        self.timing.training += before.elapsed().as_secs_f64();
        if self.timing.first_update.is_none() && self.ledger.updates > 0 {
            self.timing.first_update = Some(self.started.elapsed().as_secs_f64());
        }
        if progress == Progress::Finished {
            self.position.stage = Stage::After;
            return Ok(());
        }
        // Heads come while an experience begins, so that after each of its first steps the network may have become able to answer.
        if progress != Progress::Updated && self.is_untrained() {
            self.position.stage = Stage::Untrained;
        }
        let graph = self.learner.architecture().graph();
        bounds::check(&self.job.limits, graph, &self.ledger, self.seconds())?;
        // Measure along the way at evenly spaced points; the last one is the full measurement behind the experience.
        let (points, fraction) = (self.job.evaluation.points, self.learner.fraction());
        if progress == Progress::Updated
            && self.position.point < points
            && fraction >= self.position.point as f64 / points as f64
        {
            self.position.point = (fraction * points as f64) as usize + 1;
            self.position.stage = Stage::Point;
        }
        Ok(())
    }

    fn info(&self, group: usize) -> ExperienceInfo {
        match &self.groups[group][..] {
            [one] => self.stream.experiences[*one].info.clone(),
            several => self.stream.merged_info(several),
        }
    }

    fn source_of(&self, group: usize) -> PartSource {
        let seed = Seed(self.job.seed).derive(&format!("source/{group}"));
        self.stream.source(&self.groups[group], seed)
    }

    /// The last experience that the learner has met.
    fn seen(&self) -> usize {
        self.groups[self.position.group].last().copied().unwrap_or(0)
    }

    /// Write a checkpoint.
    fn save(&mut self) -> Result<(), RunnerError> {
        let before = Instant::now();
        let saved: Saved = self.learner.save().map_err(learning)?;
        if let Some(source) = &self.source {
            self.position.source = source.position();
        }
        let log = self.log.mark()?;
        self.timing.gather();
        self.timing.seconds = self.seconds();
        let checkpoint = Checkpoint {
            standing: Standing {
                run: self.job.id.clone(),
                data: self.data.get_or_insert_with(|| self.stream.digest()).clone(),
                fingerprint: self.fingerprint.clone(),
                position: self.position,
                ledger: self.ledger.clone(),
                log,
                timing: self.timing.clone(),
            },
            saved,
        };
        let bytes = checkpoint.write(&self.folder.checkpoint())?;
        let cost = before.elapsed().as_secs_f64();
        self.timing.checkpoints += cost;
        self.timing.saves += 1;
        self.timing.checkpoint_bytes = self.timing.checkpoint_bytes.max(bytes);
        self.pace.written(self.ledger.updates, cost);
        Ok(())
    }

    /// Tell the parent how far the run is, a few times a second.
    fn tell(&mut self) {
        if self.told.elapsed() >= Duration::from_millis(200) {
            self.told = Instant::now();
            let within = match self.position.stage {
                Stage::Begin => 0.0,
                Stage::After => 1.0,
                _ => self.learner.fraction().clamp(0.0, 1.0),
            };
            parent::tell((self.position.group as f64 + within) / self.groups.len() as f64);
        }
    }
}

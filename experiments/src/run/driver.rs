//! A run's session, driven to its end: between any two steps records are written, limits kept, checkpoints made and signals
//! heard.

use super::log::RecordLog;
use super::pace::Pace;
use super::timing::{self, Timing};
use super::{Manner, bounds, parent, resume};
use crate::checkpoint::{Checkpoint, Standing};
use crate::error::RunnerError;
use crate::job::Job;
use crate::kept;
use crate::places::{RunFolder, json, write_whole};
use crate::start;
use crate::stop;
use crate::suite::Keep;
use dentate_backends::Ready;
use dentate_core::record::{Reach, Sum};
use dentate_core::{LearnError, Progress, Seed, Setting, profile};
use dentate_session::{SavedSession, Session, SessionError, Setup, Step};
use dentate_streams::{Stream, StreamError};
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

/// A session's failure as the run's.
fn failed(error: SessionError) -> RunnerError {
    let kind = match &error {
        SessionError::Learn(error) => error.kind(),
        SessionError::Stream(_) => "data",
        SessionError::Unsuited(_) | SessionError::Config(_) => "unsuited",
        SessionError::Backend(_) => "backend",
        _ => "state",
    };
    RunnerError::Run {
        kind,
        message: error.to_string(),
    }
}

fn streaming(error: StreamError) -> RunnerError {
    failed(error.into())
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
    job: &'a Job,
    folder: &'a RunFolder,
    session: Session,
    log: RecordLog,
    pace: Pace,
    timing: Timing,
    fingerprint: String,
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
                    let updates = driver.session.ledger().updates;
                    super::note(&format!("goes on after {updates} updates"));
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
        let start = match job.learner.starts_from() {
            Some(path) => Some(start::expected(
                job.data_root.as_deref(),
                path,
                job.start.as_deref(),
            )?),
            None => None,
        };
        let learner = job.learner.build(Setting {
            backend: &backend,
            seed: Seed(job.seed).derive("learner"),
        });
        let setup = Setup {
            seed: job.seed,
            protocol: None,
            evaluation: job.evaluation.clone(),
        };
        let session = learner
            .and_then(|mut learner| {
                if let Some(network) = start {
                    learner.start_from(network)?;
                }
                Ok::<_, LearnError>(learner)
            })
            .map_err(SessionError::from)
            .and_then(|learner| Session::with_learner(stream, learner, setup));
        Ok(Self {
            job,
            folder,
            session: session.map_err(failed)?,
            log,
            pace: Pace::new(&job.checkpoints, 0),
            timing: Timing {
                kept: Some(job.keep),
                ..Timing::default()
            },
            fingerprint,
            started,
            before: 0.0,
            told: started,
        })
    }

    /// Take over what a checkpoint holds.
    fn take(&mut self, checkpoint: Checkpoint) -> Result<(), SessionError> {
        let Checkpoint { standing, saved } = checkpoint;
        self.session.load(SavedSession {
            standing: standing.session,
            learner: saved,
        })?;
        self.pace = Pace::new(&self.job.checkpoints, self.session.ledger().updates);
        self.before = standing.timing.seconds;
        self.timing = standing.timing;
        self.timing.resumed += 1;
        self.timing.kept = Some(self.job.keep);
        Ok(())
    }

    /// Seconds that the run has taken, in all processes.
    pub(super) fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }

    /// Go through the rest of the run.
    pub(super) fn drive(mut self) -> Result<Outcome, RunnerError> {
        loop {
            let step = self.step()?;
            self.log.take(self.session.ledger_mut())?;
            if step == Step::Finished {
                return self.finish();
            }
            if let Step::EndedExperience(experience) = step {
                self.keep(experience)?;
            }
            self.tell();
            if stop::requested() {
                self.save()?;
                return Ok(Outcome::Stopped);
            }
            let boundary = matches!(step, Step::EndedExperience(_));
            let (updates, spent) = (self.session.ledger().updates, self.timing.checkpoints);
            if self.pace.due(boundary, updates, self.seconds(), spent) {
                self.save()?;
            }
        }
    }

    fn step(&mut self) -> Result<Step, RunnerError> {
        let before = Instant::now();
        let step = self.session.step().map_err(failed)?;
        if let Step::Learned(progress) = step {
            self.timing.training += before.elapsed().as_secs_f64();
            let ledger = self.session.ledger();
            if self.timing.first_update.is_none() && ledger.updates > 0 {
                self.timing.first_update = Some(self.started.elapsed().as_secs_f64());
            }
            if progress != Progress::Finished {
                let graph = self.session.learner().architecture().graph();
                bounds::check(&self.job.limits, graph, ledger, self.seconds())?;
            }
        }
        Ok(step)
    }

    /// Keep the network after an experience, where that is asked for.
    fn keep(&mut self, experience: usize) -> Result<(), RunnerError> {
        if self.job.keep < Keep::Experiences {
            return Ok(());
        }
        let number = experience as u64 + 1;
        let written = kept::write(&mut self.session, &self.folder.experience(number))?;
        if let Some(bytes) = written {
            self.timing.networks = number;
            self.timing.network_bytes += bytes;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Outcome, RunnerError> {
        if self.job.keep >= Keep::Final {
            let written = kept::write(&mut self.session, &self.folder.0)?;
            self.timing.network_bytes += written.unwrap_or(0);
        }
        let graph = self.session.learner().architecture().graph();
        self.timing.parameters = graph.parameter_count() as u64;
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

    /// Write a checkpoint.
    fn save(&mut self) -> Result<(), RunnerError> {
        let before = Instant::now();
        let SavedSession { standing, learner } = self.session.save().map_err(failed)?;
        let log = self.log.mark()?;
        self.timing.gather();
        self.timing.seconds = self.seconds();
        let checkpoint = Checkpoint {
            standing: Standing {
                run: self.job.id.clone(),
                fingerprint: self.fingerprint.clone(),
                session: standing,
                log,
                timing: self.timing.clone(),
            },
            saved: learner,
        };
        let bytes = checkpoint.write(&self.folder.checkpoint())?;
        let cost = before.elapsed().as_secs_f64();
        self.timing.checkpoints += cost;
        self.timing.saves += 1;
        self.timing.checkpoint_bytes = self.timing.checkpoint_bytes.max(bytes);
        self.pace.written(self.session.ledger().updates, cost);
        Ok(())
    }

    /// Tell the parent how far the run is, a few times a second.
    fn tell(&mut self) {
        if self.told.elapsed() >= Duration::from_millis(200) {
            self.told = Instant::now();
            parent::tell(self.session.fraction());
        }
    }
}

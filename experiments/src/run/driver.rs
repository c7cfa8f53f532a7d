//! The loop over a run's session: between steps, records are written, limits checked, checkpoints saved and signals
//! handled.

use super::log::RecordLog;
use super::parent::{self, Figures};
use super::schedule::CheckpointSchedule;
use super::settings::{self, Made};
use super::timing::{self, Timing};
use super::{RunOptions, bounds, lineage, resume};
use crate::checkpoint::{Checkpoint, RunState};
use crate::error::RunnerError;
use crate::job::Job;
use crate::kept;
use crate::paths::{RunFolder, json, write_whole};
use crate::resolve::Outcomes;
use crate::start;
use crate::stop;
use crate::suite::Keep;
use dentate_backends::Ready;
use dentate_core::record::{Reach, Sum};
use dentate_core::{Progress, profile};
use dentate_session::{SavedSession, Session, SessionError, Setup, Step};
use dentate_streams::{Stream, StreamError};
use std::time::{Duration, Instant};

/// The outcome of a run without an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Finished {
        /// Checksums of its records and wall times, as written.
        log: Sum,
        timing: Sum,
        /// The settings that it was made with, if they follow from other runs.
        settings: Option<Sum>,
    },
    Stopped,
}

/// Converts a session's error into the run's.
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

/// The size of a stream, which bounds its records.
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
    pace: CheckpointSchedule,
    timing: Timing,
    fingerprint: String,
    /// The settings as they are written down, where they follow from other runs.
    settings: Option<Sum>,
    /// The start time of this process, minus the time the run had taken before.
    started: Instant,
    before: f64,
    told: Instant,
    figures: Figures,
}

impl<'a> Driver<'a> {
    /// A run at its beginning, or at the position of its checkpoint.
    pub(super) fn start(
        job: &'a Job,
        folder: &'a RunFolder,
        options: RunOptions,
        outcomes: &Outcomes,
    ) -> Result<Self, RunnerError> {
        let started = Instant::now();
        profile::fine(options.profile);
        let stream = job.build(&job.env()).map_err(streaming)?;
        let made = settings::work_out(job, folder, outcomes, &stream.facts())?;
        let backend = job.backend_choice.0.ready()?;
        let fingerprint = format!("{}; {}", backend.make().fingerprint(), env!("DENTATE_BUILD"));
        if let Some((checkpoint, inexact)) = resume::found(
            job,
            folder,
            &|| stream.digest(),
            &fingerprint,
            made.sum(),
            options,
        ) {
            let (taken, mark) = (stream.clone(), checkpoint.state.log);
            let log = RecordLog::resume(&folder.unfinished(), mark, reach(&stream));
            let resumed = log.and_then(|log| {
                let mut driver = Self::new(
                    job,
                    folder,
                    &made,
                    backend,
                    taken,
                    log,
                    fingerprint.clone(),
                    started,
                )
                .map_err(|e| e.to_string())?;
                driver.take(checkpoint).map_err(|e| e.to_string())?;
                driver.timing.inexact |= inexact;
                Ok(driver)
            });
            match resumed {
                Ok(driver) => {
                    let updates = driver.session.log().updates;
                    super::note(&format!("goes on after {updates} updates"));
                    return Ok(driver);
                }
                Err(reason) => super::note(&resume::unusable(&reason)),
            }
        }
        let log = RecordLog::create(&folder.unfinished(), reach(&stream))?;
        Self::new(job, folder, &made, backend, stream, log, fingerprint, started)
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of what is driven")]
    fn new(
        job: &'a Job,
        folder: &'a RunFolder,
        made: &Made<'_>,
        backend: Ready,
        stream: Stream,
        log: RecordLog,
        fingerprint: String,
        started: Instant,
    ) -> Result<Self, RunnerError> {
        let start = match made.learner().starts_from() {
            Some(path) => Some(start::expected(
                job.data_root.as_deref(),
                path,
                job.start.as_deref(),
            )?),
            None => None,
        };
        let make = dentate_session::maker(made.learner().boxed(), backend, start);
        let setup = Setup {
            seed: job.seed,
            evaluation: job.evaluation.clone(),
            ..Setup::default()
        };
        let session = Session::new(stream, make, setup);
        Ok(Self {
            job,
            folder,
            session: session.map_err(failed)?,
            log,
            pace: CheckpointSchedule::new(&job.checkpoints, 0),
            timing: Timing {
                kept: Some(job.keep),
                ..Timing::default()
            },
            fingerprint,
            settings: made.sum().cloned(),
            started,
            before: 0.0,
            told: started,
            figures: Figures::default(),
        })
    }

    /// Restore the state of a checkpoint.
    fn take(&mut self, checkpoint: Checkpoint) -> Result<(), SessionError> {
        let Checkpoint { state, saved } = checkpoint;
        self.session.load(SavedSession {
            state: state.session,
            learner: saved,
        })?;
        self.pace = CheckpointSchedule::new(&self.job.checkpoints, self.session.log().updates);
        self.before = state.timing.seconds;
        self.timing = state.timing;
        self.timing.resumed += 1;
        self.timing.kept = Some(self.job.keep);
        Ok(())
    }

    /// Seconds that the run has taken, over all processes.
    pub(super) fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }

    /// Execute the rest of the run.
    pub(super) fn drive(mut self) -> Result<Outcome, RunnerError> {
        loop {
            let step = self.step()?;
            self.figures.note(&self.session.log().records);
            self.log.take(self.session.log_mut())?;
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
            let (updates, spent) = (self.session.log().updates, self.timing.checkpoints);
            if self.pace.due(boundary, updates, self.seconds(), spent) {
                self.save()?;
            }
        }
    }

    /// The error of a step; a loss that is not finite is reported with its experience.
    fn failed_in_experience(&self, error: SessionError) -> RunnerError {
        match failed(error) {
            RunnerError::Run {
                kind: kind @ "not-finite",
                message,
            } => {
                let (at, all) = (
                    self.session.log().experience + 1,
                    self.session.stream().experiences.len(),
                );
                let message = format!("experience {at} of {all}: {message}");
                RunnerError::Run { kind, message }
            }
            other => other,
        }
    }

    fn step(&mut self) -> Result<Step, RunnerError> {
        let before = Instant::now();
        let step = self.session.step();
        let step = step.map_err(|error| self.failed_in_experience(error))?;
        if let Step::Learned(progress) = step {
            self.timing.training += before.elapsed().as_secs_f64();
            let log = self.session.log();
            if self.timing.first_update.is_none() && log.updates > 0 {
                self.timing.first_update = Some(self.started.elapsed().as_secs_f64());
            }
            if progress != Progress::Finished {
                let graph = self.session.learner().architecture().graph();
                bounds::check(&self.job.limits, graph, log, self.seconds())?;
            }
        }
        Ok(step)
    }

    /// Write the network after an experience, if the suite asks for it.
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
        lineage::write(self.session.learner().architecture(), self.folder)?;
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
        let settings = self.settings;
        Ok(Outcome::Finished {
            log,
            timing,
            settings,
        })
    }

    /// Write a checkpoint.
    fn save(&mut self) -> Result<(), RunnerError> {
        let before = Instant::now();
        let SavedSession { state, learner } = self.session.save().map_err(failed)?;
        let log = self.log.mark()?;
        self.timing.gather();
        self.timing.seconds = self.seconds();
        let checkpoint = Checkpoint {
            state: RunState {
                run: self.job.id.clone(),
                fingerprint: self.fingerprint.clone(),
                settings: self.settings.clone(),
                session: state,
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
        self.pace.written(self.session.log().updates, cost);
        Ok(())
    }

    /// Report the progress to the parent, a few times a second.
    fn tell(&mut self) {
        if self.told.elapsed() >= Duration::from_millis(200) {
            self.told = Instant::now();
            parent::tell(self.session.fraction(), &self.figures);
        }
    }
}

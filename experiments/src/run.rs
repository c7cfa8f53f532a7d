//! One run, in a process of its own: start or resume, execution, and its status.

use crate::error::RunnerError;
use crate::exit_status::ATTEMPT;
use crate::job::Job;
use crate::paths::RunFolder;
use crate::resolve::{Outcome as Parental, Outcomes};
use crate::status::{self, RunStatus};
use crate::{kept, lock, outcome, provenance, stop};
use dentate_core::record::{Parent, RunEnd, Status};
use std::time::Duration;

mod bounds;
mod driver;
mod lineage;
mod log;
mod panics;
mod parent;
mod resume;
mod schedule;
mod settings;
mod timing;

pub(crate) use log::LogOffset;
pub(crate) use timing::Timing;

use driver::{Driver, Outcome};

/// Environment variable set for runs that a `bench` has started.
pub(crate) const CHILD: &str = "DENTATE_CHILD";

/// Time for a run to end cleanly when it is asked to stop; its parent waits a little longer.
const GRACE: Duration = Duration::from_millis(1400);

/// Options of executing a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunOptions {
    /// Start from the beginning, ignoring existing files.
    pub(crate) fresh: bool,
    /// Resume from a checkpoint even if the numbers may differ in their last bits.
    pub(crate) allow_inexact: bool,
    /// Measure the times of an update's parts.
    pub(crate) profile: bool,
}

impl RunOptions {
    /// The command-line options of `dentate run` that express it.
    pub(crate) fn options(self) -> Vec<&'static str> {
        let all = [
            ("--fresh", self.fresh),
            ("--allow-inexact", self.allow_inexact),
            ("--profile", self.profile),
        ];
        all.into_iter()
            .filter(|(_, given)| *given)
            .map(|(option, _)| option)
            .collect()
    }
}

/// Execute the run of `folder` in this process. Its status is always written; an error is returned as well.
pub(crate) fn run(folder: &RunFolder, options: RunOptions) -> Result<(), RunnerError> {
    stop::listen(GRACE);
    parent::end_with_parent();
    let job = Job::read(folder)?;
    let Some(_lock) = lock::take(folder)? else {
        return Err(RunnerError::Elsewhere {
            run: job.label(),
            holder: lock::holder(folder).map_or_else(|| "another process".into(), |h| h.to_string()),
        });
    };
    let there = status::look(folder);
    let finished = matches!(&there, RunStatus::Ended(end)
        if end.status == Status::Finished
            && kept::enough(&job, folder, end)
            && outcome::overtaken(folder, end).is_none());
    // A setting with which nothing can be learned has been tried.
    let tried =
        job.trial.is_some() && matches!(&there, RunStatus::Ended(end) if outcome::answers(&end.status));
    if !options.fresh && (finished || tried) {
        return Ok(()); // another process was faster
    }
    let outcomes = outcomes(&job, folder)?;
    note(&format!("{ATTEMPT}{} · {}", job.label(), provenance::now()));
    if let RunStatus::Damaged(reason) = there {
        note(&format!("{reason}; the run is made again"));
    }
    status::clear(folder, options.fresh)?;
    bounds::limit_memory(&job.limits);
    let result = panics::caught(|| work(&job, folder, options, &outcomes));
    let end = match &result {
        Ok(Outcome::Finished {
            log,
            timing,
            settings,
        }) => RunEnd {
            run: job.id.clone(),
            status: Status::Finished,
            log: Some(log.clone()),
            timing: Some(timing.clone()),
            settings: settings.clone(),
            after: after(&job, &outcomes),
        },
        Ok(Outcome::Stopped) => return Err(RunnerError::Stopped),
        Err(error) => status::without_records(&job.id, failure(error)),
    };
    status::write(folder, &end)?;
    if end.status == Status::Finished {
        // Of no use any more; a leftover would only take room.
        let _ = std::fs::remove_file(folder.checkpoint());
    }
    result.map(|_| ())
}

/// The outcomes of the runs that this one comes after.
fn outcomes(job: &Job, folder: &RunFolder) -> Result<Outcomes, RunnerError> {
    let of = |id: &str| Ok((id.to_owned(), outcome::of(&folder.beside(id))?));
    job.recipe.parents().into_iter().map(of).collect()
}

/// The same as a status names them.
fn after(job: &Job, outcomes: &Outcomes) -> Vec<Parent> {
    let log = |id: &str| match outcomes.get(id)? {
        Parental::Finished { log, .. } => Some(log.clone()),
        Parental::Out { .. } | Parental::Without(_) => None,
    };
    let parent = |id: &str| Parent {
        run: id.to_owned(),
        log: log(id),
    };
    job.recipe.parents().into_iter().map(parent).collect()
}

fn work(
    job: &Job,
    folder: &RunFolder,
    options: RunOptions,
    outcomes: &Outcomes,
) -> Result<Outcome, RunnerError> {
    let driver = Driver::start(job, folder, options, outcomes)?;
    let _watch = bounds::watch(job, folder, driver.seconds());
    driver.drive()
}

/// A run's failure as a status for the report.
fn failure(error: &RunnerError) -> Status {
    let (kind, message) = match error {
        RunnerError::Run { kind, message } => ((*kind).to_string(), message.clone()),
        RunnerError::Io { .. } => ("file".into(), error.to_string()),
        other => ("error".into(), other.to_string()),
    };
    Status::Failed { kind, message }
}

/// Write a line to the run's log. A log that cannot be written (a full disk) does not end the run.
fn note(text: &str) {
    crate::output::say(text);
}

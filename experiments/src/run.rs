//! One run, in a process of its own: what it finds there, what it leaves behind, and how it ended.

use crate::error::RunnerError;
use crate::exit_status::ATTEMPT;
use crate::job::Job;
use crate::paths::RunFolder;
use crate::status::{self, RunStatus};
use crate::{kept, lock, provenance, stop};
use dentate_core::record::{Ending, Status};
use std::time::Duration;

mod bounds;
mod driver;
mod log;
mod panics;
mod parent;
mod resume;
mod schedule;
mod timing;

pub(crate) use log::LogOffset;
pub(crate) use timing::Timing;

use driver::{Driver, Outcome};

/// Set for runs that a `bench` has started.
pub(crate) const CHILD: &str = "DENTATE_CHILD";

/// How long a run may take to end cleanly when it is asked to stop; the one who started it waits a little longer.
const GRACE: Duration = Duration::from_millis(1400);

/// How a run is to be taken up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunOptions {
    /// From its beginning, whatever is there.
    pub(crate) fresh: bool,
    /// From a checkpoint even where the numbers may differ in their last bits.
    pub(crate) allow_inexact: bool,
    /// With the times of an update's pieces.
    pub(crate) profile: bool,
}

impl RunOptions {
    /// The options of `dentate run` that say it.
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

/// Make the run of `folder` in this process. Its status is written whatever happens; an error is returned as well.
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
    let finished = matches!(&there, RunStatus::Ended(ending)
        if ending.status == Status::Finished && kept::enough(&job, folder, ending));
    if !options.fresh && finished {
        return Ok(()); // another process was faster
    }
    note(&format!("{ATTEMPT}{} · {}", job.label(), provenance::now()));
    if let RunStatus::Damaged(reason) = there {
        note(&format!("{reason}; the run is made again"));
    }
    status::clear(folder, options.fresh)?;
    bounds::limit_memory(&job.limits);
    let result = panics::caught(|| work(&job, folder, options));
    let ending = match &result {
        Ok(Outcome::Finished { log, timing }) => Ending {
            run: job.id.clone(),
            status: Status::Finished,
            log: Some(log.clone()),
            timing: Some(timing.clone()),
        },
        Ok(Outcome::Stopped) => return Err(RunnerError::Stopped),
        Err(error) => status::without_records(&job.id, failure(error)),
    };
    status::write(folder, &ending)?;
    if ending.status == Status::Finished {
        // Of no use any more; a leftover would only take room.
        let _ = std::fs::remove_file(folder.checkpoint());
    }
    result.map(|_| ())
}

fn work(job: &Job, folder: &RunFolder, options: RunOptions) -> Result<Outcome, RunnerError> {
    let driver = Driver::start(job, folder, options)?;
    let _watch = bounds::watch(job, folder, driver.seconds());
    driver.drive()
}

/// A run's failure as its row in the report has it.
fn failure(error: &RunnerError) -> Status {
    let (kind, message) = match error {
        RunnerError::Run { kind, message } => ((*kind).to_string(), message.clone()),
        RunnerError::Io { .. } => ("file".into(), error.to_string()),
        other => ("error".into(), other.to_string()),
    };
    Status::Failed { kind, message }
}

/// Say something in the run's log. A log that cannot be written (a full disk) is no reason to end.
fn note(text: &str) {
    crate::output::say(text);
}

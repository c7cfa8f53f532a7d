//! Runs on a cluster: one job array over a results folder that all nodes share. Each element executes `dentate run`, so a
//! run that is preempted, requeued or out of time resumes from its checkpoint, and a second call submits what is missing.

use crate::error::RunnerError;
use crate::paths::{SuiteFolder, write_whole};
use crate::pool::Task;
use crate::provenance;
use crate::run::RunOptions;
use crate::status;
use std::path::Path;

mod args;
mod command;
mod error;
mod queue;
mod script;
mod submission;

pub(crate) use args::{Executor, SlurmArgs};
pub(crate) use error::SlurmError;
pub(crate) use queue::{Element, queued};

use submission::Submission;

/// Default maximum number of elements: schedulers slow down beyond it.
const ELEMENTS: usize = 1000;

/// The result of a submission.
pub(crate) struct Submitted {
    /// The array's job id; `None` if nothing was left to submit.
    pub(crate) job: Option<u64>,
    pub(crate) runs: usize,
    pub(crate) elements: usize,
    /// Runs that are already queued or running.
    pub(crate) queued: usize,
}

/// Submit those of `todo` that are not yet queued or running.
pub(crate) fn submit(
    suite: &str,
    folder: &SuiteFolder,
    todo: &[Task],
    args: &SlurmArgs,
    options: RunOptions,
) -> Result<Submitted, RunnerError> {
    args.check()?;
    command::check_partition(args.partition.as_deref())?;
    let there = queued(folder)?;
    let busy = |task: &Task| {
        there.iter().any(|e| e.runs.contains(&task.job.id)) || crate::lock::holder(&task.folder).is_some()
    };
    let runs: Vec<&Task> = todo.iter().filter(|task| !busy(task)).collect();
    let queued = todo.len() - runs.len();
    if runs.is_empty() {
        return Ok(Submitted {
            job: None,
            runs: 0,
            elements: 0,
            queued,
        });
    }
    for task in &runs {
        if options.fresh {
            // Now, and not in the element: one that is requeued is to go on.
            status::clear(&task.folder, true)?;
        }
        task.put_down()?;
    }
    let options = RunOptions {
        fresh: false,
        ..options
    };
    let most = args.array_size.map_or(ELEMENTS, usize::from);
    let elements = runs.len().min(most).min(command::largest_array()?);
    let ids: Vec<String> = runs.iter().map(|task| task.job.id.clone()).collect();
    let place = submission::new_folder(folder)?;
    write_whole(&place.join(script::RUNS), (ids.join("\n") + "\n").as_bytes())?;
    let program = std::env::current_exe().map_err(RunnerError::io("find", "this program".as_ref()))?;
    let script = place.join(script::SCRIPT);
    let text = script::script(
        &program,
        &absolute(&folder.runs())?,
        &absolute(&place)?,
        elements,
        &options.options(),
    );
    write_whole(&script, text.as_bytes())?;
    let job = command::sbatch(suite, &absolute(&place)?, &script, elements, args)?;
    Submission {
        job,
        elements,
        runs: ids,
        when: provenance::now(),
    }
    .write(&place)?;
    Ok(Submitted {
        job: Some(job),
        runs: runs.len(),
        elements,
        queued,
    })
}

/// Read the bytes of a submission, for tests with malformed ones.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(), String> {
    submission::from_bytes(bytes).map(drop)
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, RunnerError> {
    std::path::absolute(path).map_err(RunnerError::io("find", path))
}

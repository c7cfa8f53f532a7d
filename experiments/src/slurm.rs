//! Runs on a cluster: job arrays over a results folder that all nodes see, one for the runs that come after no other, and one for each
//! generation after them, which begins when the one before has ended. Each element is `dentate run`, so a run that is preempted, requeued or
//! out of time goes on from its checkpoint, and a second call submits what is missing.

use crate::error::RunnerError;
use crate::paths::{SuiteFolder, write_whole};
use crate::pool::Task;
use crate::provenance;
use crate::run::RunOptions;
use crate::status;
use std::collections::BTreeMap;
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
    /// The arrays, each behind the one before; none if nothing was left to submit.
    pub(crate) arrays: Vec<Array>,
    /// Runs that are already queued or running.
    pub(crate) queued: usize,
}

/// A submitted job array.
pub(crate) struct Array {
    /// Its job id.
    pub(crate) job: u64,
    pub(crate) runs: usize,
    pub(crate) elements: usize,
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
    let mut arrays: Vec<Array> = Vec::new();
    for generation in generations(&runs) {
        let mut after: Vec<u64> = arrays.last().map(|array| array.job).into_iter().collect();
        // Runs of earlier submissions that these come after.
        let parents = |element: &Element| {
            let of = |task: &&Task| {
                task.job
                    .recipe
                    .parents()
                    .iter()
                    .any(|id| element.runs.iter().any(|run| run == id))
            };
            generation.iter().any(of)
        };
        after.extend(
            there
                .iter()
                .filter(|element| parents(element))
                .map(|element| element.job),
        );
        after.sort_unstable();
        after.dedup();
        arrays.push(array(suite, folder, &generation, &after, args, options)?);
    }
    Ok(Submitted { arrays, queued })
}

/// The runs in generations, each of which comes after the ones before only.
fn generations<'t>(runs: &[&'t Task]) -> Vec<Vec<&'t Task>> {
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all: Vec<Vec<&Task>> = Vec::new();
    for task in runs {
        let parents = task.job.recipe.parents().into_iter();
        let before = parents.filter_map(|id| of.get(id)).max();
        let generation = before.map_or(0, |last| last + 1);
        of.insert(&task.job.id, generation);
        if all.len() <= generation {
            all.resize_with(generation + 1, Vec::new);
        }
        all[generation].push(task);
    }
    all
}

/// Submit runs as an array that begins when the jobs in `after` have ended.
fn array(
    suite: &str,
    folder: &SuiteFolder,
    runs: &[&Task],
    after: &[u64],
    args: &SlurmArgs,
    options: RunOptions,
) -> Result<Array, RunnerError> {
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
    let job = command::sbatch(suite, &absolute(&place)?, &script, elements, after, args)?;
    Submission {
        job,
        elements,
        runs: ids,
        when: provenance::now(),
    }
    .write(&place)?;
    Ok(Array {
        job,
        runs: runs.len(),
        elements,
    })
}

/// Read the bytes of a submission, for tests with malformed ones.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(), String> {
    submission::from_bytes(bytes).map(drop)
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, RunnerError> {
    std::path::absolute(path).map_err(RunnerError::io("find", path))
}

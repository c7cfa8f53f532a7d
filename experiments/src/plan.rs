//! The runs of a suite, split into finished and pending ones.

use crate::error::RunnerError;
use crate::job::Job;
use crate::kept;
use crate::paths::SuiteFolder;
use crate::pool::Task;
use crate::status::{self, RunStatus};
use crate::suite::{NamedStream, Suite};
use crate::wanted::Wanted;
use dentate_core::record::Status;
use dentate_streams::{DataEnv, StreamError};
use std::collections::BTreeMap;

/// Fingerprints of data, by the name of the stream.
pub(crate) type Fingerprints = BTreeMap<String, String>;

/// The runs of a suite by status.
pub(crate) struct Plan {
    pub(crate) folder: SuiteFolder,
    /// The fingerprint of each stream's data at the time of planning.
    pub(crate) data: Fingerprints,
    /// Pending runs.
    pub(crate) todo: Vec<Task>,
    /// Runs finished with exactly this configuration, data, seed and code.
    pub(crate) there: Vec<Task>,
    /// Damaged runs, with a description of the damage. Those of the current suite are pending as well.
    pub(crate) damaged: Vec<(String, String)>,
    /// Number of pending runs that have finished but kept fewer networks than the suite now asks for.
    pub(crate) kept_less: usize,
}

impl Plan {
    /// Determine the runs and their status on disk.
    pub(crate) fn new(suite: &Suite, wanted: &Wanted, env: &DataEnv) -> Result<Self, RunnerError> {
        let folder = SuiteFolder(wanted.results().join(&suite.name));
        let asked = |name: &str| wanted.only.is_empty() || wanted.only.iter().any(|o| o == name);
        let (mut todo, mut there, mut damaged) = (Vec::new(), Vec::new(), Vec::new());
        let mut kept_less = 0;
        let mut data = Fingerprints::new();
        for stream in &suite.streams {
            let print = stream.spec.fingerprint(env).map_err(refused(stream))?;
            data.insert(stream.name.clone(), print);
        }
        for job in jobs(suite, wanted, env, &data)? {
            let task = Task {
                folder: folder.run(&job.id),
                job,
            };
            let mut kept = true;
            let finished = match look(&task) {
                RunStatus::Ended(end) if end.status == Status::Finished => {
                    kept = kept::enough(&task.job, &task.folder, &end);
                    true
                }
                RunStatus::Ended(_) => false,
                RunStatus::Damaged(reason) => {
                    damaged.push((task.job.label(), reason));
                    false
                }
                RunStatus::Open => false,
            };
            // With --only, other methods stay in the comparison as far as they are there already.
            if asked(&task.job.method) && (wanted.options.fresh || !finished || !kept) {
                kept_less += usize::from(!kept);
                todo.push(task);
            } else if finished {
                there.push(task);
            }
        }
        Ok(Self {
            folder,
            data,
            todo,
            there,
            damaged,
            kept_less,
        })
    }

    /// Decode or draw the data once, so that runs only read the cache.
    pub(crate) fn prepare(&self, suite: &Suite, env: &DataEnv) -> Result<(), RunnerError> {
        let needed = |name: &str| self.todo.iter().any(|t| t.job.stream == name);
        for stream in suite.streams.iter().filter(|s| needed(&s.name)) {
            stream.spec.prepare(env).map_err(refused(stream))?;
        }
        Ok(())
    }
}

/// The status of a run. The results of another job in its folder do not count.
pub(crate) fn look(task: &Task) -> RunStatus {
    match status::look(&task.folder) {
        RunStatus::Ended(end) if end.status == Status::Finished && !task.job.lies_in(&task.folder) => {
            RunStatus::Damaged("the job beside its records was edited since, or is not there".into())
        }
        other => other,
    }
}

/// All runs of the suite in order, on data with these fingerprints.
pub(crate) fn jobs(
    suite: &Suite,
    wanted: &Wanted,
    env: &DataEnv,
    data: &Fingerprints,
) -> Result<Vec<Job>, RunnerError> {
    let mut jobs = Vec::new();
    for (method, stream) in suite.pairs() {
        for seed in 1..=wanted.seeds.unwrap_or(suite.seeds) {
            let data = &data[&stream.name];
            jobs.push(Job::new(suite, method, stream, seed, data, env)?);
        }
    }
    Ok(jobs)
}

/// The error for a stream's data: a mistake in the suite if one of its keys caused it.
pub(crate) fn refused(stream: &NamedStream) -> impl Fn(StreamError) -> RunnerError {
    |error| match stream.mistake(&error) {
        Some(mistake) => mistake.into(),
        None => error.into(),
    }
}

//! What is to be made of a suite, and what is there.

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

/// A suite's runs, parted.
pub(crate) struct Plan {
    pub(crate) folder: SuiteFolder,
    /// The fingerprint of each stream's data, as it was when this was planned.
    pub(crate) data: Fingerprints,
    /// To be made.
    pub(crate) todo: Vec<Task>,
    /// Finished with exactly this configuration, data, seed and code.
    pub(crate) there: Vec<Task>,
    /// Runs whose files are not as they were written, with what is wrong. Those that are asked for are to be made as well.
    pub(crate) damaged: Vec<(String, String)>,
    /// Runs to be made that have finished, and kept fewer networks than is asked for now.
    pub(crate) kept_less: usize,
}

impl Plan {
    /// Look at what is on disk.
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
                RunStatus::Ended(ending) if ending.status == Status::Finished => {
                    kept = kept::enough(&task.job, &task.folder, &ending);
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

/// How a run stands: what a job made that is not this one is not this one's result.
pub(crate) fn look(task: &Task) -> RunStatus {
    match status::look(&task.folder) {
        RunStatus::Ended(ending) if ending.status == Status::Finished && !task.job.lies_in(&task.folder) => {
            RunStatus::Damaged("the job beside its records was edited since, or is not there".into())
        }
        other => other,
    }
}

/// Every run of the suite, in its order, on data with these fingerprints.
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

/// What is wrong with a stream's data: a mistake in the suite, where one of its keys has led to it.
pub(crate) fn refused(stream: &NamedStream) -> impl Fn(StreamError) -> RunnerError {
    |error| match stream.mistake(&error) {
        Some(mistake) => mistake.into(),
        None => error.into(),
    }
}

//! What is to be made of a suite, and what is there.

use crate::cli::BenchArgs;
use crate::error::RunnerError;
use crate::job::Job;
use crate::places::SuiteFolder;
use crate::pool::Task;
use crate::status::{self, Standing};
use crate::suite::Suite;
use dentate_core::record::Status;
use dentate_streams::DataEnv;
use std::collections::BTreeMap;

/// A suite's runs, parted.
pub(crate) struct Plan {
    pub(crate) folder: SuiteFolder,
    /// To be made.
    pub(crate) todo: Vec<Task>,
    /// Finished with exactly this configuration, data, seed and code.
    pub(crate) there: Vec<Task>,
    /// Runs whose files are not as they were written, with what is wrong. Those that are asked for are to be made as well.
    pub(crate) damaged: Vec<(String, String)>,
}

impl Plan {
    /// Look at what is on disk.
    pub(crate) fn new(suite: &Suite, args: &BenchArgs, env: &DataEnv) -> Result<Self, RunnerError> {
        let folder = SuiteFolder(args.results().join(&suite.name));
        let asked = |name: &str| args.only.is_empty() || args.only.iter().any(|o| o == name);
        let (mut todo, mut there, mut damaged) = (Vec::new(), Vec::new(), Vec::new());
        for job in jobs(suite, args, env)? {
            let task = Task {
                folder: folder.run(&job.id),
                job,
            };
            let finished = match status::look(&task.folder) {
                Standing::Ended(ending) => ending.status == Status::Finished,
                Standing::Damaged(reason) => {
                    damaged.push((task.job.label(), reason));
                    false
                }
                Standing::Open => false,
            };
            // With --only, other methods stay in the comparison as far as they are there already.
            if asked(&task.job.method) && (args.manner.fresh || !finished) {
                todo.push(task);
            } else if finished {
                there.push(task);
            }
        }
        Ok(Self {
            folder,
            todo,
            there,
            damaged,
        })
    }

    /// Decode or draw the data once, so that runs only read the cache.
    pub(crate) fn prepare(&self, suite: &Suite, env: &DataEnv) -> Result<(), RunnerError> {
        let needed = |name: &str| self.todo.iter().any(|t| t.job.stream == name);
        for stream in suite.streams.iter().filter(|s| needed(&s.name)) {
            stream.spec.prepare(env)?;
        }
        Ok(())
    }
}

/// Every run of the suite, in its order.
pub(crate) fn jobs(suite: &Suite, args: &BenchArgs, env: &DataEnv) -> Result<Vec<Job>, RunnerError> {
    let mut prints = BTreeMap::new();
    for stream in &suite.streams {
        prints.insert(stream.name.as_str(), stream.spec.fingerprint(env)?);
    }
    let mut jobs = Vec::new();
    for (method, stream) in suite.pairs() {
        for seed in 1..=args.seeds.unwrap_or(suite.seeds) {
            let data = &prints[stream.name.as_str()];
            jobs.push(Job::new(suite, method, stream, seed, data, env)?);
        }
    }
    Ok(jobs)
}

//! Checks that learners and streams are compatible, before any run: once from the stream's settings, and again with the
//! data where the settings leave something open.

use crate::error::RunnerError;
use crate::plan::{Plan, refused};
use crate::pool::Task;
use crate::suite::{NamedStream, Suite};
use dentate_core::{Seed, StreamFacts};
use dentate_streams::DataEnv;

/// The facts of a stream that its settings leave open, from its data; `None` if they leave nothing open.
fn from_data(stream: &NamedStream, env: &DataEnv, seed: u64) -> Result<Option<StreamFacts>, RunnerError> {
    if stream.spec.facts().is_some_and(|facts| facts.complete()) {
        return Ok(None);
    }
    let built = stream.spec.build(env, Seed(seed).derive("stream"));
    let built = built.map_err(refused(stream))?;
    Ok(Some(built.facts()))
}

/// Refuse a suite in which a pending run would fail because of its data.
pub(crate) fn with_data(suite: &Suite, plan: &Plan, env: &DataEnv) -> Result<(), RunnerError> {
    for stream in &suite.streams {
        // Whether rows can be held out for a sweep, its streams say once they are cut.
        let trial = |task: &&Task| task.job.stream == stream.name && task.job.trial.is_some();
        if let Some(task) = plan.todo.iter().find(trial) {
            let built = task.job.build(env).map_err(refused(stream))?;
            built.measurable(false).map_err(refused(stream))?;
        }
        let Some(first) = plan.todo.iter().find(|task| task.job.stream == stream.name) else {
            continue;
        };
        let Some(facts) = from_data(stream, env, first.job.seed)? else {
            continue;
        };
        let runs = |method: &str| {
            let mut todo = plan.todo.iter();
            todo.any(|task| task.job.stream == stream.name && task.job.method == method)
        };
        for (method, met) in suite.pairs() {
            if met.name == stream.name && runs(&method.name) {
                suite.suited(method, stream, &facts)?;
            }
        }
    }
    Ok(())
}

/// The same without running or writing anything: absent or wrong data is not reported here, but when it is needed.
pub(crate) fn where_data_is(suite: &Suite, plan: &Plan, env: &DataEnv) -> Result<(), RunnerError> {
    let unwritten = DataEnv {
        cache: None,
        ..env.clone()
    };
    match with_data(suite, plan, &unwritten) {
        Err(refused @ RunnerError::Suite(_)) => Err(refused),
        Err(RunnerError::Stream(error)) if !error.is_unavailable() => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

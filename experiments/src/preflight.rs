//! Whether a learner goes with a stream, asked before any run: once of what the stream's settings say, and once more with the data
//! where these leave something open.

use crate::error::RunnerError;
use crate::plan::{Plan, refused};
use crate::suite::{NamedStream, Suite};
use dentate_core::{Seed, StreamFacts};
use dentate_streams::DataEnv;

/// The facts of a stream that its settings leave open, from its data; `None` where they leave nothing.
fn from_data(stream: &NamedStream, env: &DataEnv, seed: u64) -> Result<Option<StreamFacts>, RunnerError> {
    if stream.spec.facts().is_some_and(|facts| facts.complete()) {
        return Ok(None);
    }
    let built = stream.spec.build(env, Seed(seed).derive("stream"));
    let built = built.map_err(refused(stream))?;
    Ok(Some(built.facts()))
}

/// Refuse a suite in which a run that is still to be made would fail for its data.
pub(crate) fn with_data(suite: &Suite, plan: &Plan, env: &DataEnv) -> Result<(), RunnerError> {
    for stream in &suite.streams {
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

/// The same where nothing is run and nothing may be written: data that is not there, or is wrong, is told about when it is needed.
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

//! Facts of a stream for the report that only building it provides, and which of them hold for all seeds.

use crate::error::RunnerError;
use crate::plan::{Plan, refused};
use crate::suite::{EvaluateOn, NamedStream, Suite};
use dentate_core::Seed;
use dentate_core::record::{Manifest, Status, StreamEntry};
use dentate_streams::{DataEnv, EvaluatedRows, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// Facts of a stream that hold for all seeds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StreamFacts {
    pub(super) scenario: String,
    pub(super) tasks: Vec<String>,
    pub(super) tasks_by_seed: bool,
    pub(super) experiences: usize,
    pub(super) chance: Option<f64>,
    pub(super) on_training_rows: bool,
}

/// The facts of each stream: from the existing manifest if it lists exactly the requested runs and none is pending,
/// otherwise by building the stream. Building also reports missing data, and streams with nothing to learn or measure,
/// early.
pub(super) fn of_streams(
    suite: &Suite,
    plan: &Plan,
    seeds: u64,
    there: Option<&Manifest>,
    env: &DataEnv,
) -> Result<BTreeMap<String, StreamFacts>, RunnerError> {
    let mut all = BTreeMap::new();
    for stream in &suite.streams {
        let known = there.and_then(|manifest| known(manifest, plan, &stream.name));
        let facts = match known {
            Some(facts) => facts,
            None => built(stream, suite.evaluation.on, seeds, env)?,
        };
        all.insert(stream.name.clone(), facts);
    }
    Ok(all)
}

/// The facts of a stream in a manifest, if it is of the same runs: after an edit that was undone, a suite has the manifest
/// of the other version.
fn known(manifest: &Manifest, plan: &Plan, stream: &str) -> Option<StreamFacts> {
    let entry = manifest.streams.iter().find(|s| s.name == stream)?;
    let listed = manifest.runs.iter().filter(|r| r.stream == stream);
    let listed: BTreeSet<&str> = listed
        .filter(|r| r.status != Status::Stale)
        .map(|r| r.id.as_str())
        .collect();
    let of_stream = |t: &&crate::pool::Task| t.job.stream == stream;
    // Runs that try settings are listed apart.
    let finished: BTreeSet<&str> = plan
        .there
        .iter()
        .filter(|t| of_stream(t) && t.job.trial.is_none())
        .map(|t| t.job.id.as_str())
        .collect();
    let busy = plan.todo.iter().any(|t| of_stream(&t));
    let StreamEntry {
        scenario,
        tasks,
        tasks_by_seed,
        experiences,
        chance,
        on_training_rows,
        ..
    } = entry.clone();
    (!busy && listed == finished).then_some(StreamFacts {
        scenario,
        tasks,
        tasks_by_seed,
        experiences,
        chance,
        on_training_rows,
    })
}

/// Build a stream, for every seed if seeds have tasks of their own, and check that there is something to learn and to
/// measure.
fn built(
    stream: &NamedStream,
    on: EvaluateOn,
    seeds: u64,
    env: &DataEnv,
) -> Result<StreamFacts, RunnerError> {
    let build = |seed: u64| -> Result<StreamFacts, RunnerError> {
        let refused = refused(stream);
        let built = stream
            .spec
            .build(env, Seed(seed).derive("stream"))
            .map_err(&refused)?;
        built.measurable(on == EvaluateOn::Validation).map_err(refused)?;
        Ok(StreamFacts::of(built))
    };
    let mut facts = build(1)?;
    if stream.spec.tasks_by_seed() {
        // One that differs is enough.
        for seed in 2..=seeds {
            if facts.tasks_by_seed {
                break;
            }
            facts = facts.and(&build(seed)?);
        }
    }
    Ok(facts)
}

impl StreamFacts {
    fn of(stream: Stream) -> Self {
        let (experiences, info) = (stream.experiences.len(), stream.info);
        Self {
            scenario: info.scenario.name().to_string(),
            tasks: info.task_names,
            tasks_by_seed: false,
            experiences,
            chance: info.chance,
            on_training_rows: info.evaluated == EvaluatedRows::Training,
        }
    }

    /// The facts that hold for two seeds. Tasks that differ are named by their number.
    fn and(self, other: &Self) -> Self {
        let same = self.tasks == other.tasks && self.chance == other.chance;
        let most = self.tasks.len().max(other.tasks.len());
        Self {
            chance: self.chance.filter(|_| self.chance == other.chance),
            tasks: if self.tasks == other.tasks {
                self.tasks
            } else {
                (1..=most).map(|number| format!("Task {number}")).collect()
            },
            tasks_by_seed: !same,
            experiences: self.experiences.max(other.experiences),
            scenario: self.scenario,
            on_training_rows: self.on_training_rows,
        }
    }
}

#[cfg(test)]
mod tests;

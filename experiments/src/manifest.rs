//! The list of a suite's runs with how each ended: what the report reads first.

use crate::error::RunnerError;
use crate::job::{Job, source_of};
use crate::places::{SuiteFolder, write_whole};
use crate::pool::read_status;
use crate::run::Timing;
use crate::suite::Suite;
use dentate_core::Seed;
use dentate_core::record::{FORMAT, Manifest, MethodEntry, Provenance, RunEntry, Status, StreamEntry};
use dentate_streams::DataEnv;
use std::collections::BTreeMap;

/// What the report has to know of a stream that only building it can tell.
#[derive(Clone, Debug)]
pub(crate) struct StreamFacts {
    scenario: String,
    tasks: Vec<String>,
    chance: Option<f64>,
}

/// What is to be known of each stream: from the manifest that is there when no run of the stream is to be made, else by
/// building it, which also tells early when its data is missing.
pub(crate) fn stream_facts(
    suite: &Suite,
    todo: &[Job],
    there: Option<&Manifest>,
    env: &DataEnv,
) -> Result<BTreeMap<String, StreamFacts>, RunnerError> {
    let mut all = BTreeMap::new();
    for stream in &suite.streams {
        let known = there.and_then(|m| m.streams.iter().find(|s| s.name == stream.name));
        let busy = todo.iter().any(|j| j.stream == stream.name);
        let facts = match known.filter(|_| !busy) {
            Some(s) => StreamFacts {
                scenario: s.scenario.clone(),
                tasks: s.tasks.clone(),
                chance: s.chance,
            },
            None => {
                let info = stream.spec.build(env, Seed(1).derive("stream"))?.info;
                let scenario = info.scenario.name().to_string();
                StreamFacts {
                    scenario,
                    tasks: info.task_names,
                    chance: info.chance,
                }
            }
        };
        all.insert(stream.name.clone(), facts);
    }
    Ok(all)
}

/// The manifest of these runs as they stand on disk.
pub(crate) fn manifest(
    suite: &Suite,
    facts: &BTreeMap<String, StreamFacts>,
    jobs: &[Job],
    folder: &SuiteFolder,
    provenance: Provenance,
) -> Manifest {
    let streams = suite
        .streams
        .iter()
        .filter(|s| jobs.iter().any(|j| j.stream == s.name))
        .filter_map(|s| {
            let facts = facts.get(&s.name)?;
            Some(StreamEntry {
                name: s.name.clone(),
                title: s.title.clone(),
                scenario: facts.scenario.clone(),
                tasks: facts.tasks.clone(),
                chance: facts.chance,
            })
        })
        .collect();
    let methods = suite
        .methods
        .iter()
        .filter_map(|m| {
            let job = jobs.iter().find(|j| j.method == m.name)?;
            let source = source_of(job.learner.as_ref());
            Some(MethodEntry {
                name: m.name.clone(),
                title: m.title.clone(),
                summary: m
                    .summary
                    .clone()
                    .unwrap_or_else(|| source.map(|e| e.summary.to_string()).unwrap_or_default()),
                citation: source.map(|e| e.citation.to_string()).unwrap_or_default(),
                grows: job.learner.grows(),
                configuration: toml::to_string_pretty(&job.learner).unwrap_or_default(),
            })
        })
        .collect();
    let control = suite
        .control
        .clone()
        .filter(|c| jobs.iter().any(|j| &j.method == c));
    Manifest {
        format: FORMAT,
        suite: suite.name.clone(),
        title: suite.title.clone(),
        description: suite.description.clone(),
        control,
        streams,
        methods,
        runs: jobs.iter().map(|job| entry(job, folder)).collect(),
        provenance,
    }
}

fn entry(job: &Job, folder: &SuiteFolder) -> RunEntry {
    let run = folder.run(&job.id);
    let timing = std::fs::read(run.timing())
        .ok()
        .and_then(|b| serde_json::from_slice::<Timing>(&b).ok());
    RunEntry {
        id: job.id.clone(),
        method: job.method.clone(),
        stream: job.stream.clone(),
        seed: job.seed,
        status: read_status(&run).unwrap_or(Status::Pending),
        seconds: timing.map(|t| t.seconds),
    }
}

/// The manifest that is there, if it is one of this version.
pub(crate) fn read(folder: &SuiteFolder) -> Result<Option<Manifest>, RunnerError> {
    let path = folder.manifest();
    let Ok(bytes) = std::fs::read(&path) else {
        return Ok(None);
    };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| RunnerError::Damaged {
        path: path.clone(),
        message: e.to_string(),
    })?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(FORMAT) => Err(RunnerError::Format {
            path,
            found: found as u32,
            expected: FORMAT,
        }),
        _ => serde_json::from_value(value)
            .map(Some)
            .map_err(|e| RunnerError::Damaged {
                path,
                message: e.to_string(),
            }),
    }
}

/// Write a manifest, unless it would say what is there already (but for the time).
pub(crate) fn write(folder: &SuiteFolder, manifest: &Manifest) -> Result<(), RunnerError> {
    if let Ok(Some(there)) = read(folder) {
        let mut same = manifest.clone();
        same.provenance = there.provenance.clone();
        if same == there {
            return Ok(());
        }
    }
    write_whole(
        &folder.manifest(),
        &serde_json::to_vec_pretty(manifest).unwrap_or_default(),
    )
}

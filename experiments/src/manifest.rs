//! The manifest of a suite: its runs with their outcomes, which the report reads first.

use crate::error::RunnerError;
use crate::history::{self, Past};
use crate::job::{Job, source_of};
use crate::outcome;
use crate::paths::{SuiteFolder, write_whole};
use crate::plan::Plan;
use crate::run::Timing;
use crate::status::{self, RunStatus};
use crate::suite::{NamedMethod, Suite, SuiteError};
use dentate_core::LearnerSpec;
use dentate_core::metrics::{RecordedMetric, registered};
use dentate_core::record::{
    FORMAT, Manifest, MethodEntry, Provenance, RunEnd, RunEntry, Status, StreamEntry, TwinEntry, Unusable,
    sealed,
};
use dentate_core::registry::Kind;
use dentate_streams::DataEnv;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

mod facts;
mod sweeps;

use facts::StreamFacts;

/// The kind of failure of a run whose files differ from what was written.
pub(crate) const DAMAGED: &str = "damaged";

/// A method's settings, and its backend if that is not the default. What follows from other runs is said in words.
fn configuration(method: &NamedMethod, learner: &dyn LearnerSpec) -> Result<String, SuiteError> {
    let settings = toml::to_string_pretty(learner).map_err(|e| SuiteError::Unsayable(e.to_string()))?;
    let words = match (&method.twin, &method.sweep) {
        (Some(twin), _) => format!(
            "# The static twin of `{}` in {}: without growth, and as large as its run of the same seed allows. That method is:\n",
            twin.method, twin.budget
        ),
        (None, Some(sweep)) => format!(
            "# With the best of {} settings on each stream. Before, it is:\n",
            sweep.len()
        ),
        (None, None) => String::new(),
    };
    Ok(words + &method.backend_choice.settings().unwrap_or_default() + &settings)
}

/// Writes a suite's manifest whenever something has changed on disk.
pub(crate) struct Manifests<'a> {
    suite: &'a Suite,
    facts: BTreeMap<String, StreamFacts>,
    how: &'a Provenance,
}

impl<'a> Manifests<'a> {
    /// Manifests of the runs of `plan` with so many seeds. `before` is the existing manifest.
    pub(crate) fn new(
        suite: &'a Suite,
        plan: &Plan,
        seeds: u64,
        before: Option<&Manifest>,
        env: &DataEnv,
        how: &'a Provenance,
    ) -> Result<Self, RunnerError> {
        let facts = facts::of_streams(suite, plan, seeds, before, env)?;
        Ok(Self { suite, facts, how })
    }

    /// Write the status of the suite's runs: `all` are the current ones; those with ids in `asked` are always listed, the
    /// others only if they exist. Returns the rows, and behind them those of runs that have tried
    /// settings, which are no part of the comparison.
    pub(crate) fn write(
        &self,
        folder: &SuiteFolder,
        all: &[Job],
        asked: &[String],
    ) -> Result<Vec<RunEntry>, RunnerError> {
        let (mut rows, mut absent, mut trials) = (Vec::new(), Vec::new(), Vec::new());
        for job in all {
            let ended = |status| row(job, &status::without_records(&job.id, status), folder);
            let run = folder.run(&job.id);
            let row = match status::look(&run) {
                RunStatus::Ended(end) => match outcome::overtaken(&run, &end) {
                    None => row(job, &end, folder),
                    Some(_) if asked.contains(&job.id) => ended(Status::Pending),
                    Some(_) => ended(Status::Stale),
                },
                _ if asked.contains(&job.id) => ended(Status::Pending),
                RunStatus::Damaged(message) => ended(Status::Failed {
                    kind: DAMAGED.into(),
                    message,
                }),
                RunStatus::Open => {
                    if job.trial.is_none() {
                        absent.push(job);
                    }
                    continue;
                }
            };
            if job.trial.is_none() {
                rows.push(row);
            } else {
                trials.push(row);
            }
        }
        if !absent.is_empty() {
            let past = history::finished(folder);
            rows.extend(absent.iter().filter_map(|job| stale(job, &past)));
        }
        let mut manifest = self.manifest(rows)?;
        manifest.sweeps = sweeps::of(self.suite, all, &trials, folder);
        write(folder, &manifest)?;
        // A setting with which nothing can be learned is no failure.
        trials.retain(|row| !outcome::answers(&row.status));
        Ok([manifest.runs, trials].concat())
    }

    /// The mechanisms that all of several methods have: meters, which describe none of them.
    fn common(&self, methods: &[&NamedMethod]) -> BTreeSet<String> {
        let suite = self.suite;
        let of = |m: &&NamedMethod| -> Option<BTreeSet<String>> {
            let (_, stream) = suite.pairs().find(|(method, _)| method.name == m.name)?;
            let parts = suite.learner(m, stream).ok()?.parts().into_iter();
            Some(
                parts
                    .filter(|(kind, _)| *kind == Kind::Mechanism)
                    .map(|(_, name)| name)
                    .collect(),
            )
        };
        let all = methods.iter().filter_map(of);
        let shared = all.reduce(|a, b| a.intersection(&b).cloned().collect());
        shared.filter(|_| methods.len() > 1).unwrap_or_default()
    }

    fn manifest(&self, runs: Vec<RunEntry>) -> Result<Manifest, RunnerError> {
        let suite = self.suite;
        let streams = suite
            .streams
            .iter()
            .filter(|s| runs.iter().any(|r| r.stream == s.name));
        let streams = streams
            .filter_map(|s| {
                let facts = self.facts.get(&s.name)?;
                Some(StreamEntry {
                    name: s.name.clone(),
                    title: s.title.clone(),
                    scenario: facts.scenario.clone(),
                    tasks: facts.tasks.clone(),
                    tasks_by_seed: facts.tasks_by_seed,
                    experiences: facts.experiences,
                    chance: facts.chance,
                    on_training_rows: facts.on_training_rows,
                })
            })
            .collect();
        let methods = suite
            .methods
            .iter()
            .filter(|m| runs.iter().any(|r| r.method == m.name));
        let methods: Vec<&NamedMethod> = methods.collect();
        let common = self.common(&methods);
        let methods = methods
            .iter()
            .filter_map(|m| {
                let (_, stream) = suite.pairs().find(|(method, _)| method.name == m.name)?;
                let learner = match suite.learner(m, stream) {
                    Ok(learner) => learner,
                    Err(error) => return Some(Err(error)),
                };
                let configuration = match configuration(m, learner.as_ref()) {
                    Ok(text) => text,
                    Err(error) => return Some(Err(error)),
                };
                let source = source_of(learner.as_ref(), &common).filter(|_| m.twin.is_none());
                // What a learner can do is no description of a method that uses none of it.
                let plain = source.as_ref().is_some_and(|e| e.kind == Kind::Learner) && !learner.grows();
                let summary = m.summary.clone().or_else(|| {
                    let joint = configuration.contains("protocol = \"joint\"");
                    let what = if joint {
                        "learns all tasks at once"
                    } else {
                        "learns one task after another"
                    };
                    plain.then(|| format!("A network of fixed size that {what}."))
                });
                let twin = m.twin.as_ref().map(|twin| TwinEntry {
                    of: twin.method.clone(),
                    budget: twin.budget.name().into(),
                });
                Some(Ok(MethodEntry {
                    name: m.name.clone(),
                    title: m.title.clone(),
                    summary: summary
                        .unwrap_or_else(|| source.map(|e| e.summary.to_string()).unwrap_or_default()),
                    citation: source
                        .filter(|_| !plain)
                        .map(|e| e.citation.to_string())
                        .unwrap_or_default(),
                    grows: learner.grows() && twin.is_none(),
                    configuration,
                    levels: m.levels.clone(),
                    twin,
                }))
            })
            .collect::<Result<_, SuiteError>>()?;
        let control = suite.control.clone();
        Ok(Manifest {
            format: FORMAT,
            suite: suite.name.clone(),
            title: suite.title.clone(),
            description: suite.description.clone(),
            control: control.filter(|c| runs.iter().any(|r| &r.method == c)),
            rank_by: suite.rank_by.clone(),
            streams,
            methods,
            claims: suite.claims.clone(),
            metrics: registered().into_iter().map(RecordedMetric::entry).collect(),
            runs,
            sweeps: Vec::new(),
            provenance: self.how.clone(),
        })
    }
}

fn row(job: &Job, end: &RunEnd, folder: &SuiteFolder) -> RunEntry {
    let timing = status::believed(&folder.run(&job.id).timing(), end.timing.as_ref())
        .and_then(|b| serde_json::from_slice::<Timing>(&b).ok());
    RunEntry {
        id: job.id.clone(),
        method: job.method.clone(),
        stream: job.stream.clone(),
        seed: job.seed,
        inexact: timing.as_ref().is_some_and(|t| t.inexact),
        seconds: timing.as_ref().map(|t| t.seconds),
        times: timing.map(|t| t.times).unwrap_or_default(),
        settings: outcome::resolved(&folder.run(&job.id), end)
            .map(|resolved| resolved.settings)
            .unwrap_or_default(),
        status: end.status.clone(),
        log: end.log.clone(),
    }
}

/// The latest result of an earlier configuration, data or code for a run, marked as stale.
fn stale(job: &Job, past: &[Past]) -> Option<RunEntry> {
    let same = |p: &&Past| p.method == job.method && p.stream == job.stream && p.seed == job.seed;
    let last = past.iter().rev().find(same)?;
    Some(RunEntry {
        id: last.id.clone(),
        method: job.method.clone(),
        stream: job.stream.clone(),
        seed: job.seed,
        status: Status::Stale,
        log: None,
        inexact: last.timing.inexact,
        seconds: Some(last.timing.seconds),
        times: last.timing.times.clone(),
        settings: BTreeMap::new(),
    })
}

/// The existing manifest, if it has this format version.
pub(crate) fn read(folder: &SuiteFolder) -> Result<Option<Manifest>, RunnerError> {
    let path = folder.manifest();
    match std::fs::read(&path) {
        Ok(bytes) => from_bytes(&bytes, &path).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RunnerError::Damaged {
            path,
            message: error.to_string(),
        }),
    }
}

/// The same before the manifest is rewritten. A manifest is derived from the suite and its runs, so a damaged one is no
/// loss: `Err` within `Ok` describes the damage.
pub(crate) fn before(folder: &SuiteFolder) -> Result<Result<Option<Manifest>, String>, RunnerError> {
    match read(folder) {
        Ok(manifest) => Ok(Ok(manifest)),
        Err(error @ RunnerError::Damaged { .. }) => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Read the bytes of a manifest file `path`.
pub(crate) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Manifest, RunnerError> {
    let path = path.into();
    Manifest::read(bytes).map_err(|unusable| match unusable {
        Unusable::Damaged(message) => RunnerError::Damaged { path, message },
        Unusable::Format(found) => RunnerError::Format {
            path,
            found,
            expected: FORMAT,
        },
    })
}

/// Write a manifest, unless it equals the existing one apart from the time.
fn write(folder: &SuiteFolder, manifest: &Manifest) -> Result<(), RunnerError> {
    if let Ok(Some(there)) = read(folder) {
        let mut same = manifest.clone();
        same.provenance = there.provenance.clone();
        if same == there {
            return Ok(());
        }
    }
    let path = folder.manifest();
    let text = sealed(manifest).map_err(|e| RunnerError::Unwritable {
        path: path.clone(),
        message: e.to_string(),
    })?;
    write_whole(&path, &text)
}

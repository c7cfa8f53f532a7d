//! The figures that a later report is compared with: for each method and stream, the value of every seed in the measure of the ranking.

use crate::comparison::{MethodRow, StreamComparison};
use crate::findings::Findings;
use crate::metrics::{Direction, Unit};
use crate::suite::Outcome;
use dentate_core::record::{RunEntry, StreamEntry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The figures of a suite's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SuiteValues {
    pub(crate) suite: String,
    pub(crate) title: String,
    /// The time at which the suite last ran.
    pub(crate) when: String,
    pub(crate) commit: Option<String>,
    pub(crate) version: String,
    pub(crate) runs: usize,
    pub(crate) finished: usize,
    pub(crate) streams: Vec<StreamValues>,
}

/// Those of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StreamValues {
    pub(crate) name: String,
    pub(crate) title: String,
    /// The identity of the stream in words: its scenario, tasks and experiences.
    pub(crate) what: Vec<String>,
    pub(crate) metric: String,
    pub(crate) measure: String,
    pub(crate) unit: Unit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) better: Option<Direction>,
    pub(crate) methods: Vec<MethodValues>,
}

/// Those of a method on a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MethodValues {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Its settings, as TOML.
    pub(crate) configuration: String,
    /// The settings that followed from other runs, by key; each as often as runs differ in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) chosen: BTreeMap<String, String>,
    /// The smallest possible change of the measure, 0 if unknown.
    pub(crate) step: f64,
    /// The value of each seed.
    pub(crate) values: BTreeMap<u64, f64>,
}

impl SuiteValues {
    pub(crate) fn of(findings: &Findings<'_>) -> Self {
        let (suite, manifest) = (findings.suite, &findings.suite.manifest);
        let from = &manifest.provenance;
        let finished = suite.runs.iter().filter(|run| run.outcome == Outcome::Finished);
        Self {
            suite: manifest.suite.clone(),
            title: manifest.title.clone(),
            when: from.when.clone(),
            commit: from.commit.clone(),
            version: from.version.clone(),
            runs: suite.runs.len(),
            finished: finished.count(),
            streams: findings.streams.iter().map(|c| stream(findings, c)).collect(),
        }
    }
}

fn stream(findings: &Findings<'_>, c: &StreamComparison) -> StreamValues {
    let entry = &findings.suite.manifest.streams[c.stream];
    let metric = c.metric();
    let mut rows: Vec<&MethodRow> = c.rows.iter().collect();
    // In the order of the suite, which does not change with the results.
    rows.sort_by_key(|row| row.method);
    StreamValues {
        name: entry.name.clone(),
        title: entry.title.clone(),
        what: what(entry),
        metric: metric.name().into(),
        measure: metric.title().into(),
        unit: metric.unit(),
        better: metric.direction(),
        methods: rows.into_iter().map(|row| method(findings, c, row)).collect(),
    }
}

fn what(entry: &StreamEntry) -> Vec<String> {
    let mut what = vec![
        format!("scenario {}", entry.scenario),
        crate::format::plural(entry.experiences, "experience"),
    ];
    if !entry.tasks_by_seed {
        what.push(format!("tasks {}", entry.tasks.join(", ")));
    }
    what
}

fn method(findings: &Findings<'_>, c: &StreamComparison, row: &MethodRow) -> MethodValues {
    let entry = &findings.suite.manifest.methods[row.method];
    let metric = c.metric();
    MethodValues {
        name: entry.name.clone(),
        title: entry.title.clone(),
        configuration: entry.configuration.clone(),
        chosen: chosen(row.runs.iter().map(|run| &findings.suite.runs[*run].entry)),
        step: row.step(metric),
        values: row.values.get(&metric).cloned().unwrap_or_default(),
    }
}

/// The settings that followed from other runs, with all their values.
fn chosen<'a>(runs: impl Iterator<Item = &'a RunEntry>) -> BTreeMap<String, String> {
    let mut chosen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in runs.flat_map(|run| &run.settings) {
        let values = chosen.entry(key.clone()).or_default();
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    let several = |(key, values): (String, Vec<String>)| (key, values.join(" or "));
    chosen.into_iter().map(several).collect()
}

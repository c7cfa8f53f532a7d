//! The results of a run: records in an open long format, and a manifest of the suite. The runner writes them, the
//! report reads them; they exchange nothing else.

use crate::profile::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod claim;
mod declared;
mod derived;
mod law;
mod lineage;
mod names;
mod range;
mod seal;
mod text;
pub use claim::{Assertion, ClaimEntry, Order};
pub use declared::{Aggregate, Direction, MetricEntry, Unit};
pub use derived::{Parent, SettingEntry, SweepEntry, SweepRun, TwinEntry};
pub use law::{Law, Reach};
pub use lineage::{LINEAGE, LINEAGE_HEADER, UnitLife, UnitOrigin};
pub use names::{Known, known, metric, names};
pub use range::Range;
pub use seal::{Sum, Summing, sealed, unsealed};
pub use text::{is_printable, printable, printable_lines};

/// The version of the results folder's layout. Raise it when a reader of the old layout would be wrong.
pub const FORMAT: u32 = 3;

/// The file of a run's records inside its folder: CSV with the header [`HEADER`].
pub const RECORDS: &str = "records.csv";
/// The file with the outcome of a run, inside its folder: a sealed [`RunEnd`].
pub const STATUS: &str = "status.json";
/// The file of a suite's manifest, sealed, inside its results folder.
pub const MANIFEST: &str = "manifest.json";
/// The CSV header of a record log.
pub const HEADER: &str = "metric,experience,step,task,item,value";

/// One row of a record log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The name of the metric; see [`metric`].
    pub metric: String,
    /// The experience during or after which it was measured, from 0.
    pub experience: u32,
    /// Updates made so far.
    pub step: u64,
    /// The task it concerns, if any.
    pub task: Option<u32>,
    /// The layer, edit or reason it concerns, if any.
    pub item: Option<String>,
    /// The measured value, in the unit of its metric.
    pub value: f64,
}

impl Record {
    /// The row of the record log, without a line end. Floats are written so that reading gives the same bits.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let quote = |s: &str| {
            if s.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", s.replace('"', "\"\""))
            } else {
                s.into()
            }
        };
        let task = self.task.map(|t| t.to_string()).unwrap_or_default();
        let item = self.item.as_deref().map(quote).unwrap_or_default();
        let metric = quote(&self.metric);
        format!(
            "{metric},{},{},{task},{item},{:?}",
            self.experience, self.step, self.value
        )
    }
}

/// A parser's message as one sentence, of bounded length, since parsers quote their input.
#[must_use]
pub fn sentence(message: &str) -> String {
    const MOST: usize = 500;
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let sentence = lines.collect::<Vec<_>>().join(", ");
    match sentence.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &sentence[..end]),
        None => sentence,
    }
}

/// The outcome of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Status {
    /// Not finished yet.
    Pending,
    /// Finished, with complete records.
    Finished,
    /// Finished earlier, with another configuration, data or code than is requested now.
    Stale,
    /// Ended early.
    Failed {
        /// The kind of failure: `panic`, `refused`, `not-finite`, `killed`, …
        kind: String,
        /// One sentence.
        message: String,
    },
}

/// The content of a run's status file: the outcome of the run and the files that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// The run's id, by which a renamed or copied folder is recognised.
    pub run: String,
    /// The outcome.
    #[serde(flatten)]
    pub status: Status,
    /// The checksum of the finished record log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Sum>,
    /// The checksum of its wall times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Sum>,
    /// The checksum of the settings that it was made with, where these follow from other runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Sum>,
    /// The runs that they follow from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Parent>,
}

/// One run of a suite: a method on a stream with a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Hash of everything the run depends on; its folder is `runs/<id>/` next to the manifest.
    pub id: String,
    /// The method's name in the suite.
    pub method: String,
    /// The stream's name in the suite.
    pub stream: String,
    /// The seed of all its random numbers.
    pub seed: u64,
    /// The outcome.
    #[serde(flatten)]
    pub status: Status,
    /// The checksum of a finished run's record log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Sum>,
    /// True if it continued from a checkpoint of another machine or build, where the last bits of numbers may differ.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inexact: bool,
    /// Wall-clock time in seconds, where known.
    pub seconds: Option<f64>,
    /// Seconds of it by kind of work; the phases of an update only where the run was profiled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub times: BTreeMap<Kind, f64>,
    /// The settings that follow from other runs, by key, as TOML: the widths of a static twin, the choice of a sweep.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
}

/// The description of a stream for a reader of the results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamEntry {
    /// Its name in the suite.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The scenario's kebab-case name.
    pub scenario: String,
    /// The names of the tasks, in order: the same for every seed, so they are numbers where seeds have different tasks.
    pub tasks: Vec<String>,
    /// True if each seed has its own tasks, which have no names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tasks_by_seed: bool,
    /// Number of experiences.
    pub experiences: usize,
    /// Accuracy of guessing, where it is defined and the same for every seed.
    pub chance: Option<f64>,
    /// True if tasks are evaluated on their training rows: there are no others, or none with a label that could be predicted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_training_rows: bool,
}

/// The description of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodEntry {
    /// Its name in the suite.
    pub name: String,
    /// Its title.
    pub title: String,
    /// A summary in one line.
    pub summary: String,
    /// Its source: a citation.
    pub citation: String,
    /// True if it grows.
    pub grows: bool,
    /// Its resolved configuration, as TOML.
    pub configuration: String,
    /// Its levels, if it is a cell of a factorial design: one for each factor, in the same order for every cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// The method whose static twin it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<TwinEntry>,
}

/// The level of one of the two-level factors of a factorial design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// The factor's title.
    pub factor: String,
    /// The level's name.
    pub name: String,
    /// True if it is the second of the two: effects are differences of the second minus the first.
    pub second: bool,
}

/// The circumstances in which the results were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The command that reproduces them.
    pub command: String,
    /// The source revision, marked if the tree had changes.
    pub commit: Option<String>,
    /// Version of the framework.
    pub version: String,
    /// The machine: processor, cores, operating system.
    pub machine: String,
    /// Fingerprints of the backends used.
    pub backend: String,
    /// The time at which the suite last ran, RFC 3339 in UTC.
    pub when: String,
}

/// The manifest of a suite's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The value of [`FORMAT`] when it was written.
    pub format: u32,
    /// The suite's name.
    pub suite: String,
    /// Its title.
    pub title: String,
    /// The question of the suite, in a sentence or two.
    pub description: String,
    /// The method that the others are compared with.
    pub control: Option<String>,
    /// The measure by which methods are ranked, a name of a [`Metric`](crate::metrics::Metric) or of one in `metrics`; each stream's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_by: Option<String>,
    /// Streams, in the suite's order.
    pub streams: Vec<StreamEntry>,
    /// Methods, in the suite's order.
    pub methods: Vec<MethodEntry>,
    /// The metrics that plugins record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricEntry>,
    /// Published statements that the results are held against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimEntry>,
    /// All runs of the suite that are compared.
    pub runs: Vec<RunEntry>,
    /// The sweeps by which settings were chosen, with their runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sweeps: Vec<SweepEntry>,
    /// The circumstances in which the results were made.
    pub provenance: Provenance,
}

/// The reasons for which a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It has another layout.
    Format(u32),
    /// It cannot be parsed, or was changed after it was written: one sentence.
    Damaged(String),
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Layout {
            format: u32,
        }
        // The layout first: another version's manifest may not parse as this one's.
        let layout = serde_json::from_slice(bytes);
        let Layout { format } = layout.map_err(|e| Unusable::Damaged(sentence(&e.to_string())))?;
        if format != FORMAT {
            return Err(Unusable::Format(format));
        }
        unsealed(bytes).map_err(Unusable::Damaged)
    }
}

impl StreamEntry {
    /// The number of experiences and tasks that a record of a run on it may have.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let experiences = self.experiences;
        Reach {
            experiences,
            tasks: experiences.max(self.tasks.len()),
        }
    }
}

#[cfg(test)]
mod tests;

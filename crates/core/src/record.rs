//! What a run leaves behind: records in an open long format, and a manifest of the suite. The runner writes them, the
//! report reads them; nothing else passes between the two.

use crate::profile::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod law;
mod seal;
mod text;
pub use law::{Law, Range, Reach, once, range};
pub use seal::{Sum, Summing, sealed, unsealed};
pub use text::{is_printable, printable, printable_lines};

/// The version of the results folder's layout. Raise it when a reader of the old layout would be wrong.
pub const FORMAT: u32 = 2;

/// File of a run's records inside its folder: CSV with the header [`HEADER`].
pub const RECORDS: &str = "records.csv";
/// File that says how a run ended, inside its folder: a sealed [`Ending`].
pub const STATUS: &str = "status.json";
/// File of a suite's manifest, sealed, inside its results folder.
pub const MANIFEST: &str = "manifest.json";
/// The CSV header of a record log.
pub const HEADER: &str = "metric,experience,step,task,item,value";

/// Metric names that the report knows. The format is open: a plugin may write others.
pub mod metric {
    /// Accuracy on `task` after learning `experience`, in `[0, 1]`.
    pub const ACCURACY: &str = "accuracy";
    /// Accuracy on `task` before the first update, where the network has a way to answer for it then.
    pub const UNTRAINED: &str = "accuracy.untrained";
    /// Rows of `task` that it is judged on: its accuracy is a multiple of their inverse.
    pub const TEST_ROWS: &str = "test-rows";
    /// Mean accuracy over the tasks seen so far, measured at points along the stream.
    pub const STREAM_ACCURACY: &str = "accuracy.stream";
    /// Prequential (online) accuracy on `task` within `experience`, in `[0, 1]`: the share of the stream's rows that the network
    /// classified rightly in the update that then learned from them.
    pub const PREQUENTIAL: &str = "accuracy.prequential";
    /// The same of rows of `task` that were seen again, replayed beside the experience's own.
    pub const REPLAYED_ACCURACY: &str = "accuracy.replayed";
    /// Mean training loss since the last record.
    pub const LOSS: &str = "loss";
    /// Trainable and frozen parameters, at the start and after every change.
    pub const PARAMETERS: &str = "parameters";
    /// Multiply-adds of one sample's forward pass, at the start and after every change.
    pub const MULTIPLY_ADDS: &str = "multiply-adds";
    /// Units of the layer named by `item`, at the start and after every change.
    pub const UNITS: &str = "units";
    /// A growth edit: `item` says which, `value` is the number of units born.
    pub const GROWTH: &str = "growth";
    /// Units that newborn ones have taken the place of, since the last such record.
    pub const REPLACED: &str = "replaced";
    /// Updates made so far, at the end of `experience`.
    pub const UPDATES: &str = "updates";
    /// Multiply-adds spent so far (forward and backward), at the end of `experience`.
    pub const COMPUTE: &str = "compute";
    /// 1 when the problem was solved, else 0.
    pub const SOLVED: &str = "solved";
    /// Hidden units at the end.
    pub const HIDDEN_UNITS: &str = "hidden-units";
    /// The smallest number of hidden units known to solve the problem.
    pub const KNOWN_MINIMUM: &str = "known-minimum";
    /// Hidden units of the network that the literature customarily compares with.
    pub const CUSTOMARY: &str = "customary-units";
    /// Mean squared error per output on `task`, at the end of `experience`.
    pub const SQUARED_ERROR: &str = "squared-error";
    /// Mean squared error per feature of what a learner reconstructs of `task`'s rows of the class that `item` names, after
    /// learning `experience`.
    pub const RECONSTRUCTION_ERROR: &str = "reconstruction-error";
    /// Mean reconstruction error of the arriving rows through the first levels of a stack, up to the one that `item` names, whenever
    /// it is surveyed.
    pub const LEVEL_ERROR: &str = "reconstruction-error.level";
    /// Share of the units of the layer that `item` names whose output is the same on all examined rows, after `experience`.
    pub const DEAD_UNITS: &str = "plasticity.dead-units";
    /// Share of its units whose mean |output| is at most 0.025 of the layer's.
    pub const DORMANT_UNITS: &str = "plasticity.dormant-units";
    /// Effective rank of its outputs, as a share of its units.
    pub const EFFECTIVE_RANK: &str = "plasticity.effective-rank";
    /// Mean |w| over the weights into it.
    pub const WEIGHT_MAGNITUDE: &str = "plasticity.weight-magnitude";
    /// Mean squared distance of `task`'s points to the nearest prototype, after `experience`.
    pub const QUANTIZATION_ERROR: &str = "quantization-error";
    /// The same of signals since the last record, each before it was learned from.
    pub const SIGNAL_ERROR: &str = "quantization-error.signals";
    /// Share of signals since the last record whose two nearest units were not neighbours.
    pub const TOPOGRAPHIC_ERROR: &str = "topographic-error";
    /// Edges of a map now.
    pub const EDGES: &str = "edges";
    /// Units of a map that died since the last record; `item` says why.
    pub const DEATHS: &str = "deaths";
    /// A map of up to three dimensions: `item` has the units' places, their edges and some signals, `value` the number of
    /// units.
    pub const DRAWING: &str = "drawing";
    /// A prototype of a map over images: `item` has its shape and grey values, `value` the number of its wins.
    pub const PROTOTYPE: &str = "prototype";
    /// Running mean of |output| of the newborn unit that `item` names, when its window is over.
    pub const UNIT_ACTIVITY: &str = "unit.activity";
    /// The death of a unit that was born by growth and that `item` names: its age in updates.
    pub const UNIT_DEATH: &str = "unit.death";
    /// How often a growing strategy declined to grow in `experience`: `item` says why.
    pub const HELD: &str = "held";
    /// Why a strategy stopped growing: `item` says it.
    pub const STOP: &str = "stop";
}

/// One line of a record log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What was measured; see [`metric`].
    pub metric: String,
    /// The experience during or after which it was measured, from 0.
    pub experience: u32,
    /// Updates made so far.
    pub step: u64,
    /// The task it is about, if it is about one.
    pub task: Option<u32>,
    /// The layer, edit or reason it is about, if any.
    pub item: Option<String>,
    /// The value.
    pub value: f64,
}

impl Record {
    /// The line of the record log, without a line end. Floats are written so that reading gives the same bits.
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

/// A parser's message as one sentence, of bounded length: parsers quote what they were given.
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

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Status {
    /// Not finished yet.
    Pending,
    /// Finished, its records are whole.
    Finished,
    /// Finished once, with another configuration, data or code than is asked for now.
    Stale,
    /// Ended early.
    Failed {
        /// The kind of failure: `panic`, `refused`, `not-finite`, `killed`, …
        kind: String,
        /// One sentence.
        message: String,
    },
}

/// What a run's folder says of itself: how the run ended and which files belong to that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The run's id. A folder that was renamed or copied says so by it.
    pub run: String,
    /// How it ended.
    #[serde(flatten)]
    pub status: Status,
    /// The record log as it was finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Sum>,
    /// Its wall times as they were written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Sum>,
}

/// One run of a suite: a method on a stream with a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Hash of everything the run depends on; its folder is `runs/<id>/` beside the manifest.
    pub id: String,
    /// The method's name in the suite.
    pub method: String,
    /// The stream's name in the suite.
    pub stream: String,
    /// The seed.
    pub seed: u64,
    /// How it ended.
    #[serde(flatten)]
    pub status: Status,
    /// The record log of a finished run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Sum>,
    /// Whether it went on from a checkpoint of another machine or build, where the last bits of numbers may differ.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inexact: bool,
    /// Wall-clock seconds it took, where known.
    pub seconds: Option<f64>,
    /// Of these, seconds by kind of work; the pieces of an update only where the run was profiled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub times: BTreeMap<Kind, f64>,
}

/// A stream of a suite, as far as a reader of its results has to know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamEntry {
    /// Its name in the suite.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The scenario's kebab-case name.
    pub scenario: String,
    /// What the tasks are called, in order: for every seed the same, so their numbers where seeds have tasks of their own.
    pub tasks: Vec<String>,
    /// Whether seeds have tasks of their own, which no name stands for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tasks_by_seed: bool,
    /// How many experiences there are.
    pub experiences: usize,
    /// Accuracy of guessing, where that means something and is the same for every seed.
    pub chance: Option<f64>,
}

/// A method of a suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodEntry {
    /// Its name in the suite.
    pub name: String,
    /// Its title.
    pub title: String,
    /// One line: what it is.
    pub summary: String,
    /// Where it comes from.
    pub citation: String,
    /// Whether it grows.
    pub grows: bool,
    /// Its configuration as it was resolved, as TOML.
    pub configuration: String,
    /// Its levels, where it is a cell of a factorial design: one a factor, in the same order for every cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
}

/// The level of a factor that a cell of a factorial design has, of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// The factor's title.
    pub factor: String,
    /// The level's name.
    pub name: String,
    /// Whether it is the second of the two: effects are differences of the second to the first.
    pub second: bool,
}

/// How the results were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The command that makes them again.
    pub command: String,
    /// The source revision, with a mark when the tree had changes.
    pub commit: Option<String>,
    /// Version of the framework.
    pub version: String,
    /// The machine: processor, cores, operating system.
    pub machine: String,
    /// The backend.
    pub backend: String,
    /// When the suite last ran, RFC 3339 in UTC.
    pub when: String,
}

/// When a method is judged on a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judged {
    /// At the end of the stream: what was forgotten counts.
    #[default]
    AtTheEnd,
    /// Right after the task was learned: whether a network can still learn counts, and nothing else.
    WhenLearned,
}

impl Judged {
    /// Both, by the names that suites give them.
    pub const ALL: [(&'static str, Self); 2] = [
        ("at-the-end", Self::AtTheEnd),
        ("when-learned", Self::WhenLearned),
    ];
}

/// A suite's results, listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] when it was written.
    pub format: u32,
    /// The suite's name.
    pub suite: String,
    /// Its title.
    pub title: String,
    /// What it asks, in a sentence or two.
    pub description: String,
    /// The method that the others are compared with.
    pub control: Option<String>,
    /// When methods are judged.
    #[serde(default)]
    pub judged: Judged,
    /// Streams, in the suite's order.
    pub streams: Vec<StreamEntry>,
    /// Methods, in the suite's order.
    pub methods: Vec<MethodEntry>,
    /// Every run the suite asks for.
    pub runs: Vec<RunEntry>,
    /// How they were made.
    pub provenance: Provenance,
}

/// A manifest that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is of another layout.
    Format(u32),
    /// It does not read, or was changed after it was written: one sentence.
    Damaged(String),
}

impl Manifest {
    /// Read the bytes of a manifest.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Layout {
            format: u32,
        }
        // The layout first: another version's manifest need not parse as this one's.
        let layout = serde_json::from_slice(bytes);
        let Layout { format } = layout.map_err(|e| Unusable::Damaged(sentence(&e.to_string())))?;
        if format != FORMAT {
            return Err(Unusable::Format(format));
        }
        unsealed(bytes).map_err(Unusable::Damaged)
    }
}

impl StreamEntry {
    /// How far a record of a run on it may reach.
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

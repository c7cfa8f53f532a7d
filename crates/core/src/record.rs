//! The results of a run: records in an open long format, and a manifest of the suite. The runner writes them, the
//! report reads them; they exchange nothing else.

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
pub const FORMAT: u32 = 3;

/// The file of a run's records inside its folder: CSV with the header [`HEADER`].
pub const RECORDS: &str = "records.csv";
/// The file with the outcome of a run, inside its folder: a sealed [`RunEnd`].
pub const STATUS: &str = "status.json";
/// The file of a suite's manifest, sealed, inside its results folder.
pub const MANIFEST: &str = "manifest.json";
/// The CSV header of a record log.
pub const HEADER: &str = "metric,experience,step,task,item,value";

/// Metric names that the report uses. The format is open: a plugin may write others.
pub mod metric {
    /// Accuracy on `task` after learning `experience`, in `[0, 1]`.
    pub const ACCURACY: &str = "accuracy";
    /// Accuracy on `task` before the first update, where the network can predict it then.
    pub const UNTRAINED: &str = "accuracy.untrained";
    /// Number of rows that `task` is evaluated on: its accuracy is a multiple of the inverse.
    pub const TEST_ROWS: &str = "test-rows";
    /// Mean accuracy over the tasks seen so far, measured at points along the stream.
    pub const STREAM_ACCURACY: &str = "accuracy.stream";
    /// Accuracy on `task` after `step` updates, within `experience`, for every task learned so far and the current one.
    pub const CONTINUAL_ACCURACY: &str = "accuracy.continual";
    /// Accuracy on the rows of the class that `item` names, over all tasks that are evaluated at the end, after the last experience.
    pub const CLASS_ACCURACY: &str = "accuracy.class";
    /// Number of these rows of one class that were taken for another or for itself: `item` is the true class and the predicted one, as
    /// [`Confusion::item`](crate::metrics::Confusion::item) writes them. Pairs without rows have no record.
    pub const CONFUSION: &str = "confusion";
    /// Prequential (online) accuracy on `task` within `experience`, in `[0, 1]`: the share of the stream's rows that the network
    /// classified correctly in the update that then learned from them.
    pub const PREQUENTIAL: &str = "accuracy.prequential";
    /// The same for replayed rows of `task`, which are trained on together with the experience's own.
    pub const REPLAYED_ACCURACY: &str = "accuracy.replayed";
    /// Mean training loss since the last record.
    pub const LOSS: &str = "loss";
    /// Trainable and frozen parameters, at the start and after every change.
    pub const PARAMETERS: &str = "parameters";
    /// Multiply-adds of one sample's forward pass, at the start and after every change.
    pub const MULTIPLY_ADDS: &str = "multiply-adds";
    /// Units of the layer named by `item`, at the start and after every change.
    pub const UNITS: &str = "units";
    /// A growth edit: `item` is its name, `value` the number of units added.
    pub const GROWTH: &str = "growth";
    /// Number of units replaced since the last such record.
    pub const REPLACED: &str = "replaced";
    /// Updates made so far, at the end of `experience`.
    pub const UPDATES: &str = "updates";
    /// Multiply-adds spent so far (forward and backward), at the end of `experience`.
    pub const COMPUTE: &str = "compute";
    /// Bytes that the learner holds for learning at the end of `experience`: `item` is the part, as
    /// [`LearnerMemory::parts`](crate::LearnerMemory::parts) names it. Parts without any have no record.
    pub const MEMORY: &str = "memory-bytes";
    /// 1 when the problem was solved, else 0.
    pub const SOLVED: &str = "solved";
    /// Hidden units at the end.
    pub const HIDDEN_UNITS: &str = "hidden-units";
    /// The smallest known number of hidden units that solves the problem.
    pub const KNOWN_MINIMUM: &str = "known-minimum";
    /// Number of hidden units of the customary network in the literature.
    pub const CUSTOMARY: &str = "customary-units";
    /// Mean squared error per output on `task`, at the end of `experience`.
    pub const SQUARED_ERROR: &str = "squared-error";
    /// Mean squared error per feature of a learner's reconstructions of `task`'s rows of the class that `item` names, after
    /// learning `experience`.
    pub const RECONSTRUCTION_ERROR: &str = "reconstruction-error";
    /// Mean reconstruction error of the arriving rows through the first levels of a stack, up to the one that `item` names, at
    /// each measurement.
    pub const LEVEL_ERROR: &str = "reconstruction-error.level";
    /// Share of the units of the layer that `item` names whose output is the same on all evaluated rows, after `experience`.
    pub const DEAD_UNITS: &str = "plasticity.dead-units";
    /// Share of the layer's units whose mean |output| is at most 0.025 of the layer's.
    pub const DORMANT_UNITS: &str = "plasticity.dormant-units";
    /// Effective rank of the layer's outputs, as a share of its units.
    pub const EFFECTIVE_RANK: &str = "plasticity.effective-rank";
    /// Mean |w| over the layer's incoming weights.
    pub const WEIGHT_MAGNITUDE: &str = "plasticity.weight-magnitude";
    /// Deviation of the weights into the layer from isometry, mean over blocks.
    pub const ISOMETRY: &str = "plasticity.isometry";
    /// Mean squared distance of `task`'s points to the nearest prototype, after `experience`.
    pub const QUANTIZATION_ERROR: &str = "quantization-error";
    /// The same for signals since the last record, each before it was learned from.
    pub const SIGNAL_ERROR: &str = "quantization-error.signals";
    /// Share of signals since the last record whose two nearest units were not neighbours.
    pub const TOPOGRAPHIC_ERROR: &str = "topographic-error";
    /// Current number of edges of a map.
    pub const EDGES: &str = "edges";
    /// Units of a map removed since the last record; `item` is the reason.
    pub const DEATHS: &str = "deaths";
    /// A map of up to three dimensions: `item` has the units' positions, their edges and some signals, `value` the number of
    /// units.
    pub const DRAWING: &str = "drawing";
    /// A prototype of a map over images: `item` has its shape and grey values, `value` the number of its wins.
    pub const PROTOTYPE: &str = "prototype";
    /// Running mean of |output| of the new unit that `item` names, at the end of its window.
    pub const UNIT_ACTIVITY: &str = "unit.activity";
    /// The removal of a grown unit that `item` names: its age in updates.
    pub const UNIT_DEATH: &str = "unit.death";
    /// Root mean square of the gradients of the weights into units of the age that `item` names, in updates, over that of the units which
    /// were there before: the mean over the updates of `experience` and the layers.
    pub const NEWBORN_GRADIENT: &str = "unit.gradient-share";
    /// Number of times that a growing strategy declined to grow in `experience`: `item` is the reason.
    pub const HELD: &str = "held";
    /// The end of a strategy's growth: `item` is the reason.
    pub const STOP: &str = "stop";
}

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

/// A measure for ranking methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// Its name in the report and in `rank_by` of a suite.
    pub measure: &'static str,
    /// True if it needs evaluations of other tasks than the one just learned (`tasks = "all"`).
    pub all_tasks: bool,
}

/// The measures by which a suite can rank its methods. Without a choice, a stream's own is used: average accuracy, squared error,
/// quantization error, or whether the problem was solved.
pub const RANKINGS: [Ranking; 17] = {
    const fn of(measure: &'static str, all_tasks: bool) -> Ranking {
        Ranking { measure, all_tasks }
    }
    [
        of("average-accuracy", true),
        of("average-anytime-accuracy", true),
        of("average-online-accuracy", false),
        of("learning-accuracy", false),
        of("forgetting", true),
        of("backward-transfer", true),
        of("forward-transfer", true),
        of("one-step-backward-transfer", true),
        of("min-accuracy", true),
        of("worst-case-accuracy", true),
        of("intransigence", true),
        of("model-size-efficiency", true),
        of("squared-error", true),
        of("learning-error", false),
        of("quantization-error", true),
        of("topographic-error", false),
        of("solved", true),
    ]
};

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
    /// The measure by which methods are ranked, one of [`RANKINGS`]; each stream's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_by: Option<String>,
    /// Streams, in the suite's order.
    pub streams: Vec<StreamEntry>,
    /// Methods, in the suite's order.
    pub methods: Vec<MethodEntry>,
    /// All runs of the suite.
    pub runs: Vec<RunEntry>,
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

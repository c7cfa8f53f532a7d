//! The results of a suite in their folder: the manifest, and for every run its outcome and its log.

use crate::log::{self, Entry, LogError};
use dentate_core::profile::Kind;
use dentate_core::record::{
    FORMAT, MANIFEST, Manifest, MetricEntry, RECORDS, Reach, RunEnd, RunEntry, STATUS, Status, Sum, Unusable,
    sentence, unsealed,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// The error for a results folder that cannot be read at all. A single unreadable run is an [`Outcome`], not an error.
#[derive(Debug, Error)]
pub enum ResultsError {
    /// There is no such folder.
    #[error("there is no results folder at {}", folder.display())]
    NoFolder {
        /// The path that was tried.
        folder: PathBuf,
    },
    /// The folder has no manifest.
    #[error("{} has no {MANIFEST}: it is not the results folder of a suite", folder.display())]
    NoManifest {
        /// The folder.
        folder: PathBuf,
    },
    /// The operating system refused.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is not JSON, not a manifest, or was changed.
    #[error("{} cannot be used: {message}; the next `bench` of the suite writes it anew, from the suite and its runs", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The problem, with line and column.
        message: String,
    },
    /// The manifest has an unsupported format.
    #[error("{} has layout {found} and this report reads layout {FORMAT}: the runner and the report differ in version", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The manifest contradicts itself.
    #[error("{} contradicts itself: {contradiction}", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// The contradiction.
        contradiction: String,
    },
}

/// The outcome of a run, from its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Finished with complete records.
    Finished,
    /// Not run yet, or still running.
    Pending,
    /// Ended early.
    Failed {
        /// The kind of failure.
        kind: String,
        /// One sentence.
        message: String,
    },
    /// Finished with a configuration, data or code other than the current one: not part of the comparison.
    Stale,
    /// Marked as finished, but its record log cannot be used.
    Damaged {
        /// One sentence, naming the file and line, and the remedy.
        message: String,
    },
}

impl Outcome {
    /// The outcome in one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Pending => "pending",
            Self::Failed { .. } => "failed",
            Self::Stale => "stale",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// The details beyond the word.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Finished => String::new(),
            Self::Pending => "not finished yet".into(),
            Self::Stale => "made with another configuration, data or code than is asked for now".into(),
            Self::Failed { kind, message } => format!("{kind}: {message}"),
            Self::Damaged { message } => message.clone(),
        }
    }
}

/// A run with its outcome.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its entry in the manifest.
    pub entry: RunEntry,
    /// Its outcome.
    pub outcome: Outcome,
    /// Index of its method in the manifest.
    pub method: usize,
    /// Index of its stream in the manifest.
    pub stream: usize,
    pub(crate) log: Arc<Vec<Entry>>,
}

/// A suite's results.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The path of its folder.
    pub folder: PathBuf,
    /// The manifest: the request, and its provenance.
    pub manifest: Manifest,
    /// Every run, in the manifest's order.
    pub runs: Vec<Run>,
}

impl Suite {
    /// Read the results in a folder.
    ///
    /// # Errors
    /// [`ResultsError`] if there is no manifest. Damaged runs are not errors.
    pub fn read(folder: &Path) -> Result<Self, ResultsError> {
        if !folder.is_dir() {
            return Err(ResultsError::NoFolder {
                folder: folder.into(),
            });
        }
        let path = folder.join(MANIFEST);
        let manifest = manifest(folder, &path)?;
        let runs = manifest.runs.iter().map(|entry| run(&manifest, entry, folder));
        let runs =
            runs.collect::<Result<_, _>>()
                .map_err(|contradiction: String| ResultsError::Inconsistent {
                    path,
                    contradiction: sentence(&contradiction),
                })?;
        Ok(Self {
            folder: folder.into(),
            manifest,
            runs,
        })
    }

    /// Index of the control among the methods, if the suite names one.
    #[must_use]
    pub fn control(&self) -> Option<usize> {
        let name = self.manifest.control.as_ref()?;
        self.manifest.methods.iter().position(|m| m.name == *name)
    }

    /// The path of a run's page, relative to the folder, if it has been written.
    pub(crate) fn page_of(&self, run: &Run) -> Option<String> {
        let path = format!("runs/{}.html", run.entry.id);
        self.folder.join(&path).is_file().then_some(path)
    }
}

/// The largest size of a manifest in bytes: ten thousand runs take some three million.
const LONGEST: u64 = 1 << 28;

fn manifest(folder: &Path, path: &Path) -> Result<Manifest, ResultsError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ResultsError::NoManifest {
            folder: folder.into(),
        },
        _ => ResultsError::Read {
            path: path.into(),
            source,
        },
    })?;
    manifest_from(&bytes, path)
}

/// Read the bytes of a manifest called `path`.
pub(crate) fn manifest_from(bytes: &[u8], path: &Path) -> Result<Manifest, ResultsError> {
    let manifest = Manifest::read(bytes).map_err(|unusable| match unusable {
        Unusable::Damaged(message) => ResultsError::Manifest {
            path: path.into(),
            message,
        },
        Unusable::Format(found) => ResultsError::Format {
            path: path.into(),
            found,
        },
    })?;
    consistent(&manifest).map_err(|contradiction| ResultsError::Inconsistent {
        path: path.into(),
        contradiction: sentence(&contradiction),
    })?;
    Ok(manifest)
}

fn consistent(manifest: &Manifest) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for method in &manifest.methods {
        if !seen.insert(&method.name) {
            return Err(format!("method `{}` is listed twice", method.name));
        }
    }
    if let Some(control) = manifest.control.as_ref().filter(|c| !seen.contains(c)) {
        return Err(format!("its control `{control}` is not one of its methods"));
    }
    seen.clear();
    for stream in &manifest.streams {
        if !seen.insert(&stream.name) {
            return Err(format!("stream `{}` is listed twice", stream.name));
        }
    }
    seen.clear();
    for metric in &manifest.metrics {
        if !MetricEntry::is_name(&metric.name) {
            return Err(format!("a metric's name is {:?}, which is none", metric.name));
        }
        if !seen.insert(&metric.name) {
            return Err(format!("metric `{}` is listed twice", metric.name));
        }
    }
    let mut asked = BTreeSet::new();
    for run in &manifest.runs {
        // An id names a folder, and must not lead out of this one.
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if run.id.is_empty() || run.id.len() > 64 || !run.id.chars().all(fine) {
            return Err(format!("a run's id is {:?}, which is none", run.id));
        }
        if !asked.insert((&run.method, &run.stream, run.seed)) {
            let RunEntry {
                method, stream, seed, ..
            } = run;
            return Err(format!(
                "`{method}` on `{stream}` with seed {seed} is listed twice"
            ));
        }
    }
    Ok(())
}

fn run(manifest: &Manifest, entry: &RunEntry, folder: &Path) -> Result<Run, String> {
    let RunEntry {
        id, method, stream, ..
    } = entry;
    let unknown = |kind: &str, name: &str| format!("run {id} names the unknown {kind} `{name}`");
    let method = manifest.methods.iter().position(|m| m.name == *method);
    let stream_index = manifest.streams.iter().position(|s| s.name == *stream);
    let method = method.ok_or_else(|| unknown("method", &entry.method))?;
    let stream = stream_index.ok_or_else(|| unknown("stream", stream))?;
    // A runner that was killed has not written how the last runs ended. They have.
    let ended = (entry.status == Status::Pending)
        .then(|| ended_since(folder, entry))
        .flatten();
    let entry = ended.as_ref().unwrap_or(entry);
    let (outcome, log) = match &entry.status {
        Status::Pending => (Outcome::Pending, Vec::new()),
        Status::Stale => (Outcome::Stale, Vec::new()),
        Status::Failed { kind, message } => (
            Outcome::Failed {
                kind: kind.clone(),
                message: message.clone(),
            },
            Vec::new(),
        ),
        Status::Finished => match finished(folder, entry, manifest.streams[stream].reach()) {
            Ok(log) => (Outcome::Finished, log),
            Err(message) => (Outcome::Damaged { message }, Vec::new()),
        },
    };
    Ok(Run {
        entry: entry.clone(),
        outcome,
        method,
        stream,
        log: Arc::new(log),
    })
}

/// The wall times of a run, as its process wrote them.
#[derive(Deserialize)]
struct Times {
    seconds: f64,
    #[serde(default)]
    times: BTreeMap<Kind, f64>,
    #[serde(default)]
    inexact: bool,
}

/// The entry of a run that has ended since the manifest was written, from its folder; `None` if it has not.
fn ended_since(folder: &Path, entry: &RunEntry) -> Option<RunEntry> {
    let run = folder.join("runs").join(&entry.id);
    let read = |file: &str| bounded(&run.join(file), SHORT).ok()?.ok();
    let ending: RunEnd = unsealed(&read(STATUS)?).ok()?;
    if ending.run != entry.id || !matches!(ending.status, Status::Finished | Status::Failed { .. }) {
        return None;
    }
    let intact = |bytes: &Vec<u8>| ending.timing.as_ref() == Some(&Sum::of(bytes));
    let times = read(TIMING).filter(intact);
    let times: Option<Times> = times.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut ended = entry.clone();
    (ended.status, ended.log) = (ending.status, ending.log);
    if let Some(times) = times {
        (ended.seconds, ended.times, ended.inexact) = (Some(times.seconds), times.times, times.inexact);
    }
    Some(ended)
}

/// The records of a finished run, or the problem with them and its remedy.
fn finished(folder: &Path, entry: &RunEntry, reach: Reach) -> Result<Vec<Entry>, String> {
    let bytes = sealed_log(folder, entry)
        .map_err(|wrong| format!("{wrong}; the next `bench` of the suite mends it"))?;
    log::from_bytes(&bytes, reach).map_err(|wrong| {
        let id = &entry.id;
        // The runner checks only checksums.
        format!("runs/{id}/{RECORDS}: {wrong}; its checksum is right all the same, so `bench --fresh` has to make the run again")
    })
}

/// The record log of a finished run, if its folder is the entry's: entry, status and log refer to each other.
fn sealed_log(folder: &Path, entry: &RunEntry) -> Result<Vec<u8>, String> {
    let id = &entry.id;
    // Named relative to the results folder, so that a report is the same wherever the folder is.
    let name = |file: &str| format!("runs/{id}/{file}");
    let read = |file: &str, most: u64| {
        bounded(&folder.join("runs").join(id).join(file), most).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => format!("{} is missing", name(file)),
            _ => format!("{} cannot be read: {e}", name(file)),
        })
    };
    let status = name(STATUS);
    let bytes =
        read(STATUS, SHORT)?.map_err(|bytes| format!("{status} has {bytes} bytes, which no status has"))?;
    let ending: RunEnd = unsealed(&bytes).map_err(|e| format!("{status} is damaged: {e}"))?;
    if ending.run != *id {
        let other = &ending.run;
        return Err(format!(
            "{status} is of run {other}: its folder was renamed or copied"
        ));
    }
    let sum = match (ending.status, ending.log) {
        (Status::Finished, Some(sum)) => sum,
        (Status::Finished, None) => return Err(format!("{status} has no checksum of {RECORDS}")),
        _ => return Err(format!("{status} does not say that the run has finished")),
    };
    if entry.log.as_ref() != Some(&sum) {
        return Err(format!("{status} names another record log than {MANIFEST}"));
    }
    let records = name(RECORDS);
    let bytes = read(RECORDS, log::LONGEST)?;
    let bytes = bytes.map_err(|bytes| format!("{records}: {}", LogError::TooLong { bytes }))?;
    if let Some(wrong) = sum.mismatch(&Sum::of(&bytes)) {
        return Err(format!("{records} is damaged: {wrong}"));
    }
    Ok(bytes)
}

/// The file with the wall times of a run, inside its folder.
const TIMING: &str = "timing.json";

/// The largest size of a status in bytes.
const SHORT: u64 = 1 << 20;

/// The bytes of a file, or their number if it exceeds `most`.
fn bounded(path: &Path, most: u64) -> io::Result<Result<Vec<u8>, u64>> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > most {
        return Ok(Err(bytes));
    }
    let mut text = Vec::new();
    file.take(most).read_to_end(&mut text)?;
    Ok(Ok(text))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod tests_support;

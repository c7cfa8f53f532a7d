//! The results of a suite as they lie in their folder: the manifest, and of every run how it ended and its log.

use crate::log::{self, Entry, LogError};
use dentate_core::record::{FORMAT, MANIFEST, Manifest, RECORDS, RunEntry, Status, sentence};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A results folder that cannot be read at all. A single run that cannot be is an [`Outcome`], not an error.
#[derive(Debug, Error)]
pub enum SuiteError {
    /// Nothing is there.
    #[error("there is no results folder at {}", folder.display())]
    NoFolder {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The folder is there and its manifest is not.
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
        /// Why.
        source: io::Error,
    },
    /// Not JSON, or not a manifest.
    #[error("{} is not a manifest: {message}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        message: String,
    },
    /// Written for another reader.
    #[error("{} has layout {found} and this report reads layout {FORMAT}: the runner and the report differ in version", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: u32,
    },
    /// It contradicts itself.
    #[error("{} contradicts itself: {contradiction}", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// How.
        contradiction: String,
    },
}

/// How a run ended, seen from its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its records are whole.
    Finished,
    /// Not run yet, or still running.
    Pending,
    /// It ended early.
    Failed {
        /// The kind of failure.
        kind: String,
        /// One sentence.
        message: String,
    },
    /// It finished once, with another configuration, data or code than is asked for now: not part of the comparison.
    Stale,
    /// It is said to have finished, and its record log cannot be used.
    Damaged {
        /// One sentence, naming the file and line.
        message: String,
    },
}

impl Outcome {
    /// One word.
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

    /// What is known about it beyond the word.
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

/// A run with what it left behind.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its line in the manifest.
    pub entry: RunEntry,
    /// How it ended.
    pub outcome: Outcome,
    /// Index of its method in the manifest.
    pub method: usize,
    /// Index of its stream in the manifest.
    pub stream: usize,
    pub(crate) log: Vec<Entry>,
}

/// A suite's results.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Where they lie.
    pub folder: PathBuf,
    /// What was asked, and how it was made.
    pub manifest: Manifest,
    /// Every run, in the manifest's order.
    pub runs: Vec<Run>,
}

impl Suite {
    /// Read the results in a folder.
    ///
    /// # Errors
    /// [`SuiteError`] where there is no manifest to start from. Damaged runs are not errors.
    pub fn read(folder: &Path) -> Result<Self, SuiteError> {
        if !folder.is_dir() {
            return Err(SuiteError::NoFolder {
                folder: folder.into(),
            });
        }
        let path = folder.join(MANIFEST);
        let manifest = manifest(folder, &path)?;
        let runs = manifest.runs.iter().map(|entry| run(&manifest, entry, folder));
        let runs = runs
            .collect::<Result<_, _>>()
            .map_err(|contradiction| SuiteError::Inconsistent { path, contradiction })?;
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
}

/// The most bytes of a manifest: ten thousand runs take some three million.
const LONGEST: u64 = 1 << 28;

fn manifest(folder: &Path, path: &Path) -> Result<Manifest, SuiteError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SuiteError::NoManifest {
            folder: folder.into(),
        },
        _ => SuiteError::Read {
            path: path.into(),
            source,
        },
    })?;
    manifest_from(&bytes, path)
}

/// Read the bytes of a manifest called `path`.
pub(crate) fn manifest_from(bytes: &[u8], path: &Path) -> Result<Manifest, SuiteError> {
    #[derive(Deserialize)]
    struct Layout {
        format: u32,
    }
    let invalid = |e: serde_json::Error| SuiteError::Manifest {
        path: path.into(),
        message: sentence(&e.to_string()),
    };
    // The layout first: another version's manifest need not parse as this one's.
    let Layout { format } = serde_json::from_slice(bytes).map_err(invalid)?;
    if format != FORMAT {
        return Err(SuiteError::Format {
            path: path.into(),
            found: format,
        });
    }
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(invalid)?;
    consistent(&manifest).map_err(|contradiction| SuiteError::Inconsistent {
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
        Status::Finished => match read_log(folder, id) {
            Ok(log) => (Outcome::Finished, log),
            Err(message) => (Outcome::Damaged { message }, Vec::new()),
        },
    };
    Ok(Run {
        entry: entry.clone(),
        outcome,
        method,
        stream,
        log,
    })
}

fn read_log(folder: &Path, id: &str) -> Result<Vec<Entry>, String> {
    // Named relative to the results folder, so that a report reads the same wherever the folder lies.
    let name = format!("runs/{id}/{RECORDS}");
    let path = folder.join("runs").join(id).join(RECORDS);
    let read = || -> io::Result<Result<Vec<u8>, LogError>> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > log::LONGEST {
            return Ok(Err(LogError::TooLong { bytes }));
        }
        let mut text = Vec::new();
        file.take(log::LONGEST).read_to_end(&mut text)?;
        Ok(Ok(text))
    };
    let bytes = read().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => format!("{name} is missing"),
        _ => format!("{name} cannot be read: {e}"),
    })?;
    bytes
        .and_then(|bytes| log::from_bytes(&bytes))
        .map_err(|e| format!("{name}: {e}"))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod tests_support;

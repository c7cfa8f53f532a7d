//! A run before it is run: a method on a stream with a seed, everything resolved, and its id.

use crate::computing::Computing;
use crate::error::RunnerError;
use crate::places::{RunFolder, write_whole};
use crate::suite::{Checkpoints, Evaluation, Limits, NamedMethod, NamedStream, Suite};
use dentate_core::LearnerSpec;
use dentate_core::record::{FORMAT, printable, sentence};
use dentate_core::registry::{self, Kind};
use dentate_streams::{DataEnv, StreamSpec};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A run to be made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) suite: String,
    pub(crate) method: String,
    pub(crate) stream: String,
    pub(crate) seed: u64,
    /// Absent in jobs of a time when there was but one.
    #[serde(default)]
    pub(crate) computing: Computing,
    pub(crate) learner: Box<dyn LearnerSpec>,
    pub(crate) stream_spec: Box<dyn StreamSpec>,
    pub(crate) evaluation: Evaluation,
    pub(crate) limits: Limits,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) data_root: Option<PathBuf>,
    pub(crate) cache: Option<PathBuf>,
}

/// What every run goes through, whatever its method.
const ENGINE: [&str; 4] = [
    "dentate-core",
    "dentate-backends",
    "dentate-streams",
    "dentate-experiments",
];

impl Job {
    /// The run of `method` on `stream` with `seed`. `data` is the fingerprint of the stream's data.
    pub(crate) fn new(
        suite: &Suite,
        method: &NamedMethod,
        stream: &NamedStream,
        seed: u64,
        data: &str,
        env: &DataEnv,
    ) -> Result<Self, RunnerError> {
        let learner = suite.learner(method, stream)?;
        let mut hash = Sha256::new();
        let mut part = |name: &str, text: &str| {
            hash.update(format!("{name} {}\n", text.len()));
            hash.update(text);
        };
        part("format", &FORMAT.to_string());
        part("learner", &canonical(&learner));
        part("stream", &canonical(&stream.spec));
        part("evaluation", &canonical(&suite.evaluation));
        // A run that has to stay below a size or an amount of work is another one; a slow machine makes no other run.
        part(
            "limits",
            &canonical(&(suite.limits.parameters, suite.limits.multiply_adds)),
        );
        part("data", data);
        if let Some(settings) = method.computing.settings() {
            part("backend", &settings);
        }
        part("seed", &seed.to_string());
        part("sources", &sources(learner.as_ref()));
        let digest = hash.finalize();
        let id = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        Ok(Self {
            id,
            suite: suite.name.clone(),
            method: method.name.clone(),
            stream: stream.name.clone(),
            seed,
            computing: method.computing,
            learner,
            stream_spec: stream.spec.clone(),
            evaluation: suite.evaluation.clone(),
            limits: suite.limits.clone(),
            checkpoints: suite.checkpoints.clone(),
            data_root: env.root.clone(),
            cache: env.cache.clone(),
        })
    }

    pub(crate) fn env(&self) -> DataEnv {
        DataEnv {
            root: self.data_root.clone(),
            cache: self.cache.clone(),
        }
    }

    /// Put it into a run's folder.
    pub(crate) fn write(&self, folder: &RunFolder) -> Result<(), RunnerError> {
        let path = folder.job();
        // Of all it holds, only a path can be something that JSON has no letters for.
        let text = serde_json::to_vec_pretty(self).map_err(|e| RunnerError::Unwritable {
            path: path.clone(),
            message: e.to_string(),
        })?;
        write_whole(&path, &text)
    }

    /// Read the job of a run's folder.
    pub(crate) fn read(folder: &RunFolder) -> Result<Self, RunnerError> {
        let path = folder.job();
        let bytes = std::fs::read(&path).map_err(RunnerError::io("read", &path))?;
        Self::from_bytes(&bytes, &path)
    }

    /// Read the bytes of a job called `path`.
    pub(crate) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, RunnerError> {
        serde_json::from_slice(bytes).map_err(|e| RunnerError::Damaged {
            path: path.into(),
            message: sentence(&e.to_string()),
        })
    }

    /// A short description for a terminal: method, stream, seed.
    pub(crate) fn label(&self) -> String {
        printable(&format!("{} · {} · seed {}", self.stream, self.method, self.seed))
    }
}

/// The file of a suite's last run.
pub(crate) fn example(suite: &Suite) -> Option<Vec<u8>> {
    let (method, stream) = suite.pairs().last()?;
    let job = Job::new(suite, method, stream, 1, "data", &DataEnv::default()).ok()?;
    serde_json::to_vec(&job).ok()
}

/// JSON with all defaults written out; equal configurations give equal text.
fn canonical(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|e| format!("unserialisable: {e}"))
}

/// Hashes of the sources of all packages a run uses. A package outside this workspace is known by the program's own hash.
fn sources(learner: &dyn LearnerSpec) -> String {
    let known: BTreeMap<&str, &str> = env!("DENTATE_SOURCES")
        .split(';')
        .filter_map(|entry| entry.split_once('='))
        .collect();
    let mut packages: BTreeSet<&str> = ENGINE.into();
    for (kind, name) in learner.parts() {
        if let Some(entry) = registry::find(kind, &name) {
            packages.insert(entry.package);
        }
    }
    let mut text = String::new();
    for package in packages {
        let hash = known.get(package).map_or_else(program, |h| (*h).to_string());
        text.push_str(&format!("{package}={hash};"));
    }
    text
}

fn program() -> String {
    let bytes = std::env::current_exe()
        .and_then(std::fs::read)
        .unwrap_or_default();
    Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// The registered thing that a method is named after: its strategy, if that is more than the
/// control, else its regulariser, its rehearsal, its learner.
pub(crate) fn source_of(learner: &dyn LearnerSpec) -> Option<registry::Entry> {
    let parts = learner.parts();
    let of = |kind: Kind| {
        parts
            .iter()
            .find(|(k, _)| *k == kind)
            .and_then(|(k, name)| registry::find(*k, name))
    };
    let strategy = of(Kind::Strategy).filter(|e| e.name != "fixed");
    strategy
        .or_else(|| of(Kind::Regulariser))
        .or_else(|| of(Kind::Rehearsal))
        .or_else(|| of(Kind::Learner))
}

#[cfg(test)]
mod tests;
